/** Claims and the volumes behind them. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { bytes, clusterMetadata, metadata } from "./shapes.ts";

const volumeClaim = z
  .object({
    metadata,
    spec: z.object({
      volumeName: z.string().optional(),
      storageClassName: z.string().optional(),
      resources: z.object({ requests: z.object({ storage: bytes }) }),
    }),
    status: z.object({ phase: z.enum(["Pending", "Bound", "Lost"]) }),
  })
  .transform(({ metadata: found, spec, status }) => ({
    namespace: found.namespace,
    name: found.name,
    uid: found.uid,
    createdAt: found.creationTimestamp,
    phase: status.phase,
    /** Empty while no volume is bound to it. */
    volume: spec.volumeName ?? "",
    storageClass: spec.storageClassName ?? "",
    requestedBytes: spec.resources.requests.storage,
  }));

export type VolumeClaim = Readonly<z.output<typeof volumeClaim>>;

const volume = z
  .object({
    metadata: clusterMetadata,
    spec: z.object({
      capacity: z.object({ storage: bytes }),
      claimRef: z.object({ uid: z.string().optional() }).optional(),
    }),
    status: z.object({ phase: z.enum(["Pending", "Available", "Bound", "Released", "Failed"]) }),
  })
  .transform(({ metadata: found, spec, status }) => ({
    name: found.name,
    phase: status.phase,
    capacityBytes: spec.capacity.storage,
    /** UID of the claim it is bound to; empty where there is none. */
    claimUid: spec.claimRef?.uid ?? "",
  }));

export type Volume = Readonly<z.output<typeof volume>>;

/** All PersistentVolumeClaims. */
export async function readVolumeClaims(cluster: Cluster): Promise<Reading<readonly VolumeClaim[]>> {
  return cluster.list("/api/v1/persistentvolumeclaims", volumeClaim);
}

/** All PersistentVolumes. */
export async function readVolumes(cluster: Cluster): Promise<Reading<readonly Volume[]>> {
  return cluster.list("/api/v1/persistentvolumes", volume);
}
