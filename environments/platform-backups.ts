/** What the platform has backed up, wherever it is installed: Velero as helm/third-party/velero and `oke-proof up` install it. */
import type { Backups } from "./backups.ts";

const common = {
  namespace: "velero",
  nodeAgent: "node-agent",
  reviewedWarnings: [
    {
      // Velero's IsPodRunning, as its log hook writes it down (1.18).
      matches: String.raw`pod is not in the expected status, name=\S+, namespace=\S+, phase=(Succeeded|Failed)`,
      why: "a pod that has ended, such as that of a dump, mounts nothing that could be copied; claims are asked for one by one",
    },
  ],
} satisfies Partial<Backups>;

const namespaces = ["health-platform", "todo-chatbot"];

/** @param keysFile JSON with `user` and `password` of a customer secret key that may read the bucket */
export function backupsOnOracle(keysFile: string): Backups {
  return {
    ...common,
    schedules: [{ name: "velero-daily", namespaces }],
    ageHoursMax: 26,
    runSecondsMax: 7200,
    rateWindowSeconds: 7 * 86_400,
    validatedSecondsMax: 180,
    store: { keysFile },
  };
}

/** @param keysFile what `up` wrote down when it started the store beside the nodes */
export function backupsOnLocalCluster(keysFile: string): Backups {
  return {
    ...common,
    schedules: [{ name: "platform", namespaces }],
    // The local schedule is every six hours: one of them, and what a run may take.
    ageHoursMax: 6.1,
    // A copy that hangs is given up after three minutes (--fs-backup-timeout).
    runSecondsMax: 240,
    // One time at least lies within it.
    rateWindowSeconds: 22_000,
    // `up` waits for the first.
    youngBackupsMin: 1,
    // Velero looks every 15 s, and takes up to 50 s to find that nobody answers.
    validatedSecondsMax: 90,
    store: { keysFile },
  };
}
