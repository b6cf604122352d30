/** The programs that judge what is planned: they are given neither a cluster nor an account. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { readSettings } from "../settings.ts";
import { cachePaths } from "./paths.ts";
import { isToolBuilt, toolFolder, toolNamed } from "./toolchain.ts";

/** Where a program is, and the environment that it runs in. */
export type Program = { readonly path: string; readonly env: Readonly<Record<string, string>> };

/** Terraform on the PATH; undefined where there is none. */
export function terraformProgram(): Program | undefined {
  const { inherited } = readSettings();
  const path = onPath("terraform", inherited["PATH"] ?? "");
  const env = { ...inherited, TF_CLI_CONFIG_FILE: "", TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
  return path === undefined ? undefined : { path, env };
}

/** Helm: that of the toolchain where it is built, else one on the PATH, with folders of ours in place of the user's; undefined where there is none. */
export async function helmProgram(): Promise<Program | undefined> {
  const home = join(cachePaths.root, "helm");
  const { inherited } = readSettings();
  const env = {
    ...inherited,
    HELM_CACHE_HOME: join(home, "cache"),
    HELM_CONFIG_HOME: join(home, "config"),
    HELM_DATA_HOME: join(home, "data"),
    // A chart's look-ups must find nothing, whatever cluster this machine knows of.
    KUBECONFIG: join(home, "no-cluster"),
  };
  const path = await builtOrOnPath("helm", "helm");
  return path === undefined ? undefined : { path, env };
}

/** Prometheus' own checker: that of the toolchain where it is built, else one on the PATH; undefined where there is none. */
export async function promtoolProgram(): Promise<Program | undefined> {
  const path = await builtOrOnPath("prometheus", "promtool");
  return path === undefined ? undefined : { path, env: readSettings().inherited };
}

/** The scanner of manifests: that of the toolchain where it is built, else one on the PATH; undefined where there is none. */
export async function kubeScoreProgram(): Promise<Program | undefined> {
  const path = await builtOrOnPath("kube-score", "kube-score");
  return path === undefined ? undefined : { path, env: readSettings().inherited };
}

/** The generator of load: that of the toolchain where it is built, else one on the PATH; undefined where there is none. */
export async function k6Program(): Promise<Program | undefined> {
  const path = await builtOrOnPath("k6", "k6");
  return path === undefined ? undefined : { path, env: readSettings().inherited };
}

/** @param tool its module in toolchain/ */
async function builtOrOnPath(tool: string, program: string): Promise<string | undefined> {
  const built = (await isToolBuilt(toolNamed(tool))) ? join(await toolFolder(tool), program) : undefined;
  return built ?? onPath(program, readSettings().inherited["PATH"] ?? "");
}

function onPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
