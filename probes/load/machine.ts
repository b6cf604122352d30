/** How busy the generator's machine is, and how much of that is the generator: what waits for a processor of its own measures itself. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock, type Clock } from "../../harness/poll.ts";
import type { Second } from "./load-run.ts";

/** Ticks since the machine's start, of all its processors together (proc_stat(5), proc_pid_stat(5)). */
export type Look = {
  readonly atMs: number;
  readonly total: number;
  readonly idle: number;
  readonly generator: number;
};

const everyMs = 1000;

/**
 * The first line of /proc/stat. A processor that waits for a disk alone could have worked, and counts as idle; one that the host took away could not.
 * Time of guests is in that of users already. Undefined where it is no such line.
 */
export function processorTicks(stat: string): Pick<Look, "total" | "idle"> | undefined {
  const ticks = /^cpu +(\d+(?: \d+){7,9})$/m.exec(stat)?.[1]?.split(" ").slice(0, 8).map(Number);
  const [, , , idle, waiting] = ticks ?? [];
  if (ticks === undefined || idle === undefined || waiting === undefined) return undefined;
  return { total: ticks.reduce((sum, one) => sum + one, 0), idle: idle + waiting };
}

/** The ticks of a process with all its threads, in its own code and the kernel's. The second field is its name, and may hold blanks and brackets. */
export function processTicks(stat: string): number | undefined {
  const fields = stat
    .slice(stat.lastIndexOf(")") + 1)
    .trim()
    .split(/\s+/);
  const [user, system] = [fields[11], fields[12]];
  return stat.includes(")") && /^\d+$/.test(user ?? "") && /^\d+$/.test(system ?? "")
    ? Number(user) + Number(system)
    : undefined;
}

/** What happened between two looks; undefined where the counters stand still or went back: they say nothing then. */
export function secondBetween(before: Look, after: Look): Second | undefined {
  const total = after.total - before.total;
  const [idle, generator] = [after.idle - before.idle, after.generator - before.generator];
  if (total <= 0 || idle < 0 || generator < 0) return undefined;
  const percent = (ticks: number): number => Math.min((ticks / total) * 100, 100);
  return { atMs: after.atMs, idlePercent: percent(idle), generatorPercent: percent(generator) };
}

/**
 * Looks every second until `signal` aborts. A look that fails leaves a hole, which a judge sees; where there is no /proc (macOS) nothing is found at all.
 * @param pid of the generator
 * @param options.procfs for tests
 */
export async function watchMachine(
  pid: number,
  options: { readonly signal: AbortSignal; readonly clock?: Clock; readonly procfs?: string },
): Promise<readonly Second[]> {
  const { signal, clock = systemClock, procfs = "/proc" } = options;
  const seconds: Second[] = [];
  let last: Look | undefined;
  while (!signal.aborted) {
    const look = await lookAt(pid, procfs);
    const second = last === undefined || look === undefined ? undefined : secondBetween(last, look);
    if (second !== undefined) seconds.push(second);
    last = look ?? last;
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
  return seconds;
}

async function lookAt(pid: number, procfs: string): Promise<Look | undefined> {
  try {
    const [machine, generator] = await Promise.all([
      readFile(join(procfs, "stat"), "utf8"),
      readFile(join(procfs, String(pid), "stat"), "utf8"),
    ]);
    const [ticks, own] = [processorTicks(machine), processTicks(generator)];
    return ticks === undefined || own === undefined ? undefined : { atMs: Date.now(), ...ticks, generator: own };
  } catch {
    return undefined;
  }
}
