/** A drill with its users as the tests of its judges need it: a good one, changed where a row says so. */
import type { Accepted, Ask, WatchRecord } from "../../fixtures/watch/record.ts";
import type { Observed } from "../../harness/experiment.ts";
import { read } from "../../harness/verdict.ts";
import type { WatchedDrill } from "./watched-drill.ts";

export const exampleNow = new Date("2026-11-22T12:05:00.000Z");
const startedAt = "2026-11-22T12:00:00.000Z";
const services = ["health-api", "todo-backend"];
const everyMs = 500;
/** The watch began ten seconds before the experiment, and ended 150 s after that did. */
export const beganMs = 10_000;
const endedMs = beganMs + 150_000;

/** Everybody asks twice a second and gets what was asked for; every tenth answer is a write that is accepted. */
export function exampleAsks(): readonly Ask[] {
  return services.flatMap((service) =>
    Array.from({ length: endedMs / everyMs + 1 }, (_, turn): Ask => {
      const kind = turn % 2 === 0 ? "write" : "read";
      return { service, kind, atMs: turn * everyMs, tookMs: 20, sort: "right", said: "" };
    }),
  );
}

/** The good requests, of which those that begin in a span (milliseconds since the experiment began) become something else. */
export function asksBut(from: number, until: number, change: Partial<Ask>, service?: string): readonly Ask[] {
  return exampleAsks().map((ask) => {
    const atMs = ask.atMs - beganMs;
    const isMeant = atMs >= from && atMs < until && (service === undefined || service === ask.service);
    return isMeant ? { ...ask, ...change } : ask;
  });
}

/** The good requests without those of a span. */
export function asksWithout(from: number, until: number, service?: string): readonly Ask[] {
  return exampleAsks().filter(
    (ask) => ask.atMs - beganMs < from || ask.atMs - beganMs >= until || (service ?? ask.service) !== ask.service,
  );
}

/** A write a second and service, all intact; each of the todo backend's brought about one event. */
export function exampleAccepted(): readonly Accepted[] {
  return exampleAsks()
    .filter(({ kind }) => kind === "write")
    .map(({ service, atMs, tookMs }, index): Accepted => ({
      service,
      id: `id-${index}`,
      checksum: "a".repeat(64),
      acceptedMs: atMs + tookMs,
      fate: "intact",
      said: "",
      ...(service === "todo-backend" ? { events: 1 } : {}),
    }));
}

/** The good writes, the first of which is something else. */
export function acceptedBut(change: Partial<Accepted>, service = "todo-backend"): readonly Accepted[] {
  const all = exampleAccepted();
  const first = all.findIndex((one) => one.service === service);
  return all.map((one, index) => (index === first ? { ...one, ...change } : one));
}

/**
 * A fault that was injected after 1 s, felt after 2 s and removed after 70 s; the steady state was lost from 3 s to 20 s, and looked at each second.
 */
export function exampleObserved(changes: Partial<Observed> = {}): Observed {
  const during = Array.from({ length: 69 }, (_, index) => {
    const atMs = 1_000 + index * 1_000;
    const isLost = atMs >= 3_000 && atMs < 20_000;
    return {
      atMs,
      outcome: isLost ? ("fail" as const) : ("pass" as const),
      because: isLost ? "a pod is gone" : "all run",
    };
  });
  return {
    fault: "pod-kill",
    targets: read(["health-platform/health-api-1"], "the API server", exampleNow),
    before: { atMs: 1_000, outcome: "pass", because: "all run" },
    injectedAtMs: 1_000,
    injectError: undefined,
    felt: read(
      { what: "pod gone", value: true, source: "the API server", at: startedAt },
      "the API server",
      exampleNow,
    ),
    feltAtMs: 2_000,
    during,
    interrupted: false,
    cutBecause: undefined,
    removedAtMs: 70_000,
    removeError: undefined,
    recoveredAtMs: 71_000,
    after: { atMs: 71_000, outcome: "pass", because: "all run" },
    ...changes,
  };
}

/** The good drill. @param watch fields of its record that differ */
export function exampleDrill(changes: Partial<WatchedDrill> = {}, watch: Partial<WatchRecord> = {}): WatchedDrill {
  const record = {
    startedAt,
    endedMs,
    everyMs,
    services,
    asks: exampleAsks(),
    accepted: exampleAccepted(),
    left: 0,
    ...watch,
  };
  return {
    observed: exampleObserved(),
    survival: { lostMsMax: 60_000, recoverMsMax: 60_000 },
    watch: read(record, "users of both platforms", exampleNow),
    beganMs,
    firing: read([], "Prometheus", exampleNow),
    now: exampleNow,
    ...changes,
  };
}

/** Answers that are not right, as the rows need them. */
export const refused = { sort: "refused", said: "refused with 503" } as const;
export const wrong = { sort: "wrong", said: "refused with 500" } as const;
export const silent = { sort: "unanswered", said: "no answer within 5000 ms" } as const;

/** The good drill with a record that differs. */
export function recordDrill(watch: Partial<WatchRecord>): WatchedDrill {
  return exampleDrill({}, watch);
}

/** The good drill with an experiment that differs, and a record. */
export function observedDrill(changes: Partial<Observed>, watch: Partial<WatchRecord> = {}): WatchedDrill {
  return exampleDrill({ observed: exampleObserved(changes) }, watch);
}

/** A node that was away for so long; users are refused from the beginning for so long, and watched for 20 minutes. */
export function nodeAway(awayMs: number, refusedMs: number, tookMs = 20): WatchedDrill {
  const lastMs = Math.max(awayMs, refusedMs) + 60_000;
  const asks = Array.from({ length: Math.ceil((lastMs + beganMs) / 500) }, (_, turn) => turn * 500).flatMap((atMs) =>
    exampleAsks()
      .slice(0, 1)
      .flatMap((ask) =>
        ["health-api", "todo-backend"].map((service) => {
          const since = atMs - beganMs - 1_000;
          return { ...ask, service, atMs, ...(since >= 0 && since < refusedMs ? { ...refused, tookMs } : {}) };
        }),
      ),
  );
  const removedAtMs = awayMs + 1_000;
  const recoveredAtMs = removedAtMs + 500;
  return {
    ...observedDrill(
      {
        during: [{ atMs: 3_000, outcome: "pass", because: "" }],
        removedAtMs,
        recoveredAtMs,
        after: { atMs: recoveredAtMs, outcome: "pass", because: "" },
      },
      { asks, endedMs: lastMs + beganMs },
    ),
    survival: { lostMsMax: 900_000, recoverMsMax: 60_000 },
  };
}
