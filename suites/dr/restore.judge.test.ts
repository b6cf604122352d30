import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import { rebuildStages, restoreStages, type RestoreRun } from "../../probes/restore/restore-run.ts";
import {
  asGone,
  exampleMarkers,
  exampleRestore,
  exampleStages,
  foundParts,
  momentAt,
  restoreBut,
  restoreOf,
  verifiedAs,
} from "./restore-example.ts";
import { judgeRestoreData, judgeRestoreTime } from "./restore.judge.ts";

const now = new Date("2026-11-22T12:03:00.000Z");
const nobody = unread<never>("403", "the API server", now);
const run = exampleRestore;
const inTime = (of: RestoreRun) => judgeRestoreTime(of, { stages: restoreStages, secondsMax: 7200 });
const intact = (of: RestoreRun) => judgeRestoreData(of, { samplesMin: 100 });

type Row = readonly [what: string, run: RestoreRun, outcome: Outcome, because: RegExp];

/** What makes data unproven or lost does so for the time to verified data, too. */
const ofData: readonly Row[] = [
  ["with everything back", run(), "pass", /./],
  ["without markers", run({ markers: [] }), "unproven", /no marker was accepted/],
  [
    "without a marker before the backup",
    run({ markers: exampleMarkers.slice(60) }),
    "unproven",
    /no marker was accepted before the backup/,
  ],
  [
    "that nobody verified",
    run({ verifications: [] }),
    "unproven",
    /nobody verified the data by route; nobody verified the data by sql/,
  ],
  [
    "verified by the route alone",
    run({ verifications: exampleRestore().verifications.slice(0, 1) }),
    "unproven",
    /nobody verified the data by sql/,
  ],
  [
    "verified as SQL alone",
    run({ verifications: exampleRestore().verifications.slice(1) }),
    "unproven",
    /nobody verified the data by route/,
  ],
  [
    "whose data could not be read by the route",
    run({ verifications: [{ way: "route", found: nobody }, ...exampleRestore().verifications.slice(1)] }),
    "unproven",
    /could not be verified by route: 403/,
  ],
  [
    "with a marker that nobody looked at",
    run({ markers: [{ ...(exampleMarkers[0] ?? never()), id: "another" }, ...exampleMarkers] }),
    "unproven",
    /2 of 122 rows and objects were not verified: nobody looked at them/,
  ],
  [
    "with a row that could not be read",
    restoreBut("marker-3", "row", "unread"),
    "unproven",
    /1 of 120 rows and objects were not verified: so it is/,
  ],
  [
    "with a row altered",
    restoreBut("marker-3", "row", "altered"),
    "fail",
    /1 of 120 rows and objects are altered, as marker-3: so it is/,
  ],
  ["with an object altered", restoreBut("marker-3", "object", "altered"), "fail", /are altered, as marker-3/],
  [
    "with a row lost",
    restoreBut("marker-59", "row", "missing"),
    "fail",
    /1 of 120 rows and objects are missing, as marker-59/,
  ],
  [
    "with a row lost that was accepted after the backup was asked for",
    restoreBut("marker-60", "row", "missing"),
    "pass",
    /./,
  ],
  ["with a row that one way alone found altered", rowAlteredBySql(), "fail", /are altered, as marker-3/],
  [
    "that is Completed over an empty volume",
    run({ ...verifiedAs(asGone), restore: restoreOf({ volumes: [volume(0)] }) }),
    "fail",
    /restore drill-1-restore is Completed with 0 of 61000000 bytes in the volume of n\/data; 120 of 120 rows and objects are missing/,
  ],
  [
    "that is Completed over an empty volume, with data from elsewhere",
    run({ restore: restoreOf({ volumes: [volume(0)] }) }),
    "fail",
    /is Completed with 0 of/,
  ],
  [
    "that is Completed over half a volume",
    run({ restore: restoreOf({ volumes: [volume(60_999_999)] }) }),
    "fail",
    /with 60999999 of 61000000 bytes/,
  ],
  [
    "of a volume that held nothing",
    run({ restore: restoreOf({ volumes: [{ ...volume(0), backedUpBytes: 0 }] }) }),
    "fail",
    /with 0 of 0 bytes/,
  ],
  ["without a volume", run({ restore: restoreOf({ volumes: [] }) }), "unproven", /no volume was restored/],
  [
    "that is not complete",
    run({ restore: restoreOf({ phase: "PartiallyFailed" }) }),
    "fail",
    /ended as PartiallyFailed/,
  ],
  ["that never began", run({ restore: restoreOf({ phase: "" }) }), "fail", /ended as nothing/],
  ["with an error", run({ restore: restoreOf({ errors: 1 }) }), "fail", /had 1 errors/],
  ["that cannot be read", run({ restore: nobody }), "unproven", /the restore could not be read: 403/],
  [
    "of what nobody saw gone",
    run({ destroyed: nobody }),
    "unproven",
    /whether namespace health-platform was gone could not be told: 403/,
  ],
  [
    "with a clock that stepped back before the loss",
    run({ lossBegan: momentAt(90_000, -2_001) }),
    "unproven",
    /the clock stepped before the loss/,
  ],
  ["with a clock that stepped a little", run({ lossBegan: momentAt(90_000, -2_000) }), "pass", /./],
  [
    "with a moment that is none",
    run({ lossBegan: { ms: 90_000, at: "noon" } }),
    "unproven",
    /the clock stepped before the loss/,
  ],
  [
    "with a backup that was asked for before the first marker",
    run({ backup: { name: "b", requested: momentAt(400) } }),
    "unproven",
    /clock stepped before the backup/,
  ],
];

test.each(ofData)("the data of a restore %s", (_, of, outcome, because) => {
  expect(intact(of)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each(ofData)("the time of a restore %s", (_, of, outcome, because) => {
  expect(inTime(of)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("as many rows and objects as are asked for, and one fewer", () => {
  const few = (markers: number) => run({ markers: exampleMarkers.slice(0, markers) });
  expect(intact(few(50))).toMatchObject({
    outcome: "pass",
    because: "100 rows and objects of before the backup came back unaltered",
  });
  expect(intact(few(49))).toMatchObject({
    outcome: "unproven",
    because: "98 rows and objects were verified, where 100 are asked for",
  });
});

const late = (ms: number) =>
  run({ stages: exampleStages({ "data verified": momentAt(110_000 + ms) }), ended: momentAt(9e6) });
const stepped = (name: string, aheadMs: number, ms: number) =>
  run({ stages: exampleStages({ [name]: momentAt(ms, aheadMs) }) });

test.each<Row>([
  ["just in time", late(7_199_999), "pass", /restored and its data verified in less than 7200 s/],
  ["at the limit", late(7_200_000), "fail", /it took 7200 s from declared to data verified, below 7200 s/],
  [
    "without its declaration",
    run({ stages: exampleStages({ declared: undefined }) }),
    "unproven",
    /nobody noted when the loss was declared/,
  ],
  [
    "without a stage",
    run({ stages: exampleStages({ "pods ready": undefined }) }),
    "unproven",
    /nobody saw when these were reached: pods ready/,
  ],
  [
    "without its end",
    run({ stages: exampleStages({ "data verified": undefined }) }),
    "unproven",
    /^data verified: not reached 70 s after it was declared$/,
  ],
  [
    "without its end when the limit had passed",
    run({ stages: exampleStages({ "data verified": undefined }), ended: momentAt(110_000 + 7_200_000) }),
    "fail",
    /not reached 7200 s after it was declared, below 7200 s/,
  ],
  [
    "with stages out of order",
    run({ stages: exampleStages({ "pods ready": momentAt(139_999) }) }),
    "unproven",
    /pods ready was reached before restore completed/,
  ],
  [
    "with a clock that stepped back",
    stepped("pods ready", -2_001, 150_000),
    "unproven",
    /the clock stepped between restore completed and pods ready/,
  ],
  ["with a clock that stepped forward", stepped("pods ready", 2_001, 150_000), "unproven", /the clock stepped/],
  ["with a clock that was set right a little", stepped("pods ready", 2_000, 150_000), "pass", /./],
  [
    "with a stage twice",
    run({ stages: [...exampleStages(), ...exampleStages().slice(1, 2)] }),
    "unproven",
    /the stage 'restore created' is not known, or stands there twice/,
  ],
  [
    "with a stage of its own",
    run({ stages: [...exampleStages(), { name: "tea" }] }),
    "unproven",
    /the stage 'tea' is not known/,
  ],
])("a restore %s", (_, of, outcome, because) => {
  expect(inTime(of)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("the facts are the whole time and each stage's own", () => {
  const { evidence } = inTime(run());
  expect(evidence[0]).toMatchObject({
    what: "time from declared to data verified",
    value: 60,
    unit: "s",
    limit: "below 7200",
    file: "restore-run.json",
  });
  expect(evidence.slice(1, 5).map(({ what, value }) => [what, value])).toEqual([
    ["from declared to restore created", 1],
    ["from restore created to restore completed", 29],
    ["from restore completed to pods ready", 10],
    ["from pods ready to data verified", 20],
  ]);
});

test("a rebuild has stages of its own, and its own limit", () => {
  const stages = [
    ...exampleStages(),
    { name: "cluster ready", reached: momentAt(110_400) },
    { name: "backup found", reached: momentAt(110_800) },
  ];
  const judge = (of: RestoreRun) => judgeRestoreTime(of, { stages: rebuildStages, secondsMax: 14_400 });
  expect(judge(run({ stages }))).toMatchObject({ outcome: "pass" });
  expect(judge(run())).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/cluster ready, backup found/),
  });
  const verifiedAt = (ms: number) =>
    stages.map((one) => (one.name === "data verified" ? { ...one, reached: momentAt(110_000 + ms) } : one));
  expect(judge(run({ stages: verifiedAt(14_399_999), ended: momentAt(2e7) }))).toMatchObject({ outcome: "pass" });
  expect(judge(run({ stages: verifiedAt(14_400_000), ended: momentAt(2e7) }))).toMatchObject({ outcome: "fail" });
});

function volume(restoredBytes: number) {
  return { claim: "n/data", backedUpBytes: 61_000_000, restoredBytes };
}

function rowAlteredBySql(): RestoreRun {
  const [route = never(), sql = never()] = exampleRestore().verifications;
  const found = foundParts((one) =>
    one.id === "marker-3" && one.part === "row" ? { ...one, state: "altered", said: "x" } : one,
  );
  return run({ verifications: [route, { ...sql, found: read(found, "flow prober", now) }] });
}

function never(): never {
  throw new Error("the example has it");
}

test("how long the pods took to be of their own templates again stands beside the time, and is no part of it", () => {
  const renewed = momentAt(170_000 + 8_000_000);
  const verdict = inTime(run({ renewed }));
  expect(verdict.outcome).toBe("pass");
  const what = "afterwards, until all pods were of their own templates";
  expect(verdict.evidence.find((fact) => fact.what === what)).toMatchObject({ value: 8000, unit: "s" });
  expect(inTime(run()).evidence.some((fact) => fact.what === what)).toBe(false);
  const unverified = run({ renewed, stages: exampleStages({ "data verified": undefined }) });
  expect(inTime(unverified).evidence.some((fact) => fact.what === what)).toBe(false);
});
