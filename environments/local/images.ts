/** Building images with the engine, and bringing them to the nodes by way of the local registry. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { containerLimits } from "./engine-configuration.ts";
import { cachePaths } from "./paths.ts";
import { registryPort } from "./versions.ts";

export type ImageBuild = {
  readonly reference: string;
  readonly context: string;
  readonly containerfile: string;
  readonly buildArguments?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

const askMsMax = 20_000;

/** Whether the engine holds an image of that reference. @throws CommandError where the engine does not answer */
export async function hasImage(engine: Engine, reference: string): Promise<boolean> {
  const args =
    engine.name === "podman" ? ["image", "exists", reference] : ["image", "inspect", "--format", "{{.Id}}", reference];
  const found = await engine.call(args, { timeoutMs: askMsMax, accept: [1] });
  return found.code === 0;
}

/** Gives `work` an empty folder on the cache's disk and removes it afterwards, whatever happens. */
export async function withContext(name: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(cachePaths.root, "contexts", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await mkdir(cachePaths.logs, { recursive: true });
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Builds an image from a folder; nothing is pulled. Older images of the same repository are removed. */
export async function buildImage(engine: Engine, build: ImageBuild): Promise<void> {
  const file = join(build.context, "Containerfile.oke-proof");
  await writeFile(file, build.containerfile);
  const buildArguments = Object.entries(build.buildArguments ?? {}).flatMap(([name, value]) => [
    "--build-arg",
    `${name}=${value}`,
  ]);
  // Podman in root mode needs no cache of layers: an image is built once a key. Docker knows no such switch.
  // Its builds do not read the limits of containers.conf, and would ask for more than this process may give.
  const limits = (await containerLimits()).map((limit) => `--ulimit=${limit}`);
  const ofEngine = engine.name === "podman" ? ["--layers=false", "--pull=never", "--format=docker", ...limits] : [];
  await engine.call(
    [
      "build",
      ...ofEngine,
      ...buildArguments,
      "--label",
      "oke-proof=image",
      "-t",
      build.reference,
      "-f",
      file,
      build.context,
    ],
    {
      signal: build.signal,
    },
  );
  await removeOlder(engine, build.reference);
}

async function removeOlder(engine: Engine, reference: string): Promise<void> {
  const repository = reference.slice(0, reference.lastIndexOf(":"));
  const found = await engine.call(
    ["images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", `reference=${repository}`],
    { timeoutMs: askMsMax },
  );
  const older = found.stdout.split("\n").filter((line) => line.startsWith(`${repository}:`) && line !== reference);
  // An older image may still be in use by a container; it is removed by a later build then.
  for (const line of older) await engine.call(["rmi", line], { timeoutMs: 120_000, accept: [1, 2, 125] });
}

/** Removes what earlier builds left in the engine: older images of the same repositories, and images without a name. */
export async function tidyImages(engine: Engine, references: readonly string[]): Promise<void> {
  for (const reference of references) {
    if (await hasImage(engine, reference)) await removeOlder(engine, reference);
  }
  await engine.call(["image", "prune", "-f", "--filter", "label=oke-proof=image"], {
    timeoutMs: 120_000,
    accept: [1, 125],
  });
}

/**
 * Pushes an image into the local registry under its own name less "localhost/". A tag that is there already is the same image,
 * since tags are made from contents; the registry keeps its storage from one cluster to the next.
 */
export async function pushImage(engine: Engine, reference: string, signal: AbortSignal): Promise<void> {
  if (await isServed(reference)) return;
  const target = `127.0.0.1:${registryPort}/${registryPathOf(reference)}`;
  if (engine.name === "podman") {
    const how = ["--tls-verify=false", "--format=oci", "--compression-format=zstd", "--quiet"];
    await engine.call(["push", ...how, reference, target], { signal });
    return;
  }
  await engine.call(["tag", reference, target], { signal });
  await engine.call(["push", "--quiet", target], { signal });
}

/** Whether the registry has the image's manifest, which is pushed last. Any doubt is a no: pushing again is harmless. */
async function isServed(reference: string): Promise<boolean> {
  const path = registryPathOf(reference);
  const split = path.lastIndexOf(":");
  const url = `http://127.0.0.1:${registryPort}/v2/${path.slice(0, split)}/manifests/${path.slice(split + 1)}`;
  const accept = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
  const answer = await fetch(url, { method: "HEAD", headers: { accept }, signal: AbortSignal.timeout(5000) }).catch(
    () => undefined,
  );
  return answer?.ok === true;
}

/** How the registry names an image: the host part is dropped, as containerd drops it when it asks a mirror. */
export function registryPathOf(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  const isHost = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  return isHost ? rest.join("/") : reference;
}

/** Removes whatever an interrupted build left in the cache. */
export async function removeLeftovers(): Promise<void> {
  await rm(join(cachePaths.root, "contexts"), { recursive: true, force: true });
  await mkdir(cachePaths.outputs, { recursive: true });
  for (const entry of await readdir(cachePaths.outputs)) {
    if (entry.startsWith(".making-")) await rm(join(cachePaths.outputs, entry), { recursive: true, force: true });
  }
}
