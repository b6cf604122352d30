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
  during: [sample(1000, "pass"), sample(2000, "fail"), sample(3000, "pass"), sample(5000, "pass")],
  interrupted: false,
  cutBecause: undefined,
  removedAtMs: 6000,
  removeError: undefined,
  recoveredAtMs: 11_000,
  after: sample(11_000, "pass"),
};

test.each<[string, Partial<Observed>, Outcome, RegExp]>([
  ["lost 2000 ms of 2000, recovered in 5000 ms of 5000", {}, "pass", /survived pod-kill, recovered after 5000 ms/],
  [
    "lost 2001 ms",
    { during: [sample(1000, "pass"), sample(2000, "fail"), sample(3001, "pass")] },
    "fail",
    /lost for 2001 ms/,
  ],
  ["failed at the first look", { during: [sample(1000, "fail"), sample(2001, "pass")] }, "fail", /lost for 2001 ms/],
  ["failed for the first 2000 ms", { during: [sample(1000, "fail"), sample(2000, "pass")] }, "pass", /survived/],
  ["failed until the removal", { during: [sample(3999, "pass"), sample(5000, "fail")] }, "fail", /lost for 2001 ms/],
  ["failed 2000 ms before the removal", { during: [sample(4000, "pass"), sample(5000, "fail")] }, "pass", /survived/],
  [
    "failed in a look that ended after the removal",
    { during: [sample(4200, "pass"), sample(6201, "fail")] },
    "fail",
    /lost for 2001 ms/,
  ],
  [
    "lost twice",
    { during: [1000, 2000, 2001, 3001].map((atMs, index) => sample(atMs, index % 2 === 0 ? "fail" : "pass")) },
    "fail",
    /lost for 3001 ms/,
  ],
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
  ["not felt", { felt: undefined }, "unproven", /not felt: surviving it shows nothing$/],
  [
    "not felt, and what was seen last",
    { felt: { ok: false, why: "0.7 cores", source: "s", at: "2026-11-22T08:00:00.000Z" } },
    "unproven",
    /not felt: surviving it shows nothing \(0\.7 cores\)$/,
  ],
  ["blind in one look", { during: [sample(1000, "pass"), sample(2000, "unproven")] }, "unproven", /1 of 2 looks/],
  ["interrupted", { interrupted: true, cutBecause: "SIGINT" }, "unproven", /cut short: SIGINT/],
  [
    "cut short for its budget",
    {
      interrupted: true,
      cutBecause: "budget",
      during: [sample(1000, "pass"), sample(3001, "fail")],
      removedAtMs: 3002,
    },
    "fail",
    /lost for 2002 ms/,
  ],
  ["looked at only before it was felt", { during: [sample(199, "pass")] }, "unproven", /not looked at while/],
  ["looked at once when it was felt", { during: [sample(200, "pass")] }, "pass", /survived/],
  ["never looked", { during: [] }, "unproven", /0 of 0 looks/],
  [
    "blind once, but lost beyond the budget",
    { during: [sample(500, "pass"), sample(700, "unproven"), sample(1000, "fail"), sample(2501, "pass")] },
    "fail",
    /lost for 2001/,
  ],
])("%s", (_, change, outcome, because) => {
  const verdict = judgeSurvival({ ...survived, ...change }, limits, now);
  expect(verdict.outcome).toBe(outcome);
  expect(verdict.because).toMatch(because);
});
