/** The first backup, over an engine that answers as kubectl does. */
import { expect, test } from "vitest";
import { firstBackupMade, installBackupSchedule } from "./backup-schedule.ts";
import type { Engine } from "./engine.ts";

const { signal } = new AbortController();
const now = new Date("2026-11-22T12:34:56.789Z");
const name = "platform-20261122123456";
const before = "2026-11-22T12:00:00Z";
const since = "2026-11-22T12:20:00Z";

function backup(phase: string, startTimestamp: string | undefined, more: object = {}): object {
  return { metadata: { name: "platform-1" }, status: { phase, startTimestamp, ...more } };
}

/** What is applied is kept; a backup that was applied is given from then on, with this status. */
function engineOf(found: readonly object[], status: object = { phase: "Completed", startTimestamp: since }) {
  const applied: unknown[] = [];
  const call: Engine["call"] = async (args, { input } = {}) => {
    if (input !== undefined) applied.push(JSON.parse(input));
    const made = applied.map(() => ({ metadata: { name }, status }));
    const answer = args.includes("schedules.velero.io")
      ? { metadata: { creationTimestamp: since } }
      : { items: [...found, ...made] };
    return { stdout: JSON.stringify(answer), stderr: "", code: 0 };
  };
  return { applied, engine: { name: "docker", version: "1", env: {}, call } satisfies Engine };
}

test("the schedule keeps what it makes for two hours, and holds the files of both platforms", async () => {
  const { applied, engine } = engineOf([]);
  await installBackupSchedule(engine, signal);
  expect(applied).toMatchObject([
    {
      kind: "Schedule",
      metadata: { name: "platform", namespace: "velero" },
      spec: {
        schedule: "2-59/10 * * * *",
        template: { includedNamespaces: ["health-platform", "todo-chatbot"], defaultVolumesToFsBackup: true },
      },
    },
  ]);
});

test.each<readonly [string, readonly object[], boolean]>([
  ["none", [], true],
  ["one that is Completed", [backup("Completed", since)], false],
  ["one of a cluster that was there before", [backup("Completed", before)], true],
  ["one that failed", [backup("PartiallyFailed", since)], true],
])("with %s there, one is made: %s", async (_, found, isMade) => {
  const { applied, engine } = engineOf(found);
  await firstBackupMade(engine, signal, now);
  const made = { kind: "Backup", metadata: { name, labels: { "velero.io/schedule-name": "platform" } } };
  expect(applied).toMatchObject(isMade ? [made] : []);
});

test.each([
  ["2026-11-22T12:30:44.999Z", true],
  ["2026-11-22T12:30:45.000Z", false],
  ["2026-11-22T12:32:00.999Z", false],
  ["2026-11-22T12:32:01.000Z", true],
])("at %s, where the schedule is due at :32, one is made: %s", async (at, isMade) => {
  const ending = new AbortController();
  const { applied, engine } = engineOf([], { phase: "InProgress" });
  const waiting = firstBackupMade(engine, ending.signal, new Date(at));
  setImmediate(() => ending.abort(new Error("that is enough")));
  await expect(waiting).rejects.toThrow("that is enough");
  expect(applied.length).toBe(isMade ? 1 : 0);
});

test("one that is under way is waited for, and no other is made", async () => {
  const ending = new AbortController();
  const { applied, engine } = engineOf([backup("InProgress", since)]);
  const waiting = firstBackupMade(engine, ending.signal, now);
  ending.abort(new Error("that is enough"));
  await expect(waiting).rejects.toThrow("that is enough");
  expect(applied).toEqual([]);
});

test("one that has ended without being whole is not waited for, and its reason is told", async () => {
  const status = { phase: "FailedValidation", validationErrors: ["the location is Unavailable"] };
  const { engine } = engineOf([], status);
  await expect(firstBackupMade(engine, signal, now)).rejects.toThrow(
    `the first backup of the platform: ${name} is FailedValidation (the location is Unavailable): call up again`,
  );
});
