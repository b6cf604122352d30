import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { PodReadiness, ServiceReadiness } from "../../probes/kubernetes/readiness.ts";
import { judgeDependencies, type OwnCall } from "./dependencies.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "x", now);
const needs = ["postgres", "redis"];

const service = (pods: readonly PodReadiness[]): ServiceReadiness => ({
  namespace: "health-platform",
  service: "health-api",
  needs,
  pods: read(pods, "pods", now),
});
const pod = (told: Readonly<Record<string, string>>, ready = true, ageSeconds = 0): PodReadiness => ({
  pod: "health-api-1",
  ready,
  createdAt: new Date(now.getTime() - ageSeconds * 1000).toISOString(),
  said: read(told, "p", now),
});
const call = (came: Reading<string>): OwnCall => ({ service: "health-api", call: "stores an upload", came });
const well = { postgres: "ok", redis: "ok" };
const called = [call(read("done", "c", now))];

test.each<readonly [string, Readonly<Record<string, string>>, Outcome, RegExp]>([
  ["all that it needs", well, "pass", /^1 services reach all of their 2 dependencies, and 1 calls/],
  ["more than it needs", { ...well, minio: "ok" }, "pass", /reach all/],
  [
    "all but one",
    { ...well, redis: "no answer within 3000 ms" },
    "fail",
    /^health-platform\/health-api-1 does not reach redis: no answer within 3000 ms$/,
  ],
  ["one of two, and says nothing of the other", { postgres: "ok" }, "fail", /health-api-1 says nothing of redis$/],
  ["what nobody knew it needs", { ...well, minio: "refused" }, "fail", /does not reach minio: refused/],
  ["nothing for a reason of its own", { itself: "the service ends" }, "fail", /^\S+ is not ready: the service ends$/],
])("a pod that reaches %s", (_, told, outcome, because) => {
  const verdict = judgeDependencies([service([pod(told)])], called, now);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("each pod counts, a service without one is a fault, and one that cannot be asked is a gap", () => {
  const away = pod({ ...well, redis: "away" });
  expect(judgeDependencies([service([pod(well), away])], called, now).outcome).toBe("fail");
  expect(judgeDependencies([service([])], called, now)).toMatchObject({
    outcome: "fail",
    because: "health-platform/health-api has no pod",
  });
  expect(
    judgeDependencies([service([pod(well), { ...pod(well), pod: "b", said: refused }])], called, now).outcome,
  ).toBe("unproven");
  expect(judgeDependencies([{ ...service([]), pods: refused }], called, now).outcome).toBe("unproven");
});

test("a call that fails is a fault whatever the services say; one that could not be made is a gap", () => {
  const failed = judgeDependencies([service([pod(well)])], [call(read("refused with 503 (away)", "c", now))], now);
  expect(failed).toMatchObject({ outcome: "fail", because: "health-api stores an upload: refused with 503 (away)" });
  expect(judgeDependencies([service([pod(well)])], [call(refused)], now).outcome).toBe("unproven");
  expect(judgeDependencies([service([pod(well)])], [], now).outcome).toBe("unproven");
  expect(judgeDependencies([], called, now).outcome).toBe("unproven");
});

test.each<readonly [string, boolean, number, Outcome]>([
  ["not ready, just started", false, 59, "unproven"],
  ["not ready, and old enough to be", false, 60, "fail"],
  ["ready", true, 1, "fail"],
])("a pod that reaches nothing, and is %s", (_, ready, ageSeconds, outcome) => {
  const away = pod({ ...well, redis: "away" }, ready, ageSeconds);
  expect(judgeDependencies([service([pod(well), away])], called, now).outcome).toBe(outcome);
});
