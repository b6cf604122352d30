import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { diskJournal, parseRecord, writeAhead, type JournalRecord, type JournalStore } from "./journal.ts";

const record: JournalRecord = {
  schemaVersion: 1,
  runId: "run-1",
  fault: "pod-kill",
  targets: ["Pod health-platform/health-api-1"],
  undo: { kind: "Pod" },
  writtenAt: "2026-01-01T00:00:00.000Z",
};
let directory = "";

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "oke-proof-journal-")), "journal");
});

test("a record is there until it is forgotten, and forgetting twice is harmless", async () => {
  const journal = diskJournal(directory);
  await writeAhead([journal], record);
  expect(await diskJournal(directory).list()).toMatchObject({ ok: true, value: [record] });
  await journal.forget(record);
  await journal.forget(record);
  expect(await journal.list()).toMatchObject({ ok: true, value: [] });
});

test("a damaged record makes the journal unreadable, never empty", async () => {
  const journal = diskJournal(directory);
  await journal.write(record);
  writeFileSync(join(directory, "run-2.pod-kill.json"), '{"schemaVersion":1,"runId":');
  expect(await journal.list()).toMatchObject({ ok: false, why: expect.stringContaining("run-2.pod-kill.json") });
});

test("where one store cannot be written nothing stands in the others", async () => {
  const journal = diskJournal(directory);
  const refusing: JournalStore = {
    ...diskJournal(directory),
    name: "cluster",
    write: async () => {
      throw new Error("403 Forbidden");
    },
  };
  await expect(writeAhead([journal, refusing], record)).rejects.toThrow("to cluster: nothing was injected");
  expect(readdirSync(directory)).toEqual([]);
});

test("without a store nothing may be injected", async () => {
  await expect(writeAhead([], record)).rejects.toThrow("no store");
});

test("a run id cannot lead out of the journal's folder", () => {
  const text = JSON.stringify({ ...record, runId: "../../etc/passwd" });
  expect(parseRecord(text, "file", new Date()).ok).toBe(false);
});

test("no text makes the parser throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseRecord(text, "file", new Date()).ok).toBe(false);
    }),
  );
});
