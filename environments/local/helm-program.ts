/** Helm for rendering: that of the toolchain where it is built, else one on the PATH. It is given no cluster. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { readSettings } from "../settings.ts";
import { cachePaths } from "./paths.ts";
import { isToolBuilt, toolFolder, toolNamed } from "./toolchain.ts";

/** Where Helm is, and an environment with folders of ours in place of the user's; undefined where there is none. */
export async function helmProgram(): Promise<
  { readonly path: string; readonly env: Readonly<Record<string, string>> } | undefined
> {
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
  const built = (await isToolBuilt(toolNamed("helm"))) ? join(await toolFolder("helm"), "helm") : undefined;
  const path = built ?? onPath("helm", inherited["PATH"] ?? "");
  return path === undefined ? undefined : { path, env };
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
