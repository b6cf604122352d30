/** What happens to a generator under way makes its run worthless: nothing is proven, for the reason that it was. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { poll } from "../../harness/poll.ts";
import { lineOf, okeProof, proofOf, startValidateLocal } from "../prove/command.ts";
import type { GeneratorProcess } from "../prove/processes.ts";
import { generatorAt, underWayBytes } from "./generator.ts";

/** A load as short as it may be. */
const short = { rampSeconds: 10, plateauSeconds: 15, recoverySeconds: 0 };
/** 40 users who ask every second come ten a second, and k6 keeps a hundred ready: those of a long pause find too few. */
const hurried = { ...short, plateauSeconds: 35, usersFirst: 10, usersPlateau: 40, thinkSeconds: 1 };
const pauseMs = 20_000;

const kill = async ({ pid }: GeneratorProcess): Promise<void> => void process.kill(pid, "SIGKILL");

/** Whatever k6 writes as its summary is swallowed: what is read is empty. */
async function swallowSummary({ folder }: GeneratorProcess): Promise<void> {
  symlinkSync("/dev/null", join(folder, "load-summary.json"));
}

/** Afterwards k6 starts all that were due meanwhile, and drops those for whom it has nobody ready. */
async function pause({ pid }: GeneratorProcess): Promise<void> {
  process.kill(pid, "SIGSTOP");
  try {
    const never = async (): Promise<{ state: "not yet"; seen: string }> => ({
      state: "not yet",
      seen: "it is stopped",
    });
    await poll(never, { what: "the pause", timeoutMs: pauseMs, everyMs: 1_000 });
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

test.each([
  ["k6 killed before its first sample", short, 0, kill, /k6 ended with SIGKILL|the generator was ended by SIGKILL/],
  ["k6 killed half-way", short, underWayBytes, kill, /the generator was ended by SIGKILL/],
  ["an empty summary", short, underWayBytes, swallowSummary, /the generator's summary is empty/],
  ["dropped arrivals", hurried, underWayBytes, pause, /the generator dropped \d+ arrivals/],
] as const)("%s: nothing is proven", async (_, load, bytes, disturb, because) => {
  const started = startValidateLocal(["api-latency-p99"], { layer: { load } });
  await disturb(await generatorAt(started, bytes));
  const proof = await proofOf(started);
  expect(lineOf(proof, "api-latency-p99")).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(because),
  });
  expect(proof.exitCode).toBe(2);
});

test("undo takes away what visitors had made who were cut off", async () => {
  expect(await okeProof(["undo", "--env", "local"])).toMatchObject({ exitCode: 0 });
});
