/** The schedule and its first backup, over an engine that answers as kubectl does. */
import { expect, test } from "vitest";
import { cronFrom, firstBackupMade } from "./backup-schedule.ts";
import type { Engine } from "./engine.ts";

const { signal } = new AbortController();
const now = new Date("2026-11-22T12:34:30.000Z");
const since = "2026-11-22T06:30:00Z";
const young = "2026-11-22T06:30:30Z";
const old = "2026-11-22T06:30:29Z";

function backup(phase: string, startTimestamp: string | undefined, more: object = {}): object {
  return { metadata: { name: "platform-1" }, status: { phase, startTimestamp, ...more } };
}

type World = {
  /** When the schedule was made that is there; undefined where there is none. */
  readonly scheduledAt?: string | undefined;
  readonly found: readonly object[];
  /** What the schedule that was made anew brings about. */
  readonly becomes?: readonly object[];
};

/** What is applied and deleted is kept. */
function engineOf({ scheduledAt, found, becomes = [backup("Completed", "2026-11-22T12:35:10Z")] }: World) {
  const applied: unknown[] = [];
  const done: string[] = [];
  const call: Engine["call"] = async (args, { input } = {}) => {
    if (input !== undefined) applied.push(JSON.parse(input));
    if (args.includes("delete")) done.push("deleted");
    if (input !== undefined) done.push("applied");
    const isMade = applied.length > 0;
    const createdAt = isMade ? "2026-11-22T12:34:31Z" : scheduledAt;
    const answer = args.includes("schedules.velero.io")
      ? { items: createdAt === undefined ? [] : [{ metadata: { creationTimestamp: createdAt } }] }
      : { items: isMade ? [...found, ...becomes] : found };
    return { stdout: JSON.stringify(answer), stderr: "", code: 0 };
  };
  return { applied, done, engine: { name: "docker", version: "1", env: {}, call } satisfies Engine };
}

test("the schedule keeps what it makes for a day, holds the files of both platforms, and is due soon", async () => {
  const { applied, engine } = engineOf({ found: [] });
  await firstBackupMade(engine, signal, now);
  expect(applied).toMatchObject([
    {
      kind: "Schedule",
      metadata: { name: "platform", namespace: "velero" },
      spec: {
        schedule: "36 0,6,12,18 * * *",
        template: {
          includedNamespaces: ["health-platform", "todo-chatbot"],
          defaultVolumesToFsBackup: true,
          ttl: "24h0m0s",
        },
      },
    },
  ]);
});

test.each([
  ["12:30:55", "31 0,6,12,18"],
  ["12:30:55.001", "32 0,6,12,18"],
  ["12:31:55", "32 0,6,12,18"],
  ["12:31:55.001", "36 0,6,12,18"],
  ["12:56:55", "57 0,6,12,18"],
  ["12:56:55.001", "1 1,7,13,19"],
  ["23:59:59", "1 0,6,12,18"],
])("made at %s it is due at %s", (at, cron) => {
  expect(cronFrom(new Date(`2026-11-22T${at}Z`))).toBe(`${cron} * * *`);
});

test.each<readonly [string, World, readonly string[]]>([
  ["no schedule", { found: [] }, ["deleted", "applied"]],
  ["a schedule without a backup", { scheduledAt: since, found: [] }, ["deleted", "applied"]],
  ["a young backup that is whole", { scheduledAt: since, found: [backup("Completed", young)] }, []],
  ["an old one", { scheduledAt: since, found: [backup("Completed", old)] }, ["deleted", "applied"]],
  [
    "one of a schedule that was there before",
    { scheduledAt: "2026-11-22T12:30:00Z", found: [backup("Completed", young)] },
    ["deleted", "applied"],
  ],
  ["one that failed", { scheduledAt: since, found: [backup("PartiallyFailed", young)] }, ["deleted", "applied"]],
])("with %s: %o, %o", async (_, world, wanted) => {
  const { done, engine } = engineOf(world);
  await firstBackupMade(engine, signal, now);
  expect(done).toEqual(wanted);
});

test("one that is under way is waited for, and the schedule stays", async () => {
  const ending = new AbortController();
  const { done, engine } = engineOf({ scheduledAt: since, found: [backup("InProgress", young)] });
  const waiting = firstBackupMade(engine, ending.signal, now);
  ending.abort(new Error("that is enough"));
  await expect(waiting).rejects.toThrow("that is enough");
  expect(done).toEqual([]);
});

test("one that has ended without being whole is not waited for, and its reason is told", async () => {
  const refused = { validationErrors: ["the location is Unavailable"] };
  const { engine } = engineOf({ found: [], becomes: [backup("FailedValidation", undefined, refused)] });
  await expect(firstBackupMade(engine, signal, now)).rejects.toThrow(
    "the first backup of the platform: platform-1 is FailedValidation (the location is Unavailable): call up again",
  );
});
