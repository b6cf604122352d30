import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import { judgeApiServer } from "./api-server.judge.ts";

const now = new Date("2026-11-22T04:00:00.000Z");
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "x", now);
const parts = [
  { name: "ping", ready: true, said: "ok" },
  { name: "etcd", ready: true, said: "ok" },
];
const services = [{ name: "v1.apps", available: true, why: "Local" }];
const away = { name: "v1.away", available: false, why: "ServiceNotFound" };

test.each<readonly [string, typeof parts, typeof services, Outcome, RegExp]>([
  ["all of it", parts, services, "pass", /ready in 2 parts, and answers in 1 groups/],
  [
    "one part not ready",
    [...parts, { name: "informer-sync", ready: false, said: "failed: reason withheld" }],
    services,
    "fail",
    /^the API server's part informer-sync is not ready \(failed: reason withheld\)$/,
  ],
  ["one group away", parts, [...services, away], "fail", /^API service v1.away is not available \(ServiceNotFound\)$/],
  ["no etcd in the list", parts.slice(0, 1), services, "unproven", /does not list its part etcd/],
  ["no part", [], services, "unproven", /part ping/],
  ["no group", parts, [], "unproven", /no API service/],
])("%s", (_, ready, groups, outcome, because) => {
  const verdict = judgeApiServer(read(ready, "readyz", now), read(groups, "apis", now));
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("what cannot be read is unproven", () => {
  expect(judgeApiServer(refused, read(services, "apis", now))).toMatchObject({
    outcome: "unproven",
    because: refused.ok ? "" : refused.why,
  });
  expect(judgeApiServer(read(parts, "readyz", now), refused).outcome).toBe("unproven");
});
