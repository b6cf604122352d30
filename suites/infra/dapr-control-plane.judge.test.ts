import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { ServicePod } from "../../probes/dapr/control-plane.ts";
import { judgeControlPlane } from "./dapr-control-plane.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const wanted = { services: ["dapr-sentry"], daysLeftMin: 21 };
const inDays = (days: number): Reading<Date> => read(new Date(now.getTime() + days * 86_400_000), "sentry", now);
const pod = (changes: Partial<ServicePod> = {}): ServicePod => ({
  service: "dapr-sentry",
  name: "s",
  ready: true,
  health: read(200, "/healthz", now),
  ...changes,
});

test.each<readonly [string, readonly ServicePod[], Reading<Date>, Outcome, RegExp]>([
  ["healthy", [pod()], inDays(365), "pass", /^all 1 services/],
  ["the last good day", [pod()], inDays(21), "pass", /good for 21 days or more$/],
  [
    "a moment less",
    [pod()],
    inDays(20.99),
    "fail",
    /^the certificate of the sidecars' issuer has 20 days left, fewer than 21$/,
  ],
  ["ended", [pod()], inDays(-1), "fail", /has -1 days left/],
  ["no pod", [], inDays(365), "fail", /^dapr-sentry has no pod$/],
  ["another's pod", [pod({ service: "dapr-operator" })], inDays(365), "fail", /dapr-sentry has no pod/],
  ["not ready", [pod({ ready: false, health: refused })], inDays(365), "fail", /^dapr-sentry \(pod s\) is not ready$/],
  ["one of two", [pod(), pod({ name: "t", ready: false })], inDays(365), "fail", /pod t\) is not ready/],
  ["unhealthy", [pod({ health: read(500, "/healthz", now) })], inDays(365), "fail", /calls itself unhealthy: 500/],
  ["silent", [pod({ health: refused })], inDays(365), "unproven", /dapr-sentry \(pod s\): GET \/x: 403/],
  ["without its date", [pod()], refused, "unproven", /403, the harness/],
])("control plane: %s", (_, pods, expiry, outcome, because) => {
  const readings = { pods: read(pods, "pods", now), expiries: [expiry] };
  expect(judgeControlPlane(readings, wanted, now)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("no list, no date at all, and no service to look for are unproven", () => {
  const pods = read([pod()], "pods", now);
  expect(judgeControlPlane({ pods: refused, expiries: [] }, wanted, now).outcome).toBe("unproven");
  expect(judgeControlPlane({ pods, expiries: [] }, wanted, now).because).toMatch(/nobody tells/);
  expect(judgeControlPlane({ pods, expiries: [inDays(365)] }, { ...wanted, services: [] }, now).outcome).toBe(
    "unproven",
  );
});
