import { describe, expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import {
  judgeDependencyOutage,
  judgeDisturbance,
  judgeNodeLoss,
  judgePodRestart,
  judgeRollback,
  judgeScaling,
} from "./resilience.judge.ts";
import type { WatchedDrill } from "./watched-drill.ts";
import {
  acceptedBut,
  asksBut,
  asksWithout,
  exampleAccepted,
  exampleDrill,
  exampleNow,
  observedDrill,
  recordDrill,
  refused,
} from "./watched-example.ts";

const file = "timeline-x.json";
const unseen = { sort: "unseen", said: "no answer within 5000 ms" } as const;
const nothing = unread<never>("the users could not sign in", "sign-in", exampleNow);

type Row = readonly [what: string, drill: WatchedDrill, outcome: Outcome, because: RegExp];

const judges = {
  "pod-restart": (drill: WatchedDrill) => judgePodRestart(drill, { file, secondsMax: 120 }),
  scaling: (drill: WatchedDrill) => judgeScaling(drill, { file }),
  "node-loss": (drill: WatchedDrill) => judgeNodeLoss(drill, { file, secondsMax: 600 }),
  "dependency-outage": (drill: WatchedDrill) =>
    judgeDependencyOutage(drill, { file, secondsMax: 120, outageSecondsMin: 60 }),
  disturbance: (drill: WatchedDrill) => judgeDisturbance(drill, { file, secondsMax: 120 }),
  rollback: (drill: WatchedDrill) =>
    judgeRollback(drill, read({ by: "progress deadline", atMs: 30_000 }, "the Deployment", exampleNow), {
      file,
      secondsMax: 300,
    }),
} as const;

/** What holds for every drill with users. */
const shared: readonly Row[] = [
  ["that went well", exampleDrill(), "pass", /./],
  ["that could not be undone", observedDrill({ removeError: "403" }), "fail", /pod-kill could not be removed: 403/],
  [
    "that was not steady before",
    observedDrill({
      before: { atMs: 0, outcome: "fail", because: "a pod is pending" },
      injectedAtMs: undefined,
      felt: undefined,
      feltAtMs: undefined,
    }),
    "unproven",
    /not steady before/,
  ],
  [
    "that was not injected",
    observedDrill({ injectedAtMs: undefined, felt: undefined, feltAtMs: undefined }),
    "unproven",
    /was not injected/,
  ],
  ["that was not felt", observedDrill({ felt: undefined, feltAtMs: undefined }), "unproven", /injected but not felt/],
  [
    "that was not felt, whatever users met",
    observedDrill({ felt: undefined, feltAtMs: undefined }, { accepted: acceptedBut({ fate: "lost", said: "404" }) }),
    "unproven",
    /not felt/,
  ],
  ["that nobody watched", exampleDrill({ watch: nothing }), "unproven", /nobody watched pod-kill: the users could not/],
  [
    "with a write lost",
    recordDrill({ accepted: acceptedBut({ fate: "lost", said: "refused with 404" }) }),
    "fail",
    /1 of 161 accepted writes of todo-backend are lost, as id-\d+: refused with 404/,
  ],
  [
    "with a write altered",
    recordDrill({ accepted: acceptedBut({ fate: "altered", said: "x" }, "health-api") }),
    "fail",
    /accepted writes of health-api are altered/,
  ],
  [
    "with a write that was not read back",
    recordDrill({ accepted: acceptedBut({ fate: "unread", said: "503" }) }),
    "unproven",
    /1 accepted writes of todo-backend could not be read back: 503/,
  ],
  [
    "with a write lost and another not read back",
    recordDrill({
      accepted: acceptedBut({ fate: "lost", said: "404" }).map((one, index) =>
        index === 0 ? { ...one, fate: "unread" } : one,
      ),
    }),
    "fail",
    /are lost/,
  ],
  ["without an accepted write", recordDrill({ accepted: [] }), "unproven", /health-api accepted no write/],
  [
    "without an accepted write of one service",
    recordDrill({ accepted: exampleAccepted().filter(({ service }) => service === "health-api") }),
    "unproven",
    /todo-backend accepted no write/,
  ],
  ["with writes left behind", recordDrill({ left: 2 }), "unproven", /2 writes of the watch may still be there/],
  ["with a watch cut short", recordDrill({ cut: "interrupted" }), "unproven", /watch was cut short: interrupted/],
  ["with a hole just small enough", recordDrill({ asks: asksWithout(30_001, 32_999, "health-api") }), "pass", /./],
  [
    "with a hole just too large",
    recordDrill({ asks: asksWithout(30_001, 33_001, "health-api") }),
    "unproven",
    /health-api was not asked for 3\.5 s/,
  ],
  [
    "with a watch that ended before the recovery",
    recordDrill({ asks: asksWithout(60_000, 999_000) }),
    "unproven",
    /was not asked for 1\d(\.\d)? s/,
  ],
  [
    "with a watch that began with the fault",
    recordDrill({ asks: asksWithout(-99_000, 1_000) }),
    "unproven",
    /nobody asked health-api before the fault/,
  ],
  [
    "with users who were not well before",
    recordDrill({ asks: asksBut(-5_000, -4_000, refused) }),
    "unproven",
    /users of health-api were not well before the fault: refused with 503/,
  ],
  [
    "with an answer that nobody saw",
    recordDrill({ asks: asksBut(30_000, 30_400, unseen, "health-api") }),
    "unproven",
    /1 of 598 answers could not be seen: no answer/,
  ],
  ["without a service", recordDrill({ services: [], asks: [], accepted: [] }), "unproven", /no service was watched/],
  [
    "with the observation cut short",
    observedDrill({ interrupted: true, cutBecause: "its budget" }),
    "unproven",
    /was cut short: its budget/,
  ],
  [
    "with a steady state lost for longer than planned",
    { ...exampleDrill(), survival: { lostMsMax: 17_999, recoverMsMax: 60_000 } },
    "fail",
    /steady state lost for 18000 ms/,
  ],
  [
    "with a steady state lost for as long as planned",
    { ...exampleDrill(), survival: { lostMsMax: 18_000, recoverMsMax: 60_000 } },
    "pass",
    /./,
  ],
];

describe.each(Object.entries(judges))("%s", (_, judge) => {
  test.each(shared)("a drill %s", (_what, drill, outcome, because) => {
    expect(judge(drill)).toMatchObject({ outcome, because: expect.stringMatching(because) });
  });
});

test("the facts hold what was measured, with the file of the picture; an alert gives the time to detect", () => {
  const firing = [
    { alert: "Before", labels: {}, fromMs: Date.parse("2026-11-22T12:00:10.500Z"), untilMs: 0 },
    { alert: "TargetDown", labels: {}, fromMs: Date.parse("2026-11-22T12:00:53.000Z"), untilMs: 0 },
  ];
  const drill = exampleDrill({ firing: read(firing, "Prometheus", exampleNow) });
  const { evidence } = judges["pod-restart"](drill);
  expect(evidence).toContainEqual(
    expect.objectContaining({ what: "time from killed to whole", value: 19, unit: "s", limit: "at most 120" }),
  );
  expect(evidence).toContainEqual(
    expect.objectContaining({ what: "accepted writes lost", value: 0, limit: "0 of 322", samples: 322, file }),
  );
  expect(evidence).toContainEqual(
    expect.objectContaining({ what: "time to detect by TargetDown", value: 42, unit: "s" }),
  );
  const unknown = judges["pod-restart"](exampleDrill({ firing: unread("no Prometheus", "x", exampleNow) }));
  expect(unknown).toMatchObject({ outcome: "pass" });
  expect(unknown.evidence).toContainEqual(
    expect.objectContaining({ what: "detected by an alert", value: "unknown: no Prometheus" }),
  );
});
