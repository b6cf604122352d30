import { describe, expect, test } from "vitest";
import { read, unread, type Outcome, type Verdict } from "../../harness/verdict.ts";
import type { ProbeSeries } from "../../probes/observability/availability.ts";
import { judgeUptime } from "./uptime.judge.ts";
import { control, probed, series, until, weekOf, window } from "./probe-examples.ts";

const now = new Date(until);
const limit = { answeredPercentMin: 99.5, days: 7, window };

function judge(found: readonly ProbeSeries[], changes: Partial<typeof limit> = {}): Verdict {
  return judgeUptime(read(found, "Prometheus", now), probed, { ...limit, ...changes });
}

const [first = "", second = ""] = probed.targets;
const rest = [series(second, weekOf(1)), series(control, weekOf(1, { failed: 10_080 }))];

test("a week of answers is a pass, on a sample for every minute of each address", () => {
  const verdict = judge([series(first, weekOf(1)), ...rest]);
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: "each of 2 addresses answered at least 99.5 % of its probes from outside over 7 days, every minute probed",
  });
  expect(verdict.evidence.flatMap(({ samples }) => samples ?? [])).toEqual([10_080, 10_080]);
});

describe("the edge", () => {
  test.each<readonly [string, number, number, Outcome, RegExp]>([
    // Of 50,400 probes 252 are 0.5 %; of 10,080 they would be 50.4.
    ["99.5 % exactly", 5, 252, "pass", /at least 99\.5 %/],
    ["one probe less", 5, 253, "fail", /^https:\/\/health\.example\/ answered 99\.498 % of 50400 probes, not 99\.5 %$/],
    ["50 of 10,080", 1, 50, "pass", /at least 99\.5 %/],
    ["99.49 %", 1, 51, "fail", /answered 99\.494 % of 10080 probes/],
    ["nothing", 1, 10_080, "fail", /answered 0 % of 10080 probes/],
  ])("%s", (_, each, failed, outcome, because) => {
    expect(judge([series(first, weekOf(each, { failed })), ...rest])).toMatchObject({
      outcome,
      because: expect.stringMatching(because),
    });
  });
});

test("an address is not made good by another, and several vantage points are one address", () => {
  expect(judge([series(second, weekOf(5)), series(first, weekOf(1, { failed: 51 })), ...rest]).outcome).toBe("fail");
  // 51 of 20,160.
  const two = [series(first, weekOf(1, { failed: 51 })), series(first, weekOf(1), { vantage: "paris" })];
  expect(judge([...two, ...rest]).outcome).toBe("pass");
});

describe("a gap", () => {
  test.each<readonly [string, ProbeSeries, RegExp]>([
    [
      "of one minute",
      series(first, weekOf(1, { without: [5000] })),
      /^probes of https:\/\/health\.example\/: 1 of 10080 minutes have none, the first is 2026-11-13T11:20:00\.000Z$/,
    ],
    [
      "of the first minute, and others",
      series(first, weekOf(1, { without: [0, 17, 18] })),
      /3 of 10080 minutes have none, the first is 2026-11-10T00:00:00\.000Z, which begins 1 minutes late$/,
    ],
    [
      "of four days at the beginning",
      series(first, weekOf(1, { without: Array.from({ length: 5760 }, (_, minute) => minute) })),
      /there are 3 of 7 days, the first minute without is 2026-11-10T00:00:00\.000Z$/,
    ],
    ["of the first minute alone", series(first, weekOf(1, { without: [0] })), /there are 6\.99 of 7 days/],
    [
      "of the whole week",
      series("https://else.example/", weekOf(1)),
      /probes of https:\/\/health\.example\/: there are none in the window$/,
    ],
  ])("%s is not proven", (_, found, because) => {
    expect(judge([found, ...rest])).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
  });

  test("filled from another vantage point is none", () => {
    const two = [series(first, weekOf(1, { without: [5000] })), series(first, weekOf(1), { vantage: "paris" })];
    expect(judge([...two, ...rest]).outcome).toBe("pass");
  });

  test("fails only where the missing minutes could not make up for what failed", () => {
    // 10,079 probes and one that is missing: 50 failed are 0.496 % at best, 51 are 0.506 %.
    expect(judge([series(first, weekOf(1, { failed: 50, without: [10_000] })), ...rest]).outcome).toBe("unproven");
    expect(judge([series(first, weekOf(1, { failed: 51, without: [10_000] })), ...rest]).outcome).toBe("fail");
  });
});

test("a window of fewer days says how many", () => {
  const shorter = { from: new Date(window.from.getTime() + 86_400_000), until: window.until };
  expect(judge([series(first, weekOf(1)), ...rest], { window: shorter })).toMatchObject({
    outcome: "unproven",
    because: "the window has 6 of 7 days",
  });
});

describe("a prober that is not to be believed", () => {
  const good = [series(first, weekOf(1)), series(second, weekOf(1))];
  test.each<readonly [string, readonly ProbeSeries[], RegExp]>([
    ["without a control", good, /probes of the control https:\/\/nobody\.example\/: there are none/],
    [
      "with a control that was answered once",
      [...good, series(control, weekOf(1, { failed: 10_079 }))],
      /the prober calls https:\/\/nobody\.example\/ answered 1 times, which nobody serves/,
    ],
    [
      "with a control that it missed for a minute",
      [...good, series(control, weekOf(1, { failed: 10_079, without: [3] }))],
      /probes of the control .*: 1 of 10080 minutes have none/,
    ],
    [
      "that stands in the cluster",
      [...good, ...rest, series(first, weekOf(1), { inside: "blackbox-1" })],
      /probes of https:\/\/health\.example\/ come from blackbox-1 of the cluster, not from outside/,
    ],
  ])("%s", (_, found, because) => {
    expect(judge(found)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
  });
});

test("probes from inside of the cluster fill no minute", () => {
  const found = [series(first, weekOf(1), { inside: "blackbox-1" }), ...rest];
  expect(judge(found).because).toMatch(/probes of https:\/\/health\.example\/: there are none in the window/);
});

test("what cannot be read, and no address at all, is not proven", () => {
  expect(judgeUptime(unread("403", "Prometheus", now), probed, limit)).toMatchObject({
    outcome: "unproven",
    because: "403",
  });
  expect(judgeUptime(read(rest, "Prometheus", now), { targets: [], control }, limit).outcome).toBe("unproven");
});
