/** Charts and files that come with a tool's Go module: copied out of the module, so that the module itself need not be kept. */
import { chmod, cp, mkdir, readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { keyOf, output } from "./cache.ts";
import { run } from "./command.ts";
import { toolchainDirectory } from "./paths.ts";
import { goEnvironment } from "./toolchain.ts";
import type { LayerName } from "./versions.ts";

export type Sources = {
  /** The tool whose module it is. */
  readonly tool: string;
  readonly module: string;
  /** Files and folders inside the module. */
  readonly paths: readonly string[];
};

export const ciliumSources: Sources = {
  tool: "cilium",
  module: "github.com/cilium/cilium",
  paths: [
    "install/kubernetes/cilium",
    "bpf",
    "images/cilium/init-container.sh",
    "plugins/cilium-cni/install-plugin.sh",
    "plugins/cilium-cni/cni-uninstall.sh",
  ],
};

export const gatewaySources: Sources = {
  tool: "envoy-gateway",
  module: "github.com/envoyproxy/gateway",
  paths: ["charts/gateway-helm", "charts/gateway-crds-helm"],
};

export const daprSources: Sources = { tool: "dapr", module: "github.com/dapr/dapr", paths: ["charts/dapr"] };

export const sealedSecretsSources: Sources = {
  tool: "sealed-secrets",
  module: "github.com/bitnami-labs/sealed-secrets",
  paths: ["helm/sealed-secrets"],
};

export const argocdSources: Sources = {
  tool: "argocd",
  module: "github.com/argoproj/argo-cd/v3",
  paths: ["manifests"],
};

/** What a layer is installed from besides the charts of this project. */
export function sourcesOfLayer(layer: LayerName): readonly Sources[] {
  const sources = {
    core: [ciliumSources, gatewaySources],
    events: [daprSources],
    observability: [],
    operations: [sealedSecretsSources, argocdSources],
  };
  return sources[layer];
}

/** The folder that holds the files, at the paths they have in the module. */
export async function sourcesFolder(sources: Sources, signal: AbortSignal): Promise<string> {
  const folder = join(toolchainDirectory, sources.tool);
  const key = keyOf([await readFile(join(folder, "go.sum")), ...sources.paths]);
  return output(`${sources.tool}-sources`, key, async (target) => {
    const env = goEnvironment();
    const options = { cwd: folder, env, signal, timeoutMs: 300_000 };
    await run("go", ["mod", "download", sources.module], options);
    const { stdout } = await run("go", ["list", "-mod=readonly", "-m", "-json", sources.module], options);
    const { Dir } = z.object({ Dir: z.string().min(1) }).parse(JSON.parse(stdout));
    for (const path of sources.paths) {
      await mkdir(join(target, dirname(path)), { recursive: true });
      await cp(join(Dir, path), join(target, path), { recursive: true });
    }
    await makeWritable(target);
  });
}

/** Go keeps modules read-only; a copy that cannot be removed again would be in the way. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else if (entry.isFile()) await chmod(path, path.endsWith(".sh") ? 0o755 : 0o644);
  }
}
