/** Killed, interrupted or cut off at any moment: a readable ledger is left, and never a yes. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../environments/settings.ts";
import { poll } from "../../harness/poll.ts";
import { readLedger } from "../../reporters/ledger.ts";
import { processesOf } from "./processes.ts";

type Started = {
  readonly child: ChildProcess;
  readonly out: string;
  readonly ended: Promise<number | null>;
  readonly output: () => string;
};

function start(): Started {
  const out = join(mkdtempSync(join(tmpdir(), "oke-proof-kill-")), "run");
  const child = spawn(join(projectRoot, "bin", "oke-proof"), ["validate", "--env", "local", "--out", out], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => void parts.push(part));
  }
  const ended = new Promise<number | null>((done) => child.once("close", done));
  return { child, out, ended, output: () => parts.join("") };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const look = async (): Promise<{ state: "yes"; value: true } | { state: "not yet"; seen: string }> =>
    holds() ? { state: "yes", value: true } : { state: "not yet", seen: "it does not" };
  expect(await poll(look, { what, timeoutMs: 60_000, everyMs: 25 })).toMatchObject({ ok: true });
}

const vitestRuns = (out: string): boolean => processesOf(out).length > 0;
const aVerdictStands = (out: string): boolean => existsSync(join(out, "verdicts.jsonl"));

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s ends the run with exit code %i, its reports written and nothing left running",
  async (signal, exitCode) => {
    const run = start();
    await until("Vitest runs", () => vitestRuns(run.out));
    run.child.kill(signal);
    expect(await run.ended).toBe(exitCode);
    const ledger = readLedger(join(run.out, "ledger.json"));
    expect(ledger).toMatchObject({ exitCode, run: { finishedAt: expect.any(String) } });
    expect(ledger.verdict).not.toBe("go");
    for (const report of ["scorecard.html", "scorecard.md", "junit.xml", "metrics.prom", "allure-report"]) {
      expect(existsSync(join(run.out, report)), report).toBe(true);
    }
    expect(processesOf(run.out)).toEqual([]);
  },
);

test.each([
  ["as Vitest starts", vitestRuns],
  ["after the first verdict", aVerdictStands],
])("SIGKILL of the command %s leaves a readable ledger that says no, and no process behind", async (_, moment) => {
  const run = start();
  await until("the moment", () => moment(run.out));
  run.child.kill("SIGKILL");
  await run.ended;
  expect(readLedger(join(run.out, "ledger.json"))).toMatchObject({ verdict: "not-proven", run: { finishedAt: null } });
  expect(readLedger(join(run.out, "ledger.json")).exitCode).not.toBe(0);
  await until("no process is left", () => processesOf(run.out).length === 0);
});

test.each([
  ["as it starts", vitestRuns],
  ["after the first verdict", aVerdictStands],
])("SIGKILL of Vitest %s is the harness's error: exit 3, all reports, no yes", async (_, moment) => {
  const run = start();
  await until("the moment", () => moment(run.out));
  for (const { pid } of processesOf(run.out)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in between.
    }
  }
  expect(await run.ended, run.output()).toBe(3);
  const ledger = readLedger(join(run.out, "ledger.json"));
  expect(ledger.verdict).not.toBe("go");
  expect(ledger.criteria.some(({ because }) => /Vitest/.test(because))).toBe(true);
  expect(existsSync(join(run.out, "scorecard.html"))).toBe(true);
});
