/** Helm as the cluster's administrator, with folders of ours in place of the user's. */
import { join } from "node:path";
import { z } from "zod";
import { run } from "./command.ts";
import type { CommandResult } from "./command.ts";
import { readSettings } from "../settings.ts";
import { cachePaths, statePaths } from "./paths.ts";
import { toolFolder } from "./toolchain.ts";

const statusMsMax = 30_000;
const undoMsMax = 120_000;

export type Release = {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly valuesFiles?: readonly string[];
  /** Values as `--set-json` takes them: path and JSON. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly waitSeconds: number;
  /** True where the chart's resource definitions are applied apart. */
  readonly skipCrds?: boolean;
};

/** Installs or upgrades a release and waits for its pods, after whatever ended in the middle. @throws CommandError with Helm's words */
export async function installRelease(release: Release, signal: AbortSignal): Promise<void> {
  await mendRelease(release, signal);
  const files = (release.valuesFiles ?? []).flatMap((file) => ["-f", file]);
  const values = Object.entries(release.set ?? {}).flatMap(([path, value]) => [
    "--set-json",
    `${path}=${JSON.stringify(value)}`,
  ]);
  const wait = release.waitSeconds === 0 ? [] : ["--wait", `--timeout=${release.waitSeconds}s`];
  const args = [
    "upgrade",
    "--install",
    release.name,
    release.chart,
    "-n",
    release.namespace,
    "--create-namespace",
    ...(release.skipCrds === true ? ["--skip-crds"] : []),
    ...wait,
    ...files,
    ...values,
  ];
  await helm(args, { signal, timeoutMs: (release.waitSeconds + 60) * 1000 });
}

const stateSchema = z.object({ info: z.object({ status: z.string() }) });

/** Helm's word for how a release stands (deployed, failed, pending-install, …); undefined where there is none. */
async function releaseState(
  { name, namespace }: Pick<Release, "name" | "namespace">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const found = await helm(["status", name, "-n", namespace, "-o", "json"], {
    signal,
    timeoutMs: statusMsMax,
    accept: [1],
  });
  if (found.code === 0) return stateSchema.parse(JSON.parse(found.stdout)).info.status;
  if (found.stderr.includes("release: not found")) return undefined;
  throw new Error(`the release ${namespace}/${name} could not be looked at: ${found.stderr.trim()}`);
}

/** Whether it was installed and brought to its end. @throws Error where Helm does not say */
export async function isInstalled(release: Pick<Release, "name" | "namespace">, signal: AbortSignal): Promise<boolean> {
  return (await releaseState(release, signal)) === "deployed";
}

/** Helm touches no release that it left in the middle, as after a power cut: what was begun is undone first. */
async function mendRelease({ name, namespace }: Release, signal: AbortSignal): Promise<void> {
  const state = await releaseState({ name, namespace }, signal);
  const undo: Readonly<Record<string, string>> = {
    "pending-install": "uninstall",
    "pending-upgrade": "rollback",
    "pending-rollback": "rollback",
  };
  const command = undo[state ?? ""];
  if (command !== undefined) await helm([command, name, "-n", namespace], { signal, timeoutMs: undoMsMax });
}

/** @throws CommandError with Helm's words */
export async function helm(
  args: readonly string[],
  options: { readonly signal?: AbortSignal; readonly timeoutMs: number; readonly accept?: readonly number[] },
): Promise<CommandResult> {
  const home = join(cachePaths.root, "helm");
  const folders = {
    HELM_CACHE_HOME: join(home, "cache"),
    HELM_CONFIG_HOME: join(home, "config"),
    HELM_DATA_HOME: join(home, "data"),
  };
  const env = { ...readSettings().inherited, ...folders, KUBECONFIG: statePaths.kubeconfig };
  return run(join(await toolFolder("helm"), "helm"), args, { env, ...options });
}
