/** Images of one program each, over nothing or over the C libraries. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { buildImage, hasImage, withContext } from "./images.ts";
import { place } from "./node-image.ts";
import { baseReference, registryRoot } from "./rootfs.ts";
import { toolFolder, toolKey, toolNamed } from "./toolchain.ts";
import { imageReference, versions } from "./versions.ts";

type SimpleImage = {
  readonly name: string;
  readonly version: string;
  readonly tool: string;
  readonly program: string;
  /** Where the program stands in the image. */
  readonly path: string;
  readonly user: string;
};

/** What the cluster runs that is a single static program. */
export const simpleImages: Readonly<Record<"agnhost" | "localPath" | "metricsServer" | "envoyGateway", SimpleImage>> = {
  agnhost: {
    name: "agnhost",
    version: versions.kubernetes,
    tool: "kubernetes",
    program: "agnhost",
    path: "/agnhost",
    user: "65532",
  },
  localPath: {
    name: "local-path-provisioner",
    version: versions.localPathProvisioner,
    tool: "local-path-provisioner",
    program: "local-path-provisioner",
    path: "/usr/bin/local-path-provisioner",
    user: "65532",
  },
  metricsServer: {
    name: "metrics-server",
    version: versions.metricsServer,
    tool: "metrics-server",
    program: "metrics-server",
    path: "/metrics-server",
    user: "65534",
  },
  envoyGateway: {
    name: "envoy-gateway",
    version: versions.envoyGateway,
    tool: "envoy-gateway",
    program: "envoy-gateway",
    path: "/usr/local/bin/envoy-gateway",
    user: "65532",
  },
};

function containerfileOf(image: SimpleImage): string {
  return `FROM scratch\nCOPY root/ /\nCOPY ${image.program} ${image.path}\nUSER ${image.user}\nENTRYPOINT ["${image.path}"]\n`;
}

export async function simpleReference(image: SimpleImage): Promise<string> {
  return imageReference(image.name, image.version, [await toolKey(toolNamed(image.tool)), containerfileOf(image)]);
}

/** Builds the image if the engine lacks it; needs its tool. */
export async function buildSimpleImage(engine: Engine, image: SimpleImage, signal: AbortSignal): Promise<void> {
  const reference = await simpleReference(image);
  if (await hasImage(engine, reference)) return;
  await withContext(`image-${image.name}`, async (context) => {
    await place(join(await toolFolder(image.tool), image.program), join(context, image.program));
    await mkdir(join(context, "root", "tmp"), { recursive: true, mode: 0o777 });
    await buildImage(engine, { reference, context, containerfile: containerfileOf(image), signal });
  });
}

const registryContainerfile = `ARG BASE
FROM \${BASE}
COPY config.yml /etc/registry.yml
ENTRYPOINT ["/usr/bin/docker-registry", "serve", "/etc/registry.yml"]
`;
const registryConfig = `version: 0.1
log: { level: warn }
storage: { filesystem: { rootdirectory: /var/lib/registry }, delete: { enabled: true } }
http: { addr: ":5000" }
`;

export function registryImageReference(): string {
  return imageReference("registry", versions.debian, [
    baseReference(registryRoot),
    registryContainerfile,
    registryConfig,
  ]);
}

/** Builds the local registry's image if the engine lacks it; needs its root file system. */
export async function buildRegistryImage(engine: Engine, signal: AbortSignal): Promise<void> {
  const reference = registryImageReference();
  if (await hasImage(engine, reference)) return;
  await withContext("image-registry", async (context) => {
    await writeFile(join(context, "config.yml"), registryConfig);
    const buildArguments = { BASE: baseReference(registryRoot) };
    await buildImage(engine, { reference, context, containerfile: registryContainerfile, buildArguments, signal });
  });
}
