import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIncidentLog, readIncidentLog } from "./incident-log.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const incident = { id: "INC-1", from: "2026-11-10T10:00:00Z", until: "2026-11-10T10:20:00Z", summary: "no sign-in" };
const log = {
  schemaVersion: 1,
  clusterUid: "uid-1",
  attestedBy: "A. Person, on call",
  attestedAt: "2026-11-16T09:00:00+01:00",
  from: "2026-11-09T08:00:00Z",
  until: "2026-11-16T08:00:00Z",
  incidents: [incident],
};
const parse = (changes: object) => parseIncidentLog(JSON.stringify({ ...log, ...changes }), "log.json", at);

test("a log is read as it was written", () => {
  expect(parse({})).toEqual({ ok: true, value: log, source: "log.json", at: at.toISOString() });
  expect(parse({ incidents: [] })).toMatchObject({ ok: true, value: { incidents: [] } });
  expect(parse({ incidents: [{ ...incident, until: undefined }] })).toMatchObject({ ok: true });
});

test.each<readonly [string, object, RegExp]>([
  ["nobody attests", { attestedBy: " " }, /attestedBy/],
  ["no cluster is named in", { clusterUid: undefined }, /clusterUid/],
  ["no list of incidents is in", { incidents: undefined }, /incidents/],
  ["holds a time without a zone", { from: "2026-11-09T08:00:00" }, /from: /],
  ["holds a day that is none", { from: "2026-02-30T08:00:00Z" }, /from: /],
  ["ends where it begins", { until: log.from }, /until: does not come after/],
  ["was attested a second too early", { attestedAt: "2026-11-16T07:59:59Z" }, /nobody can attest what is to come/],
  [
    "has an incident that ends before it begins",
    { incidents: [{ ...incident, until: "2026-11-10T09:59:59Z" }] },
    /incidents\.0\.until: comes before/,
  ],
  ["has an incident twice", { incidents: [incident, incident] }, /incidents\.1\.id: stands twice/],
  ["has an incident without words", { incidents: [{ ...incident, summary: "" }] }, /incidents\.0\.summary/],
  ["has a field that nobody knows", { noIncidents: true }, /noIncidents/],
  ["is of another version", { schemaVersion: 2 }, /schemaVersion/],
])("a log that %s is none", (_, changes, why) => {
  expect(parse(changes)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("a log that is attested at the very end is one", () => {
  expect(parse({ attestedAt: log.until })).toMatchObject({ ok: true });
});

test("a file is read, and one that is not there is no empty log", () => {
  const file = join(mkdtempSync(join(tmpdir(), "oke-proof-log-")), "log.json");
  expect(readIncidentLog(file, at)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/could not be read: ENOENT/),
  });
  writeFileSync(file, JSON.stringify(log));
  expect(readIncidentLog(file, at)).toMatchObject({ ok: true, value: log });
  writeFileSync(file, JSON.stringify(log).slice(0, -1));
  expect(readIncidentLog(file, at)).toMatchObject({ ok: false, why: expect.stringMatching(/is not JSON/) });
});

test("no text makes the parser throw, and none is a log by chance", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseIncidentLog(text, "log.json", at).ok).toBe(false);
    }),
  );
});

test("a log with any one field spoilt is read as it was written, or not at all", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(log)), fc.jsonValue(), (field, value) => {
      const found = parse({ [field]: value });
      const spoilt = { ...log, [field]: typeof value === "string" ? value.trim() : value };
      // A refusal holds nothing that could be compared: the log itself stands for it.
      const [told, expected] = found.ok ? [found.value, spoilt] : [log, log];
      expect(told).toEqual(expected);
      expect(told).toMatchObject({ attestedBy: expect.stringMatching(/\S/), schemaVersion: 1 });
    }),
  );
});
