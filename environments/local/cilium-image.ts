/** Cilium's image: Debian's compiler and network tools, our binaries, and the BPF sources that the agent compiles at its start. */
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { buildImage, hasImage, withContext } from "./images.ts";
import { place } from "./node-image.ts";
import { baseReference, ciliumRoot } from "./rootfs.ts";
import { ciliumSources, sourcesFolder } from "./sources.ts";
import { toolFolder, toolKey, toolNamed } from "./toolchain.ts";
import { imageReference, versions } from "./versions.ts";

/** Programs by the names that the chart calls them. */
const programs = {
  daemon: "usr/bin/cilium-agent",
  operator: "usr/bin/cilium-operator-generic",
  "cilium-cni": "opt/cni/bin/cilium-cni",
  "cilium-dbg": "usr/bin/cilium-dbg",
  mount: "usr/bin/cilium-mount",
} as const;

/** clang 19 warns of things that the sources of 1.15 do, which ask for warnings to be errors. */
const clangWrapper = `#!/bin/sh\nexec /usr/bin/clang-19 "$@" -Wno-error\n`;
const containerfile = 'ARG BASE\nFROM ${BASE}\nCOPY root/ /\nCMD ["/usr/bin/cilium-dbg"]\n';

/** A kernel without loadable modules has no list of them, and the agent will not start without the list. */
export const modulesFile = { wanted: "/proc/modules", inPlace: "/etc/.modules" } as const;

function kernelHasModules(): boolean {
  return existsSync(modulesFile.wanted);
}

export async function ciliumImageReference(): Promise<string> {
  // How it is put together is what it is made from, too: this file is part of the key.
  const parts = [
    baseReference(ciliumRoot),
    await toolKey(toolNamed("cilium")),
    await readFile(import.meta.filename, "utf8"),
  ];
  return imageReference("cilium", `v${versions.cilium}`, [...parts, String(kernelHasModules())]);
}

/** Builds the image if the engine lacks it; needs the tool and the root file system. */
export async function buildCiliumImage(engine: Engine, signal: AbortSignal): Promise<void> {
  const reference = await ciliumImageReference();
  const sources = await sourcesFolder(ciliumSources, signal);
  if (await hasImage(engine, reference)) return;
  await withContext("cilium-image", async (context) => {
    const root = join(context, "root");
    for (const folder of ["usr/bin", "usr/local/bin", "opt/cni/bin", "var/lib/cilium", "etc"])
      await mkdir(join(root, folder), { recursive: true });
    const binaries = await toolFolder("cilium");
    for (const [program, path] of Object.entries(programs)) await place(join(binaries, program), join(root, path));
    if (!kernelHasModules()) await pretendModules(join(binaries, "daemon"), root);
    await symlink("cilium-dbg", join(root, "usr/bin/cilium"));
    await writeFile(join(root, "usr/local/bin/clang"), clangWrapper);
    await chmod(join(root, "usr/local/bin/clang"), 0o755);
    await symlink("/usr/bin/llc-19", join(root, "usr/local/bin/llc"));
    await cp(join(sources, "bpf"), join(root, "var/lib/cilium/bpf"), { recursive: true });
    for (const script of [
      "images/cilium/init-container.sh",
      "plugins/cilium-cni/install-plugin.sh",
      "plugins/cilium-cni/cni-uninstall.sh",
    ]) {
      await cp(join(sources, script), join(root, script.split("/").at(-1) ?? script));
    }
    await buildImage(engine, {
      reference,
      context,
      containerfile,
      buildArguments: { BASE: baseReference(ciliumRoot) },
      signal,
    });
  });
}

/** Makes the agent read an empty list of modules from the image: another path of the same length in its binary. */
async function pretendModules(agent: string, root: string): Promise<void> {
  const binary = await readFile(agent);
  const wanted = Buffer.from(modulesFile.wanted);
  let found = binary.indexOf(wanted);
  if (found === -1)
    throw new Error(
      `${agent}: the path ${modulesFile.wanted} is not in it, so the agent cannot start on this kernel, which has no modules`,
    );
  for (; found !== -1; found = binary.indexOf(wanted, found + 1)) binary.write(modulesFile.inPlace, found);
  const target = join(root, programs.daemon);
  await writeFile(join(root, modulesFile.inPlace), "");
  // Renamed over it: the present one is a second name of the binary in the cache, which must stay as it is.
  await writeFile(`${target}.new`, binary, { mode: 0o755 });
  await rename(`${target}.new`, target);
}
