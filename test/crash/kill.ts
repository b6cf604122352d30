/** Starts a command, kills it with all that it started, and waits until none of it runs any more. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../environments/settings.ts";
import { poll, systemClock } from "../../harness/poll.ts";
import { processesOf } from "../prove/processes.ts";

export type Killed = {
  /** Undefined where it was killed before its checks or trials had a plan. */
  readonly runId: string | undefined;
  readonly verdicts: number;
  /** Its exit code where it had ended before the kill; undefined where it was killed. */
  readonly endedWith: number | undefined;
  /** All that it said. */
  readonly output: string;
};

type Moment = {
  /** From when on the time counts. */
  readonly hasBegun: () => boolean;
  readonly beginMsMax: number;
  /** What is done then, before the time counts. */
  readonly meanwhile?: () => Promise<void>;
  readonly ms: number;
};

/**
 * Kills the whole process group of `oke-proof`, which is started with these arguments and `--out`.
 * @param out a folder that does not exist yet, whose parent does
 * @throws Error where it does not begin in time, or where something of it goes on running
 */
export async function killAfter(args: readonly string[], out: string, moment: Moment): Promise<Killed> {
  const said = `${out}.log`;
  const log = openSync(said, "w");
  const child = spawn(join(projectRoot, "bin", "oke-proof"), [...args, "--out", out], {
    cwd: projectRoot,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  try {
    const begun = await poll<true>(
      async () =>
        moment.hasBegun() || hasEnded()
          ? { state: "yes", value: true }
          : { state: "not yet", seen: "it has not begun" },
      { what: `oke-proof ${args.join(" ")}`, timeoutMs: moment.beginMsMax, everyMs: 20 },
    );
    if (!begun.ok) throw new Error(`${begun.why}: ${readFileSync(said, "utf8").slice(-2000)}`);
    if (!hasEnded()) await moment.meanwhile?.();
    await systemClock.sleep(hasEnded() ? 0 : moment.ms);
  } finally {
    if (child.pid !== undefined && !hasEnded()) killGroup(child.pid);
  }
  await ended;
  const gone = await poll<true>(
    async () =>
      processesOf(out).length === 0
        ? { state: "yes", value: true }
        : { state: "not yet", seen: "something still runs" },
    { what: "no process of the killed run", timeoutMs: 10_000, everyMs: 50 },
  );
  if (!gone.ok) throw new Error(gone.why);
  const [plan, verdicts] = [join(out, "run.json"), join(out, "verdicts.jsonl")];
  return {
    runId: existsSync(plan) ? runIdIn(readFileSync(plan, "utf8")) : undefined,
    verdicts: existsSync(verdicts) ? readFileSync(verdicts, "utf8").trim().split("\n").length : 0,
    endedWith: child.exitCode ?? undefined,
    output: readFileSync(said, "utf8"),
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It ended by itself a moment ago.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function runIdIn(plan: string): string | undefined {
  const parsed: unknown = JSON.parse(plan);
  return typeof parsed === "object" && parsed !== null && "id" in parsed ? String(parsed.id) : undefined;
}
