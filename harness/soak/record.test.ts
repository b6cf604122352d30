import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { SoakLine } from "./lines.ts";
import { createRecord, parseRecord, readRecord, resumeRecord } from "./record.ts";
import { ended, look, plan } from "./soak-examples.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
let file = "";

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "oke-proof-soak-")), "soak-1", "looks.jsonl");
});

const began: SoakLine = { kind: "began", at: plan().from, by: "host 17" };

/** A record with these lines behind its plan. */
function written(...lines: readonly SoakLine[]): Buffer {
  const writer = createRecord(file, plan());
  for (const line of lines) writer.append(line);
  writer.close();
  return readFileSync(file);
}

function resumed(): ReturnType<typeof resumeRecord> {
  const record = readRecord(file, at);
  if (!record.ok) throw new Error(record.why);
  return resumeRecord(file, record.value);
}

test("what was written is read", () => {
  written(began, look(0), look(1), look(3), ended("complete"));
  expect(readRecord(file, at)).toMatchObject({
    ok: true,
    value: { plan: plan(), sessions: 1, looks: [look(0), look(1), look(3)], ended: ended("complete") },
  });
});

test("after a torn line the next writer goes on behind the last whole one", () => {
  written(began, look(0));
  appendFileSync(file, '{"sum":"0123456789abcdef","line":{"kind":"look","min');
  const writer = resumed();
  writer.append(began);
  writer.append(look(1));
  writer.close();
  expect(readRecord(file, at)).toMatchObject({ ok: true, value: { sessions: 2, looks: [look(0), look(1)] } });
});

test("a whole line without its end is torn, too", () => {
  const content = written(began, look(0), look(1));
  truncateSync(file, content.length - 1);
  expect(readRecord(file, at)).toMatchObject({ ok: true, value: { looks: [look(0)] } });
});

test.each<readonly [string, readonly SoakLine[], RegExp]>([
  ["a minute twice", [began, look(1), look(1)], /line 4 is of minute 1, which is over$/],
  ["an earlier minute", [began, look(2), look(1)], /line 4 is of minute 1, which is over$/],
  ["a minute after the window", [began, look(121)], /line 3 is of minute 121, which is none of the window$/],
  ["a look made in another minute", [began, { ...look(5), minute: 4 }], /line 3 was not made in minute 4$/],
  ["a second plan", [began, plan()], /line 3 is a second plan$/],
  ["a line after the end", [began, ended("complete"), look(1)], /line 4 comes after the end$/],
  ["a session after its budget was burned", [began, ended("stopped"), began], /line 4 comes after the end$/],
  ["a look after an interruption that nobody ended", [began, ended("interrupted"), look(1)], /line 4 comes after/],
])("a record with %s proves nothing", (_, lines, why) => {
  written(...lines);
  expect(readRecord(file, at)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("the closing look at the end of the window belongs to it, and an interrupted watch may begin again", () => {
  written(began, look(0), ended("interrupted"), began, look(120), ended("complete"));
  expect(readRecord(file, at)).toMatchObject({ ok: true, value: { sessions: 2, looks: [look(0), look(120)] } });
});

test.each<readonly [string, object, RegExp]>([
  ["half a minute", { until: "2026-11-22T12:00:30.000Z" }, /plans a window of 120\.5 minutes$/],
  ["no minute", { until: plan().from }, /plans a window of 0 minutes$/],
])("a plan of %s is none", (_, changes, why) => {
  createRecord(file, { ...plan(), ...changes }).close();
  expect(readRecord(file, at)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("a line that was taken out, moved or changed is found", () => {
  const rows = written(began, look(0), look(1), look(2)).toString().split("\n");
  const without = (index: number): string => rows.toSpliced(index, 1).join("\n");
  for (const index of [0, 1, 2, 3]) expect(parseRecord(Buffer.from(without(index)), "x", at).ok).toBe(false);
  const moved = [...rows.slice(0, 2), rows[3], rows[2], ...rows.slice(4)].join("\n");
  expect(parseRecord(Buffer.from(moved), "x", at)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/line 3 is damaged/),
  });
  const bent = rows.join("\n").replace('"minute":1', '"minute":9');
  expect(parseRecord(Buffer.from(bent), "x", at)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/line 4 is damaged/),
  });
});

test("the last lines can be missing, and then they are: a record is no proof of more than it holds", () => {
  const rows = written(began, look(0), look(1)).toString().split("\n");
  const short = Buffer.from(`${rows.slice(0, 3).join("\n")}\n`);
  expect(parseRecord(short, "x", at)).toMatchObject({ ok: true, value: { looks: [look(0)] } });
});

test("no file, an empty one and one of another kind hold no plan", () => {
  expect(readRecord(file, at)).toMatchObject({ ok: false, why: expect.stringMatching(/could not be read: ENOENT/) });
  expect(parseRecord(Buffer.from(""), "x", at)).toMatchObject({ ok: false, why: expect.stringMatching(/no plan/) });
  expect(parseRecord(Buffer.from("{}\n"), "x", at)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/line 1 is damaged/),
  });
});

test("a record is never begun over another", () => {
  written(began);
  writeFileSync(`${file}.new`, "");
  expect(() => createRecord(file, plan())).toThrow(`beginning the soak's record ${file}`);
});

test("cut at any byte, a record holds the lines before the cut", () => {
  const content = written(began, look(0), look(1), look(2), ended("complete"));
  const whole = [look(0), look(1), look(2)];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: content.length }), (length) => {
      const cut = content.subarray(0, length);
      const found = parseRecord(cut, "x", at);
      // The plan and the begin stand before the first look; without its plan it is no record.
      const lines = cut.toString().split("\n").length - 1;
      expect(found.ok ? found.value.looks : undefined).toEqual(
        lines === 0 ? undefined : whole.slice(0, Math.max(lines - 2, 0)),
      );
    }),
  );
});

test("with any byte changed, a record is refused; with its very last, the last look is torn", () => {
  const content = written(began, look(0), look(1), look(2));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: content.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const bent = Buffer.from(content);
      bent[index] = (bent[index] ?? 0) ^ change;
      const found = parseRecord(bent, "x", at);
      expect(found.ok ? found.value.looks : undefined).toEqual(
        index === content.length - 1 ? [look(0), look(1)] : undefined,
      );
    }),
    { numRuns: 500 },
  );
});

test("no bytes make the parser throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(parseRecord(Buffer.from(bytes), "x", at).ok).toBe(false);
    }),
  );
});
