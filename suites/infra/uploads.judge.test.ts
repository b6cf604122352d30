import { expect, test } from "vitest";
import { read, unread, type Outcome as Verdicts } from "../../harness/verdict.ts";
import type { Narrative, StoredRecord } from "../../probes/health-api/client.ts";
import type { Asked, Outcome } from "../../probes/http/outcome.ts";
import { judgeNarratives, judgeUploads, type NarratedUpload, type ReadBack, type UploadTry } from "./uploads.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const sent = { kind: "heart-rate", value: 61.5, unit: "bpm", measuredAt: "2026-11-22T08:00:00.000Z" };
const stored: StoredRecord = {
  ...sent,
  id: "0189dbd1-1c1a-7d57-8f5c-0242ac120002",
  owner: "bob-a",
  sha256: "a".repeat(64),
  recordedAt: now.toISOString(),
};
const text = "At 2026-11-22T08:00:00.000Z the heart-rate was 61.5 bpm.";
const narrative: Narrative = { record: stored.id, text, sha256: stored.sha256, writtenAt: now.toISOString() };

const asked = <T>(value: Outcome<T>): Asked<T> => read(value, "https://health.test", now);
const done = <T>(value: T): Asked<T> => asked({ kind: "done", value });
const late = unread<never>("GET x: no answer within 5000 ms", "x", now);
const signedIn = read({}, "sign-in of bob-a", now);

const good: ReadBack = {
  user: "bob-a",
  sent,
  uploaded: done(stored),
  found: [done(stored), done(stored)],
  removed: done({}),
};
const triesOf = <T>(did: T): UploadTry<T>[] => [0, 1, 2].map(() => ({ user: "bob-a", signedIn, did }));

type Row<T> = readonly [string, Partial<T>, Verdicts, RegExp];

test.each<Row<ReadBack>>([
  ["unaltered", {}, "pass", /^3 uploads of signed-in users came back unaltered/],
  [
    "refused",
    { uploaded: asked({ kind: "refused", status: 503, said: "away" }) },
    "fail",
    /^bob-a's upload was refused with 503 \(away\)$/,
  ],
  ["answered by nobody", { uploaded: asked({ kind: "unanswered", why: "reset" }) }, "fail", /not answered \(reset\)/],
  ["answered with something else", { uploaded: asked({ kind: "malformed", why: "id" }) }, "fail", /something else: id/],
  ["altered at once", { uploaded: done({ ...stored, value: 61.4 }) }, "fail", /upload was altered: value is 61.4/],
  [
    "altered when read",
    { found: [done({ ...stored, value: 62.5 })] },
    "fail",
    /^bob-a's record was altered: value is 62.5, not 61.5$/,
  ],
  ["altered in the cache", { found: [done(stored), done({ ...stored, unit: "x" })] }, "fail", /altered: unit is x/],
  ["given to somebody else", { found: [done({ ...stored, owner: "eve" })] }, "fail", /stored as eve's/],
  ["lost", { found: [asked({ kind: "refused", status: 404, said: "no" })] }, "fail", /record was refused with 404/],
  ["not deletable", { removed: asked({ kind: "refused", status: 500, said: "" }) }, "fail", /deletion was refused/],
  ["not answered in time", { uploaded: late }, "unproven", /no answer within/],
  ["not read in time", { found: [done(stored), late] }, "unproven", /no answer within/],
])("an upload %s", (_, change, outcome, because) => {
  const verdict = judgeUploads(triesOf({ ...good, ...change }), 3);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

const told: NarratedUpload = { user: "bob-a", sent, uploaded: done(stored), narrative: done(narrative), seconds: 0.4 };

test.each<Row<NarratedUpload>>([
  ["in time", {}, "pass", /^3 uploads were told by a narrative within 60 s$/],
  ["just in time", { seconds: 60 }, "pass", /within 60 s/],
  ["just late", { seconds: 60.1 }, "fail", /narrative after 60.1 s was late/],
  [
    "never",
    { narrative: asked({ kind: "refused", status: 404, said: "none" }), seconds: 59.9 },
    "fail",
    /^bob-a's narrative after 59.9 s was refused with 404 \(none\)$/,
  ],
  [
    "with another value",
    { narrative: done({ ...narrative, text: text.replace("61.5", "6") }) },
    "fail",
    /not tell 61.5/,
  ],
  ["of another record", { narrative: done({ ...narrative, record: "x" }) }, "fail", /of another record/],
  ["from another object", { narrative: done({ ...narrative, sha256: "b" }) }, "fail", /another object/],
  [
    "of an upload that was refused",
    { uploaded: asked({ kind: "refused", status: 401, said: "" }) },
    "fail",
    /with 401/,
  ],
  ["that nobody could ask for", { narrative: late }, "unproven", /no answer within/],
])("a narrative %s", (_, change, outcome, because) => {
  const verdict = judgeNarratives(triesOf({ ...told, ...change }), { samplesMin: 3, secondsMax: 60 });
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("an upload that was refused fails without a narrative to measure", () => {
  const uploaded = asked<StoredRecord>({ kind: "refused", status: 503, said: "away" });
  const verdict = judgeNarratives(triesOf({ user: "bob-a", sent, uploaded }), { samplesMin: 3, secondsMax: 60 });
  expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(/upload was refused with 503/) });
});

test("who cannot sign in, who did nothing, and too few prove nothing; a fault stands beside them", () => {
  const locked = { user: "bob-a", signedIn: unread<never>("sign-in of bob-a: no", "x", now) };
  expect(judgeUploads([...triesOf(good), locked], 3)).toMatchObject({
    outcome: "unproven",
    because: locked.signedIn.ok ? "" : locked.signedIn.why,
  });
  expect(judgeUploads([...triesOf(good), { user: "eve", signedIn }], 3).because).toBe("eve did nothing");
  expect(judgeUploads(triesOf(good).slice(1), 3).because).toBe("2 uploads, where 3 are asked for");
  expect(judgeUploads([], 3).outcome).toBe("unproven");
  const lost = { ...good, found: [asked<StoredRecord>({ kind: "refused", status: 404, said: "" })] };
  expect(judgeUploads([...triesOf(lost), locked], 3).outcome).toBe("fail");
});
