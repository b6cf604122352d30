/** The local registry: a container on the nodes' network that serves our images under their own names. */
import { mkdir, rm } from "node:fs/promises";
import { run } from "./command.ts";
import type { Engine } from "./engine.ts";
import { pushImage } from "./images.ts";
import { cachePaths } from "./paths.ts";
import { clusterName, nodeNames, registryName, registryPort } from "./versions.ts";

const gigabyte = 1024 ** 3;
/** What the registry may keep between clusters; beyond that it starts empty. */
const storedBytesMax = 4 * gigabyte;

/** Hosts whose images the nodes ask the registry for. */
const mirrored = ["localhost"] as const;

/** Starts the registry, if it does not run, and tells every node of it (containerd reads the file at each pull). */
export async function startRegistry(engine: Engine, image: string, signal: AbortSignal): Promise<void> {
  await engine.call(["rm", "-f", registryName], { signal, timeoutMs: 30_000, accept: [1] });
  await boundStorage();
  const published = ["-p", `127.0.0.1:${registryPort}:5000`, "-v", `${cachePaths.registry}:/var/lib/registry`];
  await engine.call(
    [
      "run",
      "-d",
      "--name",
      registryName,
      "--network",
      clusterName,
      "--label",
      "oke-proof=registry",
      ...published,
      image,
    ],
    {
      signal,
      timeoutMs: 60_000,
    },
  );
}

/** ADDRESS:PORT of the registry on the nodes' network. @throws CommandError where it does not run */
export async function registryAddress(engine: Engine, signal: AbortSignal): Promise<string> {
  const template = `{{(index .NetworkSettings.Networks "${clusterName}").IPAddress}}`;
  const found = await engine.call(["inspect", "--format", template, registryName], { signal, timeoutMs: 20_000 });
  return `${found.stdout.trim()}:5000`;
}

/** Points every node's containerd at the registry. */
export async function tellNodes(engine: Engine, signal: AbortSignal): Promise<void> {
  const server = `http://${registryName}:5000`;
  const hosts = `server = "${server}"\n[host."${server}"]\n  capabilities = ["pull", "resolve"]\n`;
  for (const node of nodeNames) {
    for (const host of mirrored) {
      const folder = `/etc/containerd/certs.d/${host}`;
      await engine.call(["exec", "-i", node, "sh", "-c", `mkdir -p ${folder} && cat > ${folder}/hosts.toml`], {
        signal,
        input: hosts,
        timeoutMs: 20_000,
      });
    }
  }
}

/** Pushes images one after the other: a push is bound by one processor's compression. */
export async function pushAll(engine: Engine, references: readonly string[], signal: AbortSignal): Promise<void> {
  for (const reference of references) await pushImage(engine, reference, signal);
}

async function boundStorage(): Promise<void> {
  await mkdir(cachePaths.registry, { recursive: true });
  const { stdout } = await run("du", ["-sb", cachePaths.registry], { timeoutMs: 60_000 });
  if (Number.parseInt(stdout, 10) > storedBytesMax) await rm(cachePaths.registry, { recursive: true, force: true });
  await mkdir(cachePaths.registry, { recursive: true });
}
