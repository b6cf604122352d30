/** Helm as the cluster's administrator, with folders of ours in place of the user's. */
import { join } from "node:path";
import { run } from "./command.ts";
import type { CommandResult } from "./command.ts";
import { readSettings } from "../settings.ts";
import { cachePaths, statePaths } from "./paths.ts";
import { toolFolder } from "./toolchain.ts";

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

/** Installs or upgrades a release and waits for its pods. @throws CommandError with Helm's words */
export async function installRelease(release: Release, signal: AbortSignal): Promise<void> {
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

/** @throws CommandError with Helm's words */
export async function helm(
  args: readonly string[],
  options: { readonly signal?: AbortSignal; readonly timeoutMs: number },
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
