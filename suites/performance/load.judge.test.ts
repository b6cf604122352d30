import { describe, expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { LoadRun } from "../../probes/load/load-run.ts";
import {
  changedSamples,
  examplePlan,
  isOnPlateau,
  loadReading,
  loadRun,
  plateauMs,
  startedMs,
} from "./load-examples.ts";
import { validityOf, type LoadNeeds } from "./load.judge.ts";

const at = new Date(plateauMs.until);
const needs: LoadNeeds = {
  usersRoadmap: 500,
  nodesBesideGenerator: read([], "the cluster's nodes", at),
  evidenceFile: "load-run.json",
};
const good = loadRun();
const iso = (ms: number): string => new Date(ms).toISOString();
const told = (changes: Partial<LoadRun["told"]>): Partial<LoadRun> => ({ told: { ...good.told, ...changes } });
const clock = (aheadMs: number, tookMs: number, withinMs?: number): Partial<LoadRun> => ({
  clocks: [{ of: "the node", aheadMs, tookMs, ...(withinMs === undefined ? {} : { withinMs }) }],
});
/** The machine's seconds, those from one to another second of the run changed. */
const idle = (percent: number, from = 0, until = 1_000): Partial<LoadRun> => ({
  seconds: good.seconds.map((second, index) =>
    index >= from && index < until ? { ...second, idlePercent: percent } : second,
  ),
});
/** A list of the run without what lies from one to another second of the run. */
function without<T extends { readonly atMs: number }>(list: readonly T[], from: number, until: number): readonly T[] {
  return list.filter(({ atMs }) => atMs < startedMs + from * 1000 || atMs >= startedMs + until * 1000);
}
/** So many users on the plateau, or where a row says. */
const users = (
  count: number,
  isChanged: (one: { readonly atMs: number }) => boolean = isOnPlateau,
): Partial<LoadRun> => ({
  users: good.users.map((one) => (isChanged(one) ? { ...one, users: count } : one)),
});
const isFirstHalf = ({ atMs }: { readonly atMs: number }): boolean => atMs < startedMs + 30_000;
const silent = { requests: undefined, iterations: undefined, dropped: undefined, usersMax: undefined };

function reasonsOf(changes: Partial<LoadRun>, changedNeeds: Partial<LoadNeeds> = {}): readonly string[] {
  return validityOf(loadReading(changes), { ...needs, ...changedNeeds }).reasons;
}

test("nothing speaks against a good run, and what makes it good is told", () => {
  const { reasons, facts } = validityOf(loadReading(), needs);
  expect(reasons).toEqual([]);
  expect(facts.map(({ what, value, limit }) => [what, value, limit])).toEqual([
    ["requests a second on the plateau", 50, "at least 47.5 of 50 by plan"],
    ["arrivals that the generator dropped", 0, "exactly 0"],
    ["concurrent users on the plateau", 500, "at least 500"],
    ["idle processors of the generator's machine on the plateau", 55, "at least 20 %"],
    ["idle processors in the worst 10 s", 55, "at least 2 %"],
    ["seconds with fewer idle processors than asked for", 0, undefined],
    ["processors that the generator took", 12, undefined],
    ["generator beside what it measures", "no", undefined],
  ]);
});

test.each<readonly [string, Partial<LoadRun>]>([
  ["20 % idle", idle(20)],
  ["19 % idle on the ramp", idle(0, 0, 60)],
  ["ten seconds with 2 % idle", idle(2, 100, 110)],
  ["8 s without an idle processor", idle(0, 100, 108)],
  ["machine seconds 3 s apart", { seconds: without(good.seconds, 100, 102) }],
  ["475 users", users(475)],
  ["as many users as in the middle of the ramp, on its first half", users(300, isFirstHalf)],
  ["more than 80 % of the users at once", { plan: { ...examplePlan, usersFirst: 401 }, ...users(500, () => true) }],
  ["users told 5 s apart", { users: without(good.users, 100, 104) }],
  ["a threshold of k6 crossed", { exit: { code: 99, signal: null } }],
  ["1 % of the requests told more", told({ requests: Math.floor(good.samples.length / 0.99) })],
  ["a clock 2 s ahead", clock(2_000, 0)],
  ["a clock 2.9 s behind, told in 0.9 s", clock(-2_900, 900)],
  ["a clock told in 5 s", clock(0, 5_000)],
  ["a clock 2.5 s ahead, told to half a second", clock(2_500, 10, 500)],
  ["nothing missing", { gaps: [] }],
  ["iterations not told", told({ iterations: undefined, usersMax: undefined })],
  [
    "a request 2 s before the start",
    { samples: changedSamples((_, index) => (index === 0 ? { atMs: startedMs - 2_000 } : undefined)) },
  ],
  [
    "a plateau 2 s longer than planned",
    { plateauUntil: iso(plateauMs.until + 2_000), endedAt: iso(plateauMs.until + 3_000) },
  ],
])("valid: %s", (_, changes) => {
  expect(reasonsOf(changes)).toEqual([]);
});

test.each<readonly [string, Partial<LoadRun>, RegExp]>([
  [
    "19.9 % idle",
    idle(19.9),
    /^the generator's machine was 19.9 % idle on the plateau, below 20 %: 100 % of 180 seconds were below it, the worst 10 s had 19.9 %$/,
  ],
  [
    "ten seconds with 1.9 % idle",
    idle(1.9, 100, 110),
    /was 1.9 % idle in its worst 10 s, below a tenth of 20 %: 5.6 % of 180 seconds were below it/,
  ],
  [
    "machine seconds more than 3 s apart",
    { seconds: without(good.seconds, 100, 103) },
    /^the generator's machine was not watched for 4 s from 12:01:39$/,
  ],
  ["no machine seconds", { seconds: [] }, /not watched for 180 s from 12:01:00/],
  ["machine seconds without a number", idle(Number.NaN), /not watched for 180 s/],
  ["one arrival dropped", told({ dropped: 1 }), /^the generator dropped 1 arrivals/],
  ["dropped arrivals not told", told({ dropped: undefined }), /did not tell how many arrivals it dropped/],
  ["dropped arrivals no number", told({ dropped: Number.NaN }), /dropped NaN arrivals/],
  ["474 users", users(474), /^474 users were there on average on the plateau, of 500 by plan$/],
  [
    "users who are there before they come",
    users(566, () => true),
    /^566 users were told of on the first half of the ramp, where at most 300 were planned: what was counted is not users at once$/,
  ],
  [
    "one user more than in the middle of the ramp, on its first half",
    users(301, isFirstHalf),
    /301 users were told of/,
  ],
  ["users not told on the ramp", { users: without(good.users, 0, 60) }, /not told on the first half of the ramp/],
  ["a number of users on the ramp that is none", users(Number.NaN, isFirstHalf), /NaN users were told of/],
  ["users not told", { users: [] }, /^how many users there were was not told for 180 s from 12:01:00$/],
  ["users told more than 5 s apart", { users: without(good.users, 100, 105) }, /not told for 6 s from 12:01:39/],
  ["a clock more than 2 s ahead", clock(2_001, 0), /^the clock of the node is 2 s ahead: set the clocks$/],
  ["a clock behind by more than asking took", clock(-2_901, 900), /is 2.9 s behind/],
  ["a clock that tells no number", clock(Number.NaN, 0), /the clock of the node is NaN s/],
  ["a clock told in more than 5 s", clock(0, 5_001), /the node could be read to 5 s only: it cannot be compared/],
  ["a clock told to more than 5 s", clock(0, 10, 5_001), /could be read to 5 s only/],
  ["a clock told to no number", clock(0, 10, Number.NaN), /could be read to NaN s only/],
  ["a clock ahead by more than the comparison may be wrong by", clock(2_501, 4_000, 500), /is 2.5 s ahead/],
  ["something missing", { gaps: ["3 requests have no sample"] }, /^3 requests have no sample$/],
  ["no clock compared", { clocks: [] }, /^no clock was compared/],
  ["killed", { exit: { code: null, signal: "SIGKILL" } }, /^the generator was ended by SIGKILL$/],
  ["exit code 1", { exit: { code: 1, signal: null } }, /ended with exit code 1/],
  ["exit code 104", { exit: { code: 104, signal: null } }, /ended with exit code 104/],
  ["no exit code", { exit: { code: null, signal: null } }, /ended with exit code none/],
  [
    "stopped by the harness",
    { stopped: "its command line was lost" },
    /^the generator was stopped: its command line was lost$/,
  ],
  ["an empty summary", { told: silent }, /^the generator's summary is empty$/],
  ["requests not told", told({ requests: undefined }), /did not tell how many requests/],
  ["no requests told", told({ requests: 0 }), new RegExp(`told of 0 requests, ${good.samples.length} were counted`)],
  ["requests told that were not counted", told({ requests: Math.ceil(good.samples.length / 0.989) }), /were counted$/],
  ["requests counted that were not told", told({ requests: Math.floor(good.samples.length * 0.989) }), /were counted$/],
  ["times that cannot be read", { plateauFrom: "soon" }, /cannot be read$/],
  ["a plateau before the start", { startedAt: iso(plateauMs.from + 1) }, /does not follow the start/],
  [
    "a plateau shorter than planned",
    { plan: { ...examplePlan, plateauSeconds: 183 } },
    /the plateau was 180 s long, of 183 s by plan/,
  ],
  [
    "ended before the plateau did",
    { endedAt: iso(plateauMs.until - 2_001) },
    /ended 2 s before the end of the plateau/,
  ],
])("invalid: %s", (_, changes, reason) => {
  const reasons = reasonsOf(changes);
  expect(reasons.join("; ")).toMatch(reason);
  expect(reasons).toHaveLength(1);
});

/** Requests of the plateau, all but those from one to another second, with a summary that agrees. */
function requests(samples: LoadRun["samples"]): Partial<LoadRun> {
  return { samples, ...told({ requests: samples.length }) };
}

describe("requests on the plateau", () => {
  test.each<readonly [string, Partial<LoadRun>]>([
    ["95 % of the rate", requests(good.samples.filter((one, index) => !isOnPlateau(one) || index % 20 !== 0))],
    ["4.9 s without any", requests(without(good.samples, 100, 104.9))],
    ["4.9 s without any at the end", requests(without(good.samples, 235.1, 240))],
  ])("valid: %s", (_, changes) => {
    expect(reasonsOf(changes)).toEqual([]);
  });

  test.each<readonly [string, Partial<LoadRun>, RegExp]>([
    [
      "less than 95 % of the rate",
      requests(good.samples.filter((one, index) => !isOnPlateau(one) || index % 19 !== 0)),
      /^47.4 requests a second were reached, of 50 by plan$/,
    ],
    [
      "5.1 s without any",
      requests(without(good.samples, 100, 105.1)),
      /^there was no request for 5.1 s of the plateau, from 12:01:39$/,
    ],
    ["none in its first 5.1 s", requests(without(good.samples, 60, 65.1)), /for 5.1 s of the plateau, from 12:01:00/],
    ["none in its last 5.1 s", requests(without(good.samples, 234.9, 240)), /for 5.1 s of the plateau, from 12:03:54/],
    [
      "none",
      requests(good.samples.filter((one) => !isOnPlateau(one))),
      /for 180 s of the plateau.*; 0 requests a second/,
    ],
    ["no request at all", requests([]), /for 180 s of the plateau/],
    [
      "a request more than 2 s before the start",
      { samples: changedSamples((_, index) => (index === 0 ? { atMs: startedMs - 2_001 } : undefined)) },
      /^1 requests are dated outside the run, the first at 11:59:57: the generator's clock is wrong$/,
    ],
    [
      "a clock an hour ahead",
      { samples: changedSamples(({ atMs }) => ({ atMs: atMs + 3_600_000 })) },
      /requests are dated outside the run/,
    ],
    [
      "a duration that is no number",
      { samples: changedSamples((_, index) => (index === 0 ? { durationMs: Number.NaN } : undefined)) },
      /^1 of \d+ requests have a time or a duration that is no number$/,
    ],
    [
      "a duration below 0",
      { samples: changedSamples((_, index) => (index === 0 ? { durationMs: -1 } : undefined)) },
      /no number/,
    ],
    [
      "a time that is no number",
      { samples: changedSamples((_, index) => (index === 0 ? { atMs: Number.NaN } : undefined)) },
      /no number/,
    ],
  ])("invalid: %s", (_, changes, reason) => {
    expect(reasonsOf(changes).join("; ")).toMatch(reason);
  });
});

describe("the generator's machine", () => {
  const beside = { nodesBesideGenerator: read(["a", "b", "c", "d"], "nodes", at) };
  const unknown = { nodesBesideGenerator: unread<readonly string[]>("GET /api/v1/nodes: 403", "nodes", at) };
  const accepted = { plan: { ...examplePlan, sharedMachine: "nodes are containers here" } };

  test("shared without leave makes the run worthless, and so does not knowing", () => {
    expect(reasonsOf({}, beside)).toEqual([
      "the generator shares its machine with a, b, c and 1 more, and the profile does not accept that",
    ]);
    expect(reasonsOf({}, unknown)).toEqual([
      "whether the generator shares its machine with the cluster is not known: GET /api/v1/nodes: 403",
    ]);
  });

  test("shared with leave is told with its reason", () => {
    for (const [shared, words] of [
      [beside, "with a, b, c and 1 more, accepted: nodes are containers here"],
      [unknown, "not known (GET /api/v1/nodes: 403), accepted: nodes are containers here"],
    ] as const) {
      const { reasons, facts } = validityOf(loadReading(accepted), { ...needs, ...shared });
      expect(reasons).toEqual([]);
      expect(facts.find(({ what }) => what === "generator beside what it measures")?.value).toBe(words);
    }
  });
});

test("a plan with fewer users says what the roadmap asks for", () => {
  const plan = { ...examplePlan, usersFirst: 10, usersPlateau: 100 };
  const { facts } = validityOf(loadReading({ plan }), needs);
  expect(facts.find(({ what }) => what === "concurrent users on the plateau")).toMatchObject({
    value: 100,
    limit: "at least 100 by this profile; the roadmap asks for 500",
  });
});

test("a run that was not made is its own reason", () => {
  const reading = unread<LoadRun>("k6 is not there", "k6", at);
  expect(validityOf(reading, needs)).toEqual({ reasons: ["k6 is not there"], facts: [] });
});
