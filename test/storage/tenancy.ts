/** A tenancy of Oracle's with a production cluster of two nodes in it, both on loopback: one compartment, one region, one bucket of backups. */
import { withProductionCluster, type ProductionCluster } from "../production-cluster.ts";
import { homeRegion, tenancy, type Inventory } from "../oracle-api.ts";

export const criterionId = "storage-below-free-tier";

const core = (path: string): string => `/${homeRegion}/20160918/${path}`;
const buckets = (compartment: string): string => `/${homeRegion}/n/space/b?compartmentId=${compartment}`;
const instanceOf = (node: number): string => `ocid1.instance.oc1.${homeRegion}.node${node}`;
const volume = (id: string, sizeInGBs: unknown): object => ({
  id,
  displayName: id,
  lifecycleState: "AVAILABLE",
  sizeInGBs,
});
const attached = (kind: "volumeId" | "bootVolumeId", id: string, node: number): object => ({
  [kind]: id,
  instanceId: instanceOf(node),
  lifecycleState: "ATTACHED",
});

export type StoredGoods = {
  /** Of the one volume that the platform has claimed. */
  readonly claimGb?: number;
  /** Bytes of the bucket of backups, as Oracle tells them. */
  readonly bucketBytes?: unknown;
  /** Names of volumes of 50 GB that nothing is attached to. */
  readonly orphans?: readonly string[];
};

/** What Oracle has: 150 GB of volumes and 1 GB of objects, where nothing else is said. The tenancy pays for what is not free. */
export function tenancyWith({ claimGb = 50, bucketBytes = 1e9, orphans = [] }: StoredGoods = {}): Inventory {
  return {
    lists: {
      [core("compartments")]: [{ id: "c1", name: "platform", lifecycleState: "ACTIVE" }],
      [core("volumes?compartmentId=c1")]: [volume("csi-data", claimGb), ...orphans.map((name) => volume(name, 50))],
      [core("bootVolumes?compartmentId=c1")]: [volume("boot-1", 50), volume("boot-2", 50)],
      [core("volumeAttachments?compartmentId=c1")]: [attached("volumeId", "csi-data", 1)],
      [core("bootVolumeAttachments?compartmentId=c1")]: [
        attached("bootVolumeId", "boot-1", 1),
        attached("bootVolumeId", "boot-2", 2),
      ],
      [buckets("c1")]: [{ name: "backups" }],
      ...Object.fromEntries(
        ["volumes", "bootVolumes", "volumeAttachments", "bootVolumeAttachments"].map(
          (list): readonly [string, readonly unknown[]] => [core(`${list}?compartmentId=${tenancy}`), []],
        ),
      ),
      [buckets(tenancy)]: [],
    },
    answers: {
      [core(`tenancies/${tenancy}/regionSubscriptions`)]: [{ regionName: homeRegion, status: "READY" }],
      [core("availabilityDomains")]: [{ name: "AD-1" }],
      [`/${homeRegion}/n`]: '"space"',
      [`/${homeRegion}/n/space/b/backups`]: { storageTier: "Standard", approximateSize: bucketBytes },
      [`/${homeRegion}/n/space/b/backups/o`]: { objects: [{ name: "x", size: 1e9, storageTier: "Standard" }] },
      [`/${homeRegion}/20191001/subscriptions`]: { items: [{ planType: "PAYG" }] },
    },
  };
}

const claims = "/persistentvolumeclaims/";

/**
 * Serves the cluster while `work` runs. It binds each claim at once, as Oracle's driver does for a class that does not wait for a pod.
 * @param setup.instances where the nodes stand, if not in the tenancy
 */
export async function withNodesOfTenancy<T>(
  setup: { readonly uid: string; readonly instances?: readonly string[] },
  work: (cluster: ProductionCluster) => Promise<T>,
): Promise<T> {
  const { uid, instances = [instanceOf(1), instanceOf(2)] } = setup;
  const nodes = instances.map((providerID, index): readonly [string, Readonly<Record<string, unknown>>] => [
    `/api/v1/nodes/10.0.10.${index + 2}`,
    { spec: { providerID } },
  ]);
  const cluster = {
    uid,
    objects: Object.fromEntries(nodes),
    react: (objects: ProductionCluster["objects"]) => {
      for (const [path, object] of objects)
        if (path.includes(claims)) objects.set(path, { ...object, status: { phase: "Bound" } });
    },
  };
  return withProductionCluster(cluster, work);
}

/** Volumes that the cluster's claims have made, by Oracle's names of them. */
export function claimedIn({ objects }: Pick<ProductionCluster, "objects">): readonly string[] {
  return [...objects].flatMap(([path, { metadata }]) => (path.includes(claims) ? [`csi-${metadata.uid ?? ""}`] : []));
}
