import { expect, test } from "vitest";
import { type Outcome } from "../../harness/verdict.ts";
import { judgeNodeLoss, judgePodRestart, judgeScaling } from "./resilience.judge.ts";
import type { WatchedDrill } from "./watched-drill.ts";
import {
  acceptedBut,
  asksBut,
  beganMs,
  exampleAccepted,
  exampleDrill,
  exampleObserved,
  nodeAway,
  observedDrill,
  recordDrill,
  refused,
  silent,
  wrong,
} from "./watched-example.ts";

const file = "timeline-x.json";

type Row = readonly [what: string, drill: WatchedDrill, outcome: Outcome, because: RegExp];

const judges = {
  "pod-restart": (drill: WatchedDrill) => judgePodRestart(drill, { file, secondsMax: 120 }),
  scaling: (drill: WatchedDrill) => judgeScaling(drill, { file }),
  "node-loss": (drill: WatchedDrill) => judgeNodeLoss(drill, { file, secondsMax: 600 }),
} as const;

const whole = (atMs: number) =>
  observedDrill({
    during: [
      { atMs: 3_000, outcome: "fail", because: "a pod is gone" },
      { atMs, outcome: "pass", because: "" },
    ],
    removedAtMs: 140_000,
    recoveredAtMs: 140_500,
    after: { atMs: 140_500, outcome: "pass", because: "" },
  });

test.each<Row>([
  [
    "whole just in time",
    { ...whole(121_000), survival: { lostMsMax: 200_000, recoverMsMax: 60_000 } },
    "pass",
    /whole within 120 s of the kill/,
  ],
  [
    "whole just late",
    { ...whole(121_001), survival: { lostMsMax: 200_000, recoverMsMax: 60_000 } },
    "fail",
    /time from killed to whole was 120\.001 s, at most 120 s/,
  ],
  [
    "with users refused just in time",
    recordDrill({ asks: asksBut(120_500, 121_000, { ...refused, tookMs: 500 }) }),
    "pass",
    /./,
  ],
  [
    "with users refused a moment too long",
    recordDrill({ asks: asksBut(120_500, 121_000, { ...refused, tookMs: 501 }) }),
    "fail",
    /was 120\.001 s/,
  ],
  [
    "with requests that fail for a while",
    recordDrill({ asks: asksBut(1_000, 30_000, wrong) }),
    "pass",
    /no accepted write was lost/,
  ],
  [
    "with users refused to the end, after the limit",
    recordDrill({ asks: asksBut(1_000, 999_000, refused) }),
    "fail",
    /not over when the watch ended after 149 s/,
  ],
  [
    "with users refused to an end that came before the limit",
    recordDrill({
      asks: asksBut(1_000, 999_000, refused).filter(({ atMs }) => atMs < beganMs + 100_000),
      endedMs: beganMs + 100_000,
    }),
    "unproven",
    /time from killed to whole: not over when the watch ended after 99 s/,
  ],
  [
    "never steady again",
    observedDrill({ recoveredAtMs: undefined, after: { atMs: 130_000, outcome: "fail", because: "a pod is pending" } }),
    "fail",
    /not recovered from pod-kill within 60000 ms: a pod is pending/,
  ],
])("pod restart: %s", (_, drill, outcome, because) => {
  expect(judges["pod-restart"](drill)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

/** What was disturbed while it was being injected was disturbed by it. */
const scaledSlowly = exampleDrill(
  { observed: { ...exampleObserved(), before: { atMs: 0, outcome: "pass", because: "all run" } } },
  { asks: asksBut(0, 400, refused, "health-api") },
);

test.each<Row>([
  [
    "with one refusal",
    recordDrill({ asks: asksBut(30_000, 30_400, refused, "health-api") }),
    "fail",
    /1 of 299 requests to health-api failed, the first 29 s after the start: refused with 503/,
  ],
  [
    "with a refusal while it was being injected",
    scaledSlowly,
    "fail",
    /1 of 301 requests to health-api failed, the first 0 s after/,
  ],
  [
    "with one wrong answer",
    recordDrill({ asks: asksBut(30_000, 30_400, wrong, "todo-backend") }),
    "fail",
    /1 of 299 requests to todo-backend failed/,
  ],
  [
    "with one silence",
    recordDrill({ asks: asksBut(30_000, 30_400, silent, "todo-backend") }),
    "fail",
    /no answer within/,
  ],
  [
    "with an event lost",
    recordDrill({ accepted: eventsBut(0) }),
    "fail",
    /1 of 150 events were lost, as that of todo-backend id-/,
  ],
  ["with an event doubled", recordDrill({ accepted: eventsBut(2) }), "fail", /1 of 150 events came more than once/],
  [
    "with events that could not be counted",
    recordDrill({ accepted: eventsBut(null) }),
    "unproven",
    /1 of 150 events could not be counted/,
  ],
  [
    "with an event lost before it was scaled",
    recordDrill({ accepted: acceptedBut({ events: 0 }) }),
    "pass",
    /no event was lost or doubled/,
  ],
  [
    "without events",
    recordDrill({ accepted: exampleAccepted().map(({ events: _events, ...one }) => one) }),
    "unproven",
    /no write was made that brings about an event/,
  ],
])("scaling: %s", (_, drill, outcome, because) => {
  expect(judges.scaling(drill)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

/** The good writes, of which one after the injection has brought about so many events. */
function eventsBut(events: number | null) {
  const all = exampleAccepted();
  const at = all.findIndex(({ service, acceptedMs }) => service === "todo-backend" && acceptedMs > beganMs + 30_000);
  return all.map((one, index) => (index === at ? { ...one, events } : one));
}

/** A node that was away for 300 s, and turns users away again from 12 s after its return on until 19.5 s, when the last answer takes so long. */
function returned(lastMs: number, watchedMs = 360_000): WatchedDrill {
  const drill = nodeAway(300_000, 40_000);
  if (!drill.watch.ok) throw new Error(drill.watch.why);
  const asks = drill.watch.value.asks.flatMap((ask) => {
    const atMs = ask.atMs - beganMs;
    if (atMs >= watchedMs) return [];
    return [atMs >= 313_000 && atMs <= 320_500 ? { ...ask, ...silent, tookMs: lastMs } : ask];
  });
  const value = { ...drill.watch.value, asks, endedMs: watchedMs + beganMs };
  return { ...drill, watch: { ...drill.watch, value }, survival: { lostMsMax: 900_000, recoverMsMax: 20_000 } };
}

test.each<Row>([
  ["with services that answer on", nodeAway(660_000, 0), "pass", /answered from the nodes that were left within 600 s/],
  ["with services that answer just in time", nodeAway(660_000, 600_000, 500), "pass", /./],
  [
    "with services that answer just late",
    nodeAway(660_000, 600_000, 501),
    "fail",
    /time from lost to answering was 600\.001 s, at most 600 s/,
  ],
  ["that came back just after services answered", nodeAway(300_000, 297_000), "pass", /./],
  [
    "that came back before it was known that services answer",
    nodeAway(300_000, 297_500),
    "unproven",
    /did not answer again in the 300 s that the node was away/,
  ],
  [
    "that came back before services answered",
    nodeAway(300_000, 350_000),
    "unproven",
    /did not answer again in the 300 s that the node was away: it must stay away for longer/,
  ],
  [
    "that came back while a pod waited for it",
    {
      ...nodeAway(300_000, 350_000),
      observed: {
        ...nodeAway(300_000, 350_000).observed,
        during: [
          { atMs: 3_000, outcome: "pass", because: "" },
          { atMs: 299_000, outcome: "fail", because: "1 workloads are not ready, as health-platform/redis-health" },
        ],
      },
    },
    "unproven",
    /the node was away \(in the end: 1 workloads are not ready, as health-platform\/redis-health\): it must stay/,
  ],
  [
    "that came back, and services long after it",
    nodeAway(300_000, 400_000),
    "fail",
    /time from its return to answering was 99\.52 s, at most 60 s/,
  ],
  ["that disturbs when it comes back, just for as long as it may", returned(500), "pass", /answered from the nodes/],
  [
    "that disturbs for longer when it comes back",
    returned(501),
    "fail",
    /time from its return to answering was 20\.001 s, at most 20 s/,
  ],
  [
    "that comes back, and users were not watched for long enough to see it disturb no more",
    returned(500, 320_900),
    "unproven",
    /time from its return to answering: not over when the watch ended after 19\.9 s/,
  ],
  [
    "that came back long after the limit, with services that waited for it",
    nodeAway(700_000, 710_000),
    "fail",
    /did not answer again in the 700 s/,
  ],
])("a node lost: %s", (_, drill, outcome, because) => {
  expect(judges["node-loss"](drill)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});
