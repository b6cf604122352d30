import { expect, test } from "vitest";
import type { Observed, SteadySample } from "./experiment.ts";
import { judgeSurvival } from "./survival.judge.ts";
import { read, unread, type Fact, type Outcome } from "./verdict.ts";

const now = new Date("2026-01-01T00:10:00.000Z");
const felt: Fact = { what: "pod gone", value: true, source: "api", at: now.toISOString() };
const sample = (atMs: number, outcome: Outcome): SteadySample => ({ atMs, outcome, because: `${outcome} at ${atMs}` });
const limits = { lostMsMax: 2000, recoverMsMax: 5000 };

const survived: Observed = {
  fault: "pod-kill",
  targets: read(["Pod a"], "api", now),
  before: sample(0, "pass"),
  injectedAtMs: 100,
  injectError: undefined,
  felt: read(felt, "api", now),
  feltAtMs: 200,
  during: [sample(1000, "pass"), sample(2000, "fail"), sample(4000, "pass"), sample(5000, "pass")],
  interrupted: false,
  removedAtMs: 6000,
  removeError: undefined,
  recoveredAtMs: 11_000,
  after: sample(11_000, "pass"),
};

test.each<[string, Partial<Observed>, Outcome, RegExp]>([
  ["lost 2000 ms of 2000, recovered in 5000 ms of 5000", {}, "pass", /survived pod-kill, recovered after 5000 ms/],
  ["lost 2001 ms", { during: [sample(2000, "fail"), sample(4001, "pass")] }, "fail", /lost for 2001 ms/],
  ["failed until the removal", { during: [sample(1000, "pass"), sample(3999, "fail")] }, "fail", /lost for 2001 ms/],
  ["recovered in 5001 ms", { recoveredAtMs: 11_001, after: sample(11_001, "pass") }, "fail", /not recovered/],
  ["never recovered", { recoveredAtMs: undefined, after: sample(90_000, "fail") }, "fail", /not recovered/],
  [
    "recovery unreadable",
    { recoveredAtMs: undefined, after: sample(9_000, "unproven") },
    "unproven",
    /could not be read/,
  ],
  ["not removable", { removeError: "403" }, "fail", /could not be removed: 403/],
  [
    "not removable and not steady before",
    { removeError: "403", before: sample(0, "fail") },
    "fail",
    /could not be removed/,
  ],
  ["targets unreadable", { targets: unread("403", "api", now) }, "unproven", /targets .* could not be read/],
  ["no target", { targets: read([], "api", now) }, "unproven", /no target/],
  ["not steady before", { before: sample(0, "fail") }, "unproven", /not steady before/],
  ["steady state unknown before", { before: sample(0, "unproven") }, "unproven", /not steady before/],
  ["not injected", { injectedAtMs: undefined, injectError: "409" }, "unproven", /was not injected: 409/],
  ["not felt", { felt: undefined }, "unproven", /not felt/],
  ["blind in one look", { during: [sample(1000, "pass"), sample(2000, "unproven")] }, "unproven", /1 of 2 looks/],
  ["interrupted", { interrupted: true }, "unproven", /cut short/],
  ["never looked", { during: [] }, "unproven", /0 of 0 looks/],
  [
    "blind once, but lost beyond the budget",
    { during: [sample(0, "unproven"), sample(1000, "fail"), sample(3001, "pass")] },
    "fail",
    /lost for 2001/,
  ],
])("%s", (_, change, outcome, because) => {
  const verdict = judgeSurvival({ ...survived, ...change }, limits, now);
  expect(verdict.outcome).toBe(outcome);
  expect(verdict.because).toMatch(because);
});
