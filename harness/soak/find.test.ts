import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { cutOff, findSoaks, recordFile, resumable, type Resumable } from "./find.ts";
import type { SoakLine, SoakPlan } from "./lines.ts";
import { createRecord } from "./record.ts";
import { ended, look, plan } from "./soak-examples.ts";

const now = new Date("2026-11-22T11:00:00.000Z");
let folder = "";

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "oke-proof-soaks-")), "soak");
});

function stands(changes: Partial<SoakPlan>, ...lines: readonly SoakLine[]): void {
  const ofSoak = plan(changes);
  const writer = createRecord(recordFile(folder, ofSoak.id), ofSoak);
  for (const line of lines) writer.append(line);
  writer.close();
}

const find = (changes: Partial<Parameters<typeof resumable>[1]> = {}): Resumable =>
  resumable(findSoaks(folder, now), { clusterUid: "uid-1", minutes: 120, now, ...changes });

test("without a folder there is no soak, and what is no record is told as such", () => {
  expect(findSoaks(folder, now)).toEqual([]);
  mkdirSync(join(folder, "empty"), { recursive: true });
  writeFileSync(join(folder, "uid-1.claim"), "");
  expect(findSoaks(folder, now)).toMatchObject([{ record: { ok: false } }]);
  expect(find()).toEqual({ state: "none" });
});

test("an open soak is gone on with, after a kill and after an interruption", () => {
  stands({ id: "soak-1" }, look(0));
  expect(find()).toMatchObject({ state: "resume", file: recordFile(folder, "soak-1"), record: { looks: [look(0)] } });
  stands({ id: "soak-2", clusterUid: "uid-2" }, look(0), ended("interrupted"));
  expect(find({ clusterUid: "uid-2" })).toMatchObject({ state: "resume" });
});

test.each<readonly [string, Partial<SoakPlan>, readonly SoakLine[]]>([
  ["another cluster", { clusterUid: "uid-3" }, []],
  ["a window that is over", { from: "2026-11-22T09:00:00.000Z", until: "2026-11-22T11:00:00.000Z" }, []],
  ["a burned budget", {}, [ended("stopped")]],
  ["its end", {}, [ended("complete")]],
])("a soak of %s is not gone on with", (_, changes, lines) => {
  stands(changes, ...lines);
  expect(find()).toEqual({ state: "none" });
});

test("another length and a second open soak are refused", () => {
  stands({ id: "soak-1" });
  expect(find({ minutes: 2880 })).toEqual({
    state: "refused",
    why: "soak-1 of this cluster is open until 2026-11-22T12:00:00.000Z: --soak 120m goes on with it, or move its folder away",
  });
  stands({ id: "soak-2" });
  expect(find()).toEqual({
    state: "refused",
    why: "soak-1 and soak-2 are both open: move the folder of one of them away",
  });
});

describe("a soak whose window is over", () => {
  const over = { from: "2026-11-22T09:00:00.000Z", until: "2026-11-22T11:00:00.000Z" };
  const firstLook = look(0, { at: "2026-11-22T09:00:05.000Z" });
  const told = (): string | undefined => cutOff(findSoaks(folder, now), { clusterUid: "uid-1", now });

  test.each<readonly [string, readonly SoakLine[]]>([
    ["killed", [firstLook]],
    ["interrupted", [firstLook, ended("interrupted")]],
  ])("is told of where it was %s before", (_, lines) => {
    stands({ id: "soak-1", ...over }, ...lines);
    expect(told()).toBe(
      "soak-1 of this cluster was cut off after 1 of 120 minutes, and its window was over at 2026-11-22T11:00:00.000Z: its record stays",
    );
  });

  test.each<readonly [string, Partial<SoakPlan>, readonly SoakLine[]]>([
    ["was brought to its end", over, [firstLook, ended("complete")]],
    ["was stopped", over, [firstLook, ended("stopped")]],
    ["is open", {}, [look(0)]],
    ["is another cluster's", { ...over, clusterUid: "uid-2" }, [firstLook]],
  ])("is not where it %s", (_, changes, lines) => {
    stands({ id: "soak-1", ...changes }, ...lines);
    expect(told()).toBe(undefined);
  });

  test("is not where a later one came to its end", () => {
    stands({ id: "soak-2", from: "2026-11-22T08:00:00.000Z", until: "2026-11-22T10:00:00.000Z" });
    stands({ id: "soak-1", ...over }, firstLook, ended("complete"));
    expect(told()).toBe(undefined);
  });
});
