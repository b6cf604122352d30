/** A claim of the platform, and the copy that a backup holds of its volume, as the API server has them. */

export const claim = {
  metadata: { uid: "claim-1" },
  spec: { volumeName: "v", resources: { requests: { storage: "1Gi" } } },
  status: { phase: "Bound" },
};

/** Whole, with all of its bytes. @param name of the backup */
export const copyIn = (name: string) => ({
  metadata: {
    labels: { "velero.io/backup-name": name, "velero.io/pvc-uid": "claim-1" },
    annotations: { "velero.io/pvc-name": "data-postgres-0" },
  },
  spec: { node: "n", pod: { namespace: "health-platform", name: "postgres-0" }, volume: "data" },
  status: { phase: "Completed", snapshotID: "s", progress: { totalBytes: 10, bytesDone: 10 } },
});
