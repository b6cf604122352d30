/** The node image: Debian, systemd, containerd, our Kubernetes, and the images of the control plane inside. */
import { cp, link, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keyOfFolder } from "./cache.ts";
import type { Engine } from "./engine.ts";
import { buildImage, hasImage, withContext } from "./images.ts";
import { sourceDirectory } from "./paths.ts";
import { baseReference, nodeRoot, proxyRoot } from "./rootfs.ts";
import { toolFolder, toolKey, toolNamed } from "./toolchain.ts";
import { imageReference, kubeadmImages, versions } from "./versions.ts";

const folder = join(sourceDirectory, "node-image");

/** One image of the control plane: a program, its place in the image, and what it stands on. */
type Part = {
  readonly reference: string;
  readonly tool: string;
  readonly program: string;
  readonly path: string;
  readonly base: string;
};

function parts(): readonly Part[] {
  const part = (
    reference: string,
    tool: string,
    program: string,
    path = `/usr/local/bin/${program}`,
    base = "scratch",
  ): Part => ({ reference, tool, program, path, base });
  return [
    part(kubeadmImages.apiServer, "kubernetes", "kube-apiserver"),
    part(kubeadmImages.controllerManager, "kubernetes", "kube-controller-manager"),
    part(kubeadmImages.scheduler, "kubernetes", "kube-scheduler"),
    part(kubeadmImages.proxy, "kubernetes", "kube-proxy", "/usr/local/bin/kube-proxy", baseReference(proxyRoot)),
    part(kubeadmImages.etcd, "etcd", "server", "/usr/local/bin/etcd"),
    part(kubeadmImages.coredns, "coredns", "coredns", "/coredns"),
    part(kubeadmImages.pause, "pause", "pause", "/pause"),
  ];
}

/** The reference of the node image that belongs to the present sources. */
export async function nodeImageReference(): Promise<string> {
  const keys = await Promise.all(["kubernetes", "etcd", "coredns", "pause"].map((name) => toolKey(toolNamed(name))));
  // How it is put together is what it is made from, too: this file is part of the key.
  const recipe = [
    await readFile(import.meta.filename, "utf8"),
    await keyOfFolder(folder),
    ...Object.values(kubeadmImages),
  ];
  return imageReference("node", `v${versions.kubernetes}`, [
    baseReference(nodeRoot),
    baseReference(proxyRoot),
    ...keys,
    ...recipe,
  ]);
}

/** Builds the node image if the engine lacks it; needs the tools and both root file systems. */
export async function buildNodeImage(engine: Engine, signal: AbortSignal): Promise<void> {
  const reference = await nodeImageReference();
  if (await hasImage(engine, reference)) return;
  for (const part of parts()) await buildPart(engine, part, signal);
  await withContext("node-image", async (context) => {
    const references = parts().map((part) => part.reference);
    await mkdir(join(context, "images"));
    const archive = join(context, "images", "control-plane.tar");
    await engine.call(
      ["save", ...(engine.name === "podman" ? ["--multi-image-archive"] : []), "-o", archive, ...references],
      { signal },
    );
    await cp(join(folder, "root"), join(context, "root"), { recursive: true });
    await writeFile(join(context, "root", "kind", "version"), `v${versions.kubernetes}\n`);
    await mkdir(join(context, "bin"));
    for (const program of ["kubeadm", "kubelet", "kubectl"]) {
      await place(join(await toolFolder("kubernetes"), program), join(context, "bin", program));
    }
    const containerfile = await readFile(join(folder, "Containerfile"), "utf8");
    await buildImage(engine, {
      reference,
      context,
      containerfile,
      buildArguments: { BASE: baseReference(nodeRoot) },
      signal,
    });
  });
  await engine.call(["rmi", ...parts().map((part) => part.reference)], { signal, accept: [1, 2] });
}

async function buildPart(engine: Engine, part: Part, signal: AbortSignal): Promise<void> {
  await withContext(`part-${part.program}`, async (context) => {
    await place(join(await toolFolder(part.tool), part.program), join(context, part.program));
    const containerfile = `FROM ${part.base}\nCOPY ${part.program} ${part.path}\nENTRYPOINT ["${part.path}"]\n`;
    await buildImage(engine, { reference: part.reference, context, containerfile, signal });
  });
}

/** A second name for a file where the disk allows it, else a copy. */
export async function place(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await cp(from, to);
  }
}
