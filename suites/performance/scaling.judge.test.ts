import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Scale } from "../../probes/kubernetes/replicas.ts";
import { changedSamples, loadRun, plateauMs, startedMs } from "./load-examples.ts";
import { isBack, judgeScaling, type ScalingReadings } from "./scaling.judge.ts";
import type { Look } from "./scaling-watch.ts";

const limits = { outSecondsMax: 120, backSecondsMax: 600 };
/** The example's load ends 240 s after its begin. */
const endSeconds = (plateauMs.until - startedMs) / 1000;
const atMs = (seconds: number): number => startedMs + seconds * 1000;

type Story = {
  /** Seconds after the load's begin at which the third replica is ready, and after its end at which there are two again. */
  readonly out?: number;
  readonly back?: number;
  /** Utilization of a target of 70 % under load. */
  readonly percent?: number | undefined;
  readonly until?: number;
  readonly changes?: Partial<Scale>;
};

function scaleAt(seconds: number, { out = 60, back = 320, percent = 120, changes = {} }: Story): Scale {
  const isUnderLoad = seconds > 0 && seconds <= endSeconds;
  const isOut = seconds >= out - 20 && seconds < endSeconds + back;
  const replicas = isOut ? 3 : 2;
  return {
    namespace: "health-platform",
    name: "api",
    target: { kind: "Deployment", name: "api" },
    replicasMax: 4,
    desired: replicas,
    current: replicas,
    ready: seconds >= out && seconds < endSeconds + back ? 3 : 2,
    rules: [{ name: "Resource cpu", targetPercent: 70, percent: isUnderLoad ? percent : 10 }],
    ...changes,
  };
}

/** A look every 2 s from half a minute before the load. */
function looksOf(story: Story, skip: (seconds: number) => boolean = () => false): Look[] {
  const { until = endSeconds + 620 } = story;
  const seconds = Array.from({ length: 1 + (until + 30) / 2 }, (_, index) => index * 2 - 30);
  return seconds
    .filter((second) => !skip(second))
    .map((second) => ({
      atMs: atMs(second),
      scales: read([scaleAt(second, story)], "autoscalers", new Date(atMs(second))),
    }));
}

/** Requests of the watch's own, twice a second from the end of the load on. */
const besides = Array.from({ length: 1240 }, (_, index) => ({ atMs: atMs(endSeconds) + index * 500, expected: true }));

function readings(story: Story = {}, changes: Partial<ScalingReadings> = {}): ScalingReadings {
  return { load: loadRun(), validity: { reasons: [], facts: [] }, looks: looksOf(story), besides, ...changes };
}

test.each<readonly [string, Story, Outcome, RegExp]>([
  ["in time", {}, "pass", /^health-platform\/api scaled out and back in time, and no request failed by it$/],
  ["out in 120 s", { out: 120 }, "pass", /in time/],
  [
    "not yet out after 120 s",
    { out: 121 },
    "fail",
    /had its first added replica ready 122 s after the load began \(at most 120 s\)$/,
  ],
  [
    "out later",
    { out: 124 },
    "fail",
    /^health-platform\/api had its first added replica ready 124 s after the load began \(at most 120 s\)$/,
  ],
  [
    "never out",
    { out: 10_000 },
    "fail",
    /had its first added replica ready not within the 860 s that it was watched after the load began/,
  ],
  ["back in 600 s", { back: 600 }, "pass", /in time/],
  [
    "back later",
    { back: 604, until: endSeconds + 640 },
    "fail",
    /was back at its first 2 replicas 604 s after the load had ended \(at most 600 s\)$/,
  ],
  ["never back", { back: 10_000 }, "fail", /was back at its first 2 replicas not within the 620 s that it was watched/],
  [
    "not back yet",
    { back: 10_000, until: endSeconds + 400 },
    "unproven",
    /was back at its first 2 replicas: not yet 400 s after the load had ended, when the watch ended/,
  ],
  [
    "wanted and not ready yet",
    { out: 10_000, until: 100 },
    "unproven",
    /had its first added replica ready: not yet 100 s after the load began/,
  ],
  ["beyond the tolerance of its target", { percent: 77.1 }, "pass", /in time/],
])("replicas that are %s", (_, story, outcome, because) => {
  expect(judgeScaling(readings(story), limits)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a limit that lies between two looks is neither kept nor broken", () => {
  const looks = looksOf({ out: 121 }, (second) => second === 120);
  expect(judgeScaling(readings({}, { looks }), limits)).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(
      /between 118 and 122 s after the load began: on which side of the limit \(at most 120 s\) is not known/,
    ),
  });
});

const never = { out: 10_000 };

test.each<readonly [string, Story, RegExp]>([
  [
    "within its target",
    { ...never, percent: 40, changes: { desired: 2, current: 2 } },
    /^no autoscaler had to scale, so that none has shown that it can: health-platform\/api was at 57\.1 % of its target at most$/,
  ],
  [
    "within the tolerance of its target",
    { ...never, percent: 77, changes: { desired: 2, current: 2 } },
    /at 110 % of its target at most/,
  ],
  [
    "without a metric",
    { ...never, changes: { desired: 2, current: 2, rules: [] } },
    /^health-platform\/api had no current metric: whether it had to scale is not known/,
  ],
  [
    "at its maximum",
    { changes: { replicasMax: 2 } },
    /had its maximum of 2 replicas before the load began: it could not scale/,
  ],
  [
    "scaling already",
    { changes: { desired: 3 } },
    /wanted 3, had 2 and 2 ready replicas when the load began: it was scaling already/,
  ],
])("an autoscaler %s shows nothing", (_, story, because) => {
  expect(judgeScaling(readings(story), limits)).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(because),
  });
});

test("one whose measurements are missing shows nothing either", () => {
  const rules = [{ name: "Resource cpu", targetPercent: 70, percent: undefined }];
  const found = judgeScaling(readings({ ...never, changes: { desired: 2, current: 2, rules } }), limits);
  expect(found).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/no current metric/) });
});

test("one that had to scale and wanted no more has failed, by its utilization", () => {
  const found = judgeScaling(readings({ ...never, changes: { desired: 2, current: 2 } }), limits);
  expect(found).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/first added replica ready not within the 860 s/),
  });
});

const holed = (from: number, to: number): Look[] => looksOf({}, (second) => second > from && second < to);
const unreadable = looksOf({}).map((look) => {
  const second = (look.atMs - startedMs) / 1000;
  return second > 100 && second < 110
    ? { ...look, scales: unread<never>("GET /x: 403", "x", new Date(look.atMs)) }
    : look;
});

test.each<readonly [string, Partial<ScalingReadings>, RegExp]>([
  ["a load that proves nothing", { validity: { reasons: ["k6 was killed"], facts: [] } }, /^k6 was killed$/],
  ["no look", { looks: [] }, /^no autoscaler was seen$/],
  [
    "no look that could be taken",
    { looks: [{ atMs: atMs(0), scales: unread<never>("GET /x: 403", "x", new Date()) }] },
    /^no autoscaler was seen: GET \/x: 403$/,
  ],
  [
    "no autoscaler",
    { looks: looksOf({}).map((look) => ({ ...look, scales: read([], "x", new Date(look.atMs)) })) },
    /^no autoscaler was seen$/,
  ],
  ["a hole of 8 s", { looks: holed(100, 108) }, /^autoscalers were not seen from 12:01:40 to 12:01:48 \(at most 6 s/],
  [
    "looks that could not be taken",
    { looks: unreadable },
    /^autoscalers were not seen from 12:01:40 to 12:01:50 .*: GET \/x: 403$/,
  ],
  [
    "looks that began after the load",
    { looks: looksOf({}, (second) => second <= 0) },
    /was not looked at before the load began/,
  ],
  [
    "no request while replicas were taken away",
    { besides: [] },
    /^no request was made while replicas were taken away: whether that drops requests is not known$/,
  ],
])("%s is unproven", (_, changes, because) => {
  expect(judgeScaling(readings({}, changes), limits)).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(because),
  });
});

test("a hole of 6 s is none", () => {
  expect(judgeScaling(readings({}, { looks: holed(100, 106) }), limits).outcome).toBe("pass");
});

/** The example's replica is added between 38 and 40 s (wanted), and 58 and 60 s (ready): windows from 38 to 50 s and from 58 to 70 s. */
const failedBetween = (from: number, to: number) =>
  loadRun({
    samples: changedSamples(({ atMs: at }) =>
      at >= atMs(from) && at <= atMs(to) ? { expected: false, status: 503 } : undefined,
    ),
  });

test.each<readonly [string, number, number, Outcome]>([
  ["just before the change", 55, 57.9, "pass"],
  ["with the change", 58.5, 59, "fail"],
  ["ten seconds after it", 69.5, 70, "fail"],
  ["later", 70.1, 75, "pass"],
])("requests that failed %s", (_, from, to, outcome) => {
  const found = judgeScaling(readings({}, { load: failedBetween(from, to) }), limits);
  expect(found.outcome).toBe(outcome);
  expect(found.because).toMatch(
    outcome === "pass"
      ? /no request failed by it$/
      : /^\d+ of \d+ requests failed while replicas were added, the first at 12:0[01]:\d\d \(0 at other times\)$/,
  );
  const elsewhere = found.evidence.find(({ what }) => what === "requests failed at other times");
  expect(elsewhere?.value === 0).toBe(outcome === "fail");
});

test("requests that failed while replicas were taken away", () => {
  const dropped = besides.map((one, index) => (index === 645 ? { ...one, expected: false } : one));
  expect(judgeScaling(readings({}, { besides: dropped }), limits)).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/^1 of \d+ requests failed while replicas were taken away, the first at 12:09:22/),
  });
});

test("times, numbers of replicas and failed requests are told", () => {
  expect(judgeScaling(readings(), limits).evidence).toEqual([
    expect.objectContaining({
      what: "time from load to the first ready replica added of health-platform/api",
      value: 60,
      limit: "at most 120 s",
    }),
    expect.objectContaining({
      what: expect.stringMatching(/^time from the end of the load/),
      value: 320,
      limit: "at most 600 s",
    }),
    expect.objectContaining({ value: "2, then 3" }),
    expect.objectContaining({ what: "requests failed by scaling", value: 0 }),
    expect.objectContaining({ what: "requests failed at other times", value: 0 }),
  ]);
});

test("the watch has seen enough once all is as before, and not before the controller could have decided anew", () => {
  const load = { startedMs, endedMs: atMs(endSeconds) };
  const until = (seconds: number): boolean => isBack(looksOf({ until: seconds }), load);
  expect([until(endSeconds + 318), until(endSeconds + 320)]).toEqual([false, true]);
  const quiet = (seconds: number): boolean =>
    isBack(looksOf({ ...never, changes: { desired: 2, current: 2 }, until: seconds }), load);
  expect([quiet(endSeconds + 28), quiet(endSeconds + 30)]).toEqual([false, true]);
  expect(isBack([], load)).toBe(false);
});
