/** Lines of a soak of two hours, for tests. */
import type { GatewayPod, SoakEnded, SoakLook, SoakPlan } from "./lines.ts";

const from = Date.parse("2026-11-22T10:00:00.000Z");

export function plan(changes: Partial<SoakPlan> = {}): SoakPlan {
  return {
    kind: "plan",
    schemaVersion: 1,
    id: "soak-1",
    environment: "oke-production",
    clusterUid: "uid-1",
    from: new Date(from).toISOString(),
    until: "2026-11-22T12:00:00.000Z",
    everyMs: 60_000,
    ...changes,
  };
}

/** When a minute of the window begins. */
export function minuteOf(minute: number): string {
  return new Date(from + minute * 60_000).toISOString();
}

/** What one pod of the gateway has counted in its first so many minutes: 100 answers a minute, each within 25 ms. */
export function gatewayPod(minute: number, changes: Partial<GatewayPod> = {}): GatewayPod {
  const answers = 100 * minute;
  return {
    pod: "envoy-1",
    scrapedAt: minuteOf(minute),
    upSeconds: 1000 + 60 * minute,
    answers: { "2xx": answers, "5xx": 0 },
    withinMs: { "25": answers, "500": answers, "1000": answers, "+Inf": answers },
    ...changes,
  };
}

/** A good look, 5 s after its minute has begun. */
export function look(minute: number, changes: Partial<SoakLook> = {}): SoakLook {
  return {
    kind: "look",
    minute,
    at: new Date(from + minute * 60_000 + 5_000).toISOString(),
    tookMs: 120,
    ingress: { state: "answered", because: "8 requests were answered" },
    traffic: { ok: true, pods: [gatewayPod(minute)], down: [] },
    ...changes,
  };
}

export function ended(how: SoakEnded["how"]): SoakEnded {
  return { kind: "ended", at: "2026-11-22T12:00:30.000Z", how, because: "as the test wants it" };
}
