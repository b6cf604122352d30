/** The dynamic provisioner, and on every node the program that makes its volumes. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { apply, kubectl, rolledOut } from "./kubectl.ts";
import { sourceDirectory } from "./paths.ts";
import { nodeNames } from "./versions.ts";

const waitSeconds = 120;
const files = {
  "oke-proof-volume": "/usr/local/bin/oke-proof-volume",
  "oke-proof-volumes.service": "/etc/systemd/system/oke-proof-volumes.service",
} as const;

/** Puts the volume program on every node, and has systemd call it before the kubelet from the next start on. */
export async function prepareNodes(engine: Engine, signal: AbortSignal): Promise<void> {
  for (const node of nodeNames) {
    for (const [name, path] of Object.entries(files)) {
      const input = await readFile(join(sourceDirectory, "node-files", name), "utf8");
      await engine.call(["exec", "-i", node, "sh", "-c", `cat > ${path} && chmod 755 ${path}`], {
        input,
        signal,
        timeoutMs: 20_000,
      });
    }
    await engine.call(["exec", node, "systemctl", "enable", "-q", "oke-proof-volumes.service"], {
      signal,
      timeoutMs: 20_000,
    });
  }
}

/** Installs the provisioner and the default StorageClass `standard`. */
export async function installStorage(
  engine: Engine,
  images: { readonly provisioner: string; readonly helper: string },
  signal: AbortSignal,
): Promise<void> {
  const manifest = await readFile(join(sourceDirectory, "manifests", "storage.yaml"), "utf8");
  // A class that the node image brought along cannot be changed into ours.
  await kubectl(engine, ["delete", "storageclass", "standard", "--ignore-not-found"], { signal });
  await apply(
    engine,
    manifest.replaceAll("PROVISIONER_IMAGE", images.provisioner).replaceAll("HELPER_IMAGE", images.helper),
    { signal },
  );
  await rolledOut(engine, "local-path-storage", "deployment/local-path-provisioner", waitSeconds, signal);
}
