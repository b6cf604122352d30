import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { Application } from "../../probes/argocd/applications.ts";
import { judgeApplications, judgePush, type PushReadings } from "./delivery.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const secondsAgo = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
const commit = "a".repeat(40);
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const wanted = { applications: ["canary"], lookedWithinSeconds: 60 };

function application(changes: Partial<Application> = {}): Application {
  return {
    name: "canary",
    repository: "https://git/platform.git",
    branch: "main",
    sync: "Synced",
    revision: commit,
    health: "Healthy",
    lookedAt: secondsAgo(5),
    complaints: [],
    ...changes,
  };
}

function judged(applications: readonly Application[], head: Reading<string> | undefined = read(commit, "git", now)) {
  const heads = new Map(head === undefined ? [] : applications.map(({ name }) => [name, head] as const));
  return judgeApplications({ applications: read(applications, "applications", now), heads }, wanted, now);
}

const { lookedAt: _, ...neverLooked } = application();
const { repository: __, branch: ___, ...manySources } = application();

test.each<readonly [string, readonly Application[], Outcome, RegExp]>([
  ["all as it should be", [application()], "pass", /^all 1 applications are Synced and Healthy at the newest commit/],
  ["drifted", [application({ sync: "OutOfSync" })], "fail", /^application canary is OutOfSync$/],
  [
    "not to be compared",
    [application({ sync: "Unknown", complaints: ["ComparisonError: no such chart"] })],
    "fail",
    /is Unknown \(ComparisonError: no such chart\)/,
  ],
  ["never compared", [application({ sync: "" })], "fail", /not compared with Git yet/],
  ["degraded", [application({ health: "Degraded" })], "fail", /^application canary is Degraded$/],
  ["progressing", [application({ health: "Progressing" })], "fail", /is Progressing/],
  ["without health", [application({ health: "" })], "fail", /of no health that Argo CD says/],
  [
    "drifted and degraded",
    [application({ sync: "OutOfSync", health: "Degraded" })],
    "fail",
    /OutOfSync and is Degraded/,
  ],
  [
    "behind",
    [application({ revision: "b".repeat(40) })],
    "fail",
    /^application canary is at bbbbbbbbbb, not at aaaaaaaaaa, the newest of main$/,
  ],
  ["at no commit", [application({ revision: "" })], "fail", /is at no commit, not at aaaaaaaaaa/],
  ["another is missing", [application({ name: "other" })], "fail", /^application canary does not exist$/],
  [
    "one that nobody expected is drifted",
    [application(), application({ name: "other", sync: "OutOfSync" })],
    "fail",
    /other is/,
  ],
  ["none at all", [], "fail", /application canary does not exist/],
  ["just looked at", [application({ lookedAt: secondsAgo(60) })], "pass", /all 1/],
  [
    "looked at too long ago",
    [application({ lookedAt: secondsAgo(61) })],
    "unproven",
    /looked at by Argo CD 61 s ago \(limit 60 s\)/,
  ],
  ["looked at in the future", [application({ lookedAt: secondsAgo(-61) })], "unproven", /what it says is old/],
  ["never looked at", [neverLooked], "unproven", /was never looked at/],
  ["old and drifted", [application({ sync: "OutOfSync", lookedAt: secondsAgo(61) })], "fail", /OutOfSync/],
  ["of several sources", [manySources], "unproven", /has several sources/],
])("%s", (_name, applications, outcome, because) => {
  expect(judged(applications)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("what could not be read is unproven, and so is a list of which nothing was expected", () => {
  expect(judgeApplications({ applications: refused, heads: new Map() }, wanted, now)).toMatchObject({
    outcome: "unproven",
  });
  expect(judged([application()], unread("git ls-remote: refused", "git", now)).because).toMatch(
    /commit that may be old: git/,
  );
  expect(
    judgeApplications({ applications: read([application()], "x", now), heads: new Map() }, wanted, now),
  ).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/no branch that could be asked for/),
  });
  const empty = { applications: read<readonly Application[]>([], "x", now), heads: new Map() };
  expect(judgeApplications(empty, { ...wanted, applications: [] }, now).outcome).toBe("unproven");
});

const limit = { application: "canary", secondsMax: 60 };
const held: PushReadings = {
  permitted: true,
  before: read(application(), "applications", now),
  answered: read("v-1", "https://git/canary", now),
  pushed: read({ commit, version: "v-2" }, "https://git/platform.git", now),
  delivered: read({ version: "v-2", afterSeconds: 60 }, "https://git/canary", now),
  after: read(application(), "applications", now),
};
const late = read({ version: "v-1", afterSeconds: 60 }, "https://git/canary", now);
const drifted = read(application({ sync: "OutOfSync" }), "applications", now);

test.each<readonly [string, Partial<PushReadings>, Outcome, RegExp]>([
  ["it answers just in time", {}, "pass", /^a push answered as version v-2 after 60 s$/],
  [
    "it answers just too late",
    { delivered: read({ version: "v-2", afterSeconds: 60.1 }, "x", now) },
    "fail",
    /came too late/,
  ],
  [
    "the old one goes on answering",
    { delivered: late, after: drifted },
    "fail",
    /^the pushed version v-2 \(commit aaaaaaaaaa\) did not answer within 60 s: the canary still says v-1; application canary is OutOfSync and Healthy$/,
  ],
  [
    "the old one goes on, and Argo CD cannot be asked",
    { delivered: late, after: refused },
    "fail",
    /is not to be read$/,
  ],
  ["nothing may be touched", { permitted: false }, "unproven", /permits no rollout/],
  ["the application cannot be read", { before: refused }, "unproven", /403/],
  [
    "it was out of step before",
    { before: drifted },
    "unproven",
    /was OutOfSync and Healthy before: nothing was pushed/,
  ],
  ["nothing answered before", { answered: refused }, "unproven", /^before the push: GET/],
  ["the push was refused", { pushed: refused }, "unproven", /403/],
  ["nothing answered afterwards", { delivered: refused }, "unproven", /^after the push: GET/],
])("a push: %s", (_name, changes, outcome, because) => {
  expect(judgePush({ ...held, ...changes }, limit)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a push that was never made, or never followed, is unproven", () => {
  const { pushed: ____, ...neverPushed } = held;
  const { delivered: _____, ...neverFollowed } = held;
  expect(judgePush(neverPushed, limit).outcome).toBe("unproven");
  expect(judgePush(neverFollowed, limit).outcome).toBe("unproven");
});
