/** Rebuilding the local cluster: the order of its steps, what machine and journal say before anything is deleted, and what of Velero counts as restored. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JournalRecord } from "../../harness/journal.ts";
import { shortages } from "./capacity.ts";
import { lookAtPhase } from "./rebuild.ts";
import { pendingRebuild, rebuildJournal, refuseWhilePending } from "./rebuild-record.ts";
import { rebuildSteps, type StepName } from "./rebuild-steps.ts";
import { runStages, type Stage } from "./stages.ts";

const { signal } = new AbortController();

/** Runs all steps; of each is written down when it began and when it ended. */
async function made(fails?: StepName): Promise<{ readonly log: readonly string[]; readonly error: unknown }> {
  const log: string[] = [];
  const step = (name: string): Stage["run"] => {
    return async () => {
      log.push(`+${name}`);
      await Promise.resolve();
      if (name === fails) throw new Error("it cannot be had");
      log.push(`-${name}`);
    };
  };
  const work: Readonly<Record<StepName, Stage["run"]>> = {
    "push images": step("push images"),
    "namespaces and policies": step("namespaces and policies"),
    velero: step("velero"),
    "kafka and dapr": step("kafka and dapr"),
    "backup found": step("backup found"),
    restore: step("restore"),
    observability: step("observability"),
    "health platform": step("health platform"),
    "todo platform": step("todo platform"),
    "pods anew": step("pods anew"),
    operations: step("operations"),
    "harness access": step("harness access"),
    "volume statistics": step("volume statistics"),
    "backup schedule": step("backup schedule"),
  };
  const nodes: Stage[] = [
    { name: "clear the ground", expectedSeconds: 1, run: step("clear the ground") },
    { name: "nodes", expectedSeconds: 1, after: ["clear the ground"], run: step("nodes") },
  ];
  const error = await runStages(rebuildSteps(nodes, work), { say: () => undefined, signal, atOnce: 2 }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { log, error };
}

test.each([
  ["nodes", "push images"],
  ["namespaces and policies", "velero"],
  ["velero", "backup found"],
  ["backup found", "restore"],
  // Sidecars ask Dapr, and its kinds must be known.
  ["kafka and dapr", "restore"],
  // Charts make passwords where they find none.
  ["restore", "health platform"],
  ["restore", "todo platform"],
  ["restore", "operations"],
  // Both upgrade the release of the network policies.
  ["health platform", "operations"],
  ["todo platform", "pods anew"],
  ["pods anew", "harness access"],
  ["harness access", "backup schedule"],
])("%s has ended before %s begins", async (earlier, later) => {
  const { log, error } = await made();
  expect(error).toBeUndefined();
  expect(log).toHaveLength(32);
  expect(log.indexOf(`-${earlier}`)).toBeLessThan(log.indexOf(`+${later}`));
});

test.each<readonly [StepName, readonly string[]]>([
  ["backup found", ["restore", "health platform", "todo platform", "operations"]],
  ["restore", ["health platform", "todo platform", "pods anew", "operations", "backup schedule"]],
])("where %s fails, no chart makes anything in its place", async (fails, never) => {
  const { log, error } = await made(fails);
  expect(String(error)).toContain(`stage '${fails}' failed`);
  expect(never.filter((name) => log.includes(`+${name}`))).toEqual([]);
});

const gigabyte = 1024 ** 3;
const enough = { memoryBytes: gigabyte, engineDiskBytes: 5 * gigabyte, bucketDiskBytes: 2 * gigabyte };

test.each([
  ["all that is needed", enough, 0],
  ["a byte of memory too little", { ...enough, memoryBytes: gigabyte - 1 }, 1],
  ["a byte of the engine's disk too little", { ...enough, engineDiskBytes: 5 * gigabyte - 1 }, 1],
  ["a byte of the bucket's disk too little", { ...enough, bucketDiskBytes: 2 * gigabyte - 1 }, 1],
  ["nothing that could be read", { memoryBytes: NaN, engineDiskBytes: NaN, bucketDiskBytes: NaN }, 3],
])("with %s: so many are short", (_, capacity, short) => {
  expect(shortages(capacity)).toHaveLength(short);
});

const record: JournalRecord = {
  schemaVersion: 1,
  runId: "run-1",
  fault: "rebuild",
  targets: ["cluster uid-1"],
  undo: { clusterUid: "uid-1", backup: "oke-proof-drill-1" },
  writtenAt: "2026-11-22T12:00:00.000Z",
};

test("a rebuild that is not at its end refuses `up`, and says which commands go on", async () => {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-rebuild-"));
  try {
    const journal = rebuildJournal(directory);
    await expect(refuseWhilePending("up", directory)).resolves.toBeUndefined();
    await journal.write(record);
    expect(await pendingRebuild(directory)).toMatchObject({ ok: true, value: record });
    await expect(refuseWhilePending("up", directory)).rejects.toThrow(
      /^up: the rebuild of cluster uid-1 \(run run-1\) is not at its end, and its data are in backup oke-proof-drill-1: 'bin\/oke-proof undo' .*'bin\/oke-proof down'/,
    );
    await journal.forget(record);
    await expect(refuseWhilePending("up", directory)).resolves.toBeUndefined();
    writeFileSync(join(directory, "run-1.rebuild.json"), "{");
    expect((await pendingRebuild(directory)).ok).toBe(false);
    await expect(refuseWhilePending("up", directory)).rejects.toThrow(/its record cannot be read/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("only Completed without an error is restored; what ended otherwise is not waited for", () => {
  const look = (status: unknown) => lookAtPhase(JSON.stringify({ status })).state;
  expect(look({ phase: "Completed" })).toBe("yes");
  expect(look({ phase: "Completed", errors: 1 })).toBe("never");
  expect(look({ phase: "PartiallyFailed" })).toBe("never");
  expect(look({ phase: "FailedValidation", validationErrors: ["no such backup"] })).toBe("never");
  expect(look({ phase: "InProgress" })).toBe("not yet");
  expect(look({})).toBe("not yet");
  expect(lookAtPhase("{}").state).toBe("not yet");
  expect(lookAtPhase("\n").state).toBe("not yet");
});

test("no other word for a phase is a yes", () => {
  fc.assert(
    fc.property(
      fc.string().filter((word) => word !== "Completed"),
      (phase) => {
        expect(lookAtPhase(JSON.stringify({ status: { phase } })).state).not.toBe("yes");
      },
    ),
  );
});
