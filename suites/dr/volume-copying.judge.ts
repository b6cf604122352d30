/** What copies volumes: an agent on every node where a pod has one, and a repository that takes them. */
import type { Pod } from "../../probes/kubernetes/pods.ts";
import type { PodVolumeBackup } from "../../probes/velero/pod-volumes.ts";
import type { BackupRepository } from "../../probes/velero/storage.ts";
import { merged, type Findings } from "./honest-backup.judge.ts";

const fault = (sentence: string): Findings => ({ faults: [sentence], gaps: [] });

/**
 * A ready pod of the DaemonSet on every node where a running pod of these namespaces has a claim mounted. An agent that is frozen is Ready all
 * the same: that one shows in backups that do not end.
 */
export function findingsOfAgents(
  pods: readonly Pod[],
  namespaces: readonly string[],
  { namespace, nodeAgent }: { readonly namespace: string; readonly nodeAgent: string },
): Findings {
  const ready = new Set(
    pods
      .filter((pod) => pod.namespace === namespace && pod.ready && pod.deletedAt === undefined)
      .filter(({ owner }) => owner?.kind === "DaemonSet" && owner.name === nodeAgent)
      .flatMap(({ node }) => node ?? []),
  );
  const needed = pods
    .filter((pod) => namespaces.includes(pod.namespace) && pod.phase === "Running" && pod.claims.length > 0)
    .flatMap(({ node }) => node ?? []);
  return merged(
    [...new Set(needed)]
      .filter((node) => !ready.has(node))
      .toSorted()
      .map((node) =>
        fault(`node ${node} has pods with volumes, and no ready pod of DaemonSet ${namespace}/${nodeAgent}`),
      ),
  );
}

/** A repository that is Ready for every namespace whose volumes were ever copied. */
export function findingsOfRepositories(
  repositories: readonly BackupRepository[],
  copies: readonly PodVolumeBackup[],
  namespaces: readonly string[],
): Findings {
  const copied = namespaces.filter((namespace) => copies.some((copy) => copy.namespace === namespace));
  return merged(
    copied.map((namespace): Findings => {
      const ours = repositories.filter((repository) => repository.namespace === namespace);
      if (ours.length === 0)
        return fault(`namespace ${namespace} has copies of volumes and no repository that holds them`);
      return merged(
        ours
          .filter(({ phase }) => phase !== "Ready")
          .map(({ name, phase, message }) =>
            fault(`repository ${name} is ${phase === "" ? "not ready" : phase}${message === "" ? "" : `: ${message}`}`),
          ),
      );
    }),
  );
}
