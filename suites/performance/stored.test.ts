import { beforeEach, expect, test, vi } from "vitest";
import { local } from "../../environments/local.ts";
import { read } from "../../harness/verdict.ts";
import { withCluster } from "../../test/api-server.ts";
import { closedPort } from "../../test/loopback.ts";
import { homeRegion, tenancy, withOracle, type Inventory } from "../../test/oracle-api.ts";
import { storageLimits } from "./resource-limits.ts";
import { judgeStorage } from "./storage-free-tier.judge.ts";
import { lookAtStorage, readStoredOf } from "./stored.ts";

const core = (path: string): string => `/${homeRegion}/20160918/${path}`;
const kept = (id: string, sizeInGBs: number): object => ({
  id,
  displayName: id,
  lifecycleState: "AVAILABLE",
  sizeInGBs,
});

/** A tenancy with one node, one volume that nothing is attached to, and one bucket. */
function tenancyWith(orphanGb: number, bucketBytes: number, planType: string): Inventory {
  return {
    lists: {
      [core("compartments")]: [],
      [core("volumes")]: [kept("pvc-1", orphanGb)],
      [core("bootVolumes")]: [kept("node-1", 50)],
      [core("volumeAttachments")]: [],
      [core("bootVolumeAttachments")]: [{ bootVolumeId: "node-1", instanceId: "i", lifecycleState: "ATTACHED" }],
      [`/${homeRegion}/n/space/b`]: [{ name: "backups" }],
    },
    answers: {
      [core(`tenancies/${tenancy}/regionSubscriptions`)]: [{ regionName: homeRegion, status: "READY" }],
      [core("availabilityDomains")]: [{ name: "AD-1" }],
      [`/${homeRegion}/n`]: '"space"',
      [`/${homeRegion}/n/space/b/backups`]: { storageTier: "Standard", approximateSize: bucketBytes },
      [`/${homeRegion}/n/space/b/backups/o`]: { objects: [{ name: "x", size: 1e9, storageTier: "Standard" }] },
      [`/${homeRegion}/20191001/subscriptions`]: { items: [{ planType }] },
    },
  };
}

beforeEach(() => {
  const quiet = vi.spyOn(console, "warn").mockReturnValue(undefined);
  return () => quiet.mockRestore();
});

test.each<readonly [string, Inventory, object]>([
  ["little", tenancyWith(50, 7.9e9, "PAYG"), { outcome: "pass" }],
  [
    "an orphan that is too much",
    tenancyWith(110, 1e9, "PAYG"),
    { outcome: "fail", because: expect.stringMatching(/attached to nothing: block volume pvc-1 \(110 GB\)$/) },
  ],
  ["objects at the limit of one that pays", tenancyWith(50, 8e9, "PAYG"), { outcome: "fail" }],
  ["as many objects of one that does not", tenancyWith(50, 8e9, "FREE_TIER"), { outcome: "pass" }],
  ["a plan that nobody knows", tenancyWith(50, 1e9, "GOLD"), { outcome: "unproven" }],
])("a tenancy with %s, from the wire to the verdict", async (_, inventory, expected) => {
  const { result } = await withOracle(inventory, readStoredOf);
  const nodes = read([{ name: "10.0.10.2", instance: "i" }], "the cluster", new Date());
  expect(judgeStorage({ ...result, nodes }, storageLimits())).toMatchObject(expected);
});

test("a profile that says nothing of Oracle's API proves nothing", async () => {
  const signal = AbortSignal.timeout(5_000);
  const verdict = await withCluster(await closedPort(), async (cluster) =>
    lookAtStorage({ profile: local, cluster, signal }),
  );
  expect(verdict).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/\(oci\): nobody was asked/),
  });
});
