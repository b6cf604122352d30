/** One `up` or `down` at a time, for a user's only local cluster. A lock whose process is gone holds nothing. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../settings.ts";
import { statePaths } from "./paths.ts";

/** The process that works on the cluster now, or undefined. */
export function lockHolder(): number | undefined {
  try {
    const [pid = "", started = ""] = readFileSync(statePaths.lock, "utf8").trim().split(" ");
    return startOf(Number(pid)) === started ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs `work` while holding the lock.
 * @throws UsageError where another process holds it
 */
export async function locked<T>(what: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(statePaths.lock), { recursive: true });
  const holder = lockHolder();
  if (holder !== undefined && holder !== process.pid) {
    throw new UsageError(
      `${what}: process ${holder} is working on the local cluster; wait for it, or end it with 'kill -INT ${holder}'`,
    );
  }
  rmSync(statePaths.lock, { force: true });
  try {
    // "wx": of two processes that both found the old lock dead, one fails here.
    writeFileSync(statePaths.lock, `${process.pid} ${startOf(process.pid)}\n`, { flag: "wx" });
  } catch (error) {
    throw new UsageError(`${what}: another process has just begun to work on the local cluster`, { cause: error });
  }
  try {
    return await work();
  } finally {
    rmSync(statePaths.lock, { force: true });
    const folder = dirname(statePaths.lock);
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

/** Tells a process from a later one of the same number: its start, where the system shows it. */
function startOf(pid: number): string {
  if (!Number.isInteger(pid) || pid <= 0) return "none";
  const file = `/proc/${pid}/stat`;
  if (existsSync(file)) return readFileSync(file, "utf8").split(") ").at(-1)?.split(" ")[19] ?? "unknown";
  try {
    process.kill(pid, 0);
    return existsSync("/proc/self/stat") ? "none" : "running";
  } catch {
    return "none";
  }
}
