/** Taking away what a cluster is made of, outside the cache. Every step is harmless where there is nothing. */
import { readdir, rm, rmdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { removeBackupStore } from "./backup-store.ts";
import { run } from "./command.ts";
import type { Engine } from "./engine.ts";
import { podmanRunDirectory } from "./engine.ts";
import { openOutwards, removeEmptyChains } from "./firewall.ts";
import { deleteNodes } from "./kind.ts";
import { removeNetwork } from "./network.ts";
import { cachePaths, statePaths } from "./paths.ts";
import { registryName } from "./versions.ts";

const callMsMax = 30_000;

/** Nodes, registry, network, volumes, rules and loop devices; then the record. */
export async function removeCluster(engine: Engine, signal?: AbortSignal): Promise<void> {
  // First the record: from here on nobody may take what is left for a cluster.
  await rm(statePaths.cluster, { force: true });
  await rm(statePaths.harnessKubeconfig, { force: true });
  await deleteNodes(engine, signal);
  await engine.call(["rm", "-f", "-v", registryName], { timeoutMs: callMsMax, accept: [1, 125] });
  await removeBackupStore(engine);
  await removeNetwork(engine);
  await openOutwards(engine.name, signal);
  await detachLoops();
}

/** The nodes with their volumes, and no more: the network, the registry, the store of backups and the keys stay as they are. For a cluster that is made anew from its backup. */
export async function removeNodes(engine: Engine, signal?: AbortSignal): Promise<void> {
  // First the record, here too: that it is gone says that there is something to make anew.
  await rm(statePaths.cluster, { force: true });
  await rm(statePaths.harnessKubeconfig, { force: true });
  await deleteNodes(engine, signal);
  await detachLoops();
}

/** The state folder, its link in this checkout, and what Podman keeps outside the cache. */
export async function removeState(): Promise<void> {
  await rm(statePaths.root, { recursive: true, force: true });
  await unlink(statePaths.link).catch(() => rm(statePaths.link, { recursive: true, force: true }));
  await removeIfEmpty(dirname(statePaths.link));
  // `up` makes it where the kernel has no modules: kind mounts it into the nodes.
  await removeIfEmpty("/lib/modules");
}

/** Podman mounts its storage on itself and keeps a folder of this boot's state; both go when nothing of ours runs any more. */
export async function releaseEngine(engine: Engine): Promise<void> {
  if (engine.name !== "podman") return;
  const running = await engine.call(["ps", "-a", "-q"], { timeoutMs: callMsMax });
  if (running.stdout.trim() !== "") return;
  for (const mount of await mountsBelow([cachePaths.podman, podmanRunDirectory()])) {
    await run("umount", ["-l", mount], { timeoutMs: callMsMax, accept: [1, 32] });
  }
  await rm(podmanRunDirectory(), { recursive: true, force: true });
  await removeEmptyChains();
}

/** Loop devices whose file was a volume of the cluster; the kernel lets go of one when its last mount is gone. */
async function detachLoops(): Promise<void> {
  const listed = await run("losetup", ["--list", "--noheadings", "--raw", "-O", "NAME,BACK-FILE"], {
    timeoutMs: callMsMax,
  }).catch(() => undefined);
  for (const line of (listed?.stdout ?? "").split("\n")) {
    const [device = "", ...file] = line.split(" ");
    if (file.join(" ").includes("oke-proof-volumes/"))
      await run("losetup", ["-d", device], { timeoutMs: callMsMax, accept: [1] });
  }
}

async function mountsBelow(folders: readonly string[]): Promise<string[]> {
  const listed = await run("sh", ["-c", "cut -d' ' -f2 /proc/mounts"], { timeoutMs: callMsMax, accept: [1] });
  const mounts = listed.stdout
    .split("\n")
    .filter((mount) => folders.some((folder) => mount === folder || mount.startsWith(`${folder}/`)));
  return mounts.toReversed();
}

async function removeIfEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch(() => ["unreadable"]);
  if (entries.length === 0) await rmdir(folder).catch(() => undefined);
}
