/** Podman's configuration files. Pure but for the process limits, which a container may not exceed. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const openFilesWanted = 1_048_576;
/** Below the number of process ids of the smallest machine: Podman first lowers its own limit to that number, and then cannot raise it. */
const processesWanted = 30_000;

/**
 * containers.conf: runc (crun refuses a hybrid cgroup tree), no systemd needed, locks in files (the shared memory of the user's own
 * Podman is not ours), and limits below this process's hard limits, since raising them takes a capability that may be missing.
 */
export async function containersConfiguration(directory: string, runDirectory: string): Promise<string> {
  const limits = (await containerLimits()).map((limit) => `"${limit}"`).join(", ");
  return `[containers]
default_ulimits = [${limits}]
log_driver = "k8s-file"
pids_limit = 0
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "${join(runDirectory, "libpod")}"
[network]
network_backend = "netavark"
network_config_dir = "${join(directory, "networks")}"
`;
}

/** Limits for containers as the engine writes them, none above this process's own. */
export async function containerLimits(): Promise<string[]> {
  const hard = hardLimits(await readFile("/proc/self/limits", "utf8").catch(() => ""));
  const openFiles = Math.min(openFilesWanted, hard.openFiles);
  const processes = Math.min(processesWanted, hard.processes);
  return [`nofile=${openFiles}:${openFiles}`, `nproc=${processes}:${processes}`];
}

export function storageConfiguration(directory: string, runDirectory: string): string {
  return `[storage]
driver = "overlay"
graphroot = "${join(directory, "storage")}"
runroot = "${join(runDirectory, "containers")}"
`;
}

/** Reads the hard limits out of /proc/PID/limits; "unlimited" and what is not there count as no bound. */
export function hardLimits(text: string): { openFiles: number; processes: number } {
  const limit = (name: string) => {
    const found = new RegExp(`^${name}\\s+\\S+\\s+(\\d+)`, "m").exec(text)?.[1];
    return found === undefined ? Number.POSITIVE_INFINITY : Number(found);
  };
  return { openFiles: limit("Max open files"), processes: limit("Max processes") };
}
