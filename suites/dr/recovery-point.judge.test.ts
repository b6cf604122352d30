import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { FoundPart, RestoreRun } from "../../probes/restore/restore-run.ts";
import { asGone, exampleMarkers, exampleRestore, momentAt, restoreBut, verifiedAs } from "./restore-example.ts";
import { judgeRecoveryPoint } from "./restore.judge.ts";

const now = new Date("2026-11-22T12:03:00.000Z");
const nobody = unread<never>("403", "the API server", now);
const run = exampleRestore;
const recent = (of: RestoreRun) => judgeRecoveryPoint(of, { hoursMax: 26 });

type Row = readonly [what: string, run: RestoreRun, outcome: Outcome, because: RegExp];

const hours26 = 26 * 3_600_000;
/** One marker before the backup and one just before the loss, which is so long after the first. */
function aged(ms: number, states: readonly FoundPart["state"][] = ["intact", "missing"]): RestoreRun {
  const lossBegan = momentAt(500 + ms);
  const [first = never(), second = never()] = exampleMarkers;
  const markers = [first, { ...second, accepted: momentAt(500 + ms - 1_000) }];
  const found = markers.flatMap(({ id, parts }, index) =>
    parts.map((part): FoundPart => ({ id, part, state: states[index] ?? "missing", said: "" })),
  );
  return run({
    markers,
    lossBegan,
    backup: { name: "b", requested: momentAt(5_000) },
    ended: momentAt(ms + 600_000),
    verifications: (["route", "sql"] as const).map((way) => ({ way, found: read(found, way, now) })),
  });
}

test.each<Row>([
  ["of this minute", run(), "pass", /what was written up to 20\.5 s before the loss came back/],
  ["just young enough", aged(hours26), "pass", /./],
  ["just too old", aged(hours26 + 1), "fail", /newest marker that came back was 26 h old at the loss, at most 26 h/],
  [
    "that may be older than one that could not be read",
    aged(hours26 + 1, ["intact", "unread"]),
    "unproven",
    /1 markers that are newer could not be read/,
  ],
  ["young enough, beside one that could not be read", aged(hours26, ["intact", "unread"]), "pass", /./],
  ["of none", run(verifiedAs(asGone)), "fail", /none of 90 markers came back/],
  [
    "of none that could be read",
    run(verifiedAs((found) => ({ ...found, state: "unread" }))),
    "unproven",
    /which markers came back is not known: 90 could not be read/,
  ],
  ["without markers", run({ markers: [] }), "unproven", /no marker was accepted before the loss/],
  [
    "with the last marker just in time",
    run({ lossBegan: momentAt(89_500 + 30_000), ended: momentAt(200_000) }),
    "pass",
    /./,
  ],
  [
    "with the last marker just too early",
    run({ lossBegan: momentAt(89_500 + 30_001), ended: momentAt(200_000) }),
    "unproven",
    /accepted 30\.001 s before the loss/,
  ],
  ["of what nobody saw gone", run({ destroyed: nobody }), "unproven", /was gone could not be told/],
  ["that nobody verified", run({ verifications: [] }), "unproven", /nobody verified/],
  ["with a clock that stepped back", run({ lossBegan: momentAt(90_000, -5_000) }), "unproven", /clock stepped/],
])("a recovery point %s", (_, of, outcome, because) => {
  expect(recent(of)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a recovery point has what was lost beside it, and the holes behind it", () => {
  const { evidence } = recent(restoreBut("marker-65", "row", "missing"));
  expect(evidence.map(({ what, value, unit }) => [what, value, unit])).toEqual([
    ["age of the newest marker that came back", 0.01, "h"],
    ["time of which the writes were lost", 20, "s"],
    ["older markers that did not come back", 1, "markers"],
  ]);
});

function never(): never {
  throw new Error("the example has it");
}
