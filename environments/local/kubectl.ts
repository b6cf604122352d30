/** kubectl as the cluster's administrator, run inside the control plane's node: both kinds of node image have it. */
import type { CommandResult } from "./command.ts";
import type { Engine } from "./engine.ts";
import { nodeNames } from "./versions.ts";

export type KubectlOptions = {
  readonly timeoutMs?: number;
  readonly input?: string;
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
};

const callMsMax = 60_000;

/** @throws CommandError with kubectl's own words */
export async function kubectl(
  engine: Engine,
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<CommandResult> {
  const { input, timeoutMs = callMsMax, ...rest } = options;
  const into = [
    "exec",
    ...(input === undefined ? [] : ["-i"]),
    nodeNames[0],
    "kubectl",
    "--kubeconfig=/etc/kubernetes/admin.conf",
  ];
  return engine.call([...into, ...args], { timeoutMs, ...(input === undefined ? {} : { input }), ...rest });
}

/** Applies objects on the server's side: large ones too, and without a copy of each in an annotation. */
export async function apply(engine: Engine, manifest: string, options: KubectlOptions = {}): Promise<void> {
  const args = ["apply", "--server-side", "--force-conflicts", "--field-manager=oke-proof-up", "-f", "-"];
  await kubectl(engine, args, { ...options, input: manifest });
}

/** Waits until a Deployment or DaemonSet has its pods Ready; bounded. */
export async function rolledOut(
  engine: Engine,
  namespace: string,
  workload: string,
  seconds: number,
  signal?: AbortSignal,
): Promise<void> {
  const args = ["-n", namespace, "rollout", "status", workload, `--timeout=${seconds}s`];
  await kubectl(engine, args, { timeoutMs: (seconds + 10) * 1000, ...(signal === undefined ? {} : { signal }) });
}
