import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { AlertRule } from "../../probes/observability/rules.ts";
import { judgeAlertsFire, type RaisedAlert } from "./alerts.judge.ts";
import { ago, now } from "./pod-examples.ts";

const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const declared = ["TargetDown", "OkeProofSynthetic"];

const rule = (name: string, changes: Partial<AlertRule> = {}): AlertRule => ({
  name,
  health: "ok",
  lastError: "",
  evaluatedAt: ago(10),
  ...changes,
});
const rulesOf = (changes: Partial<AlertRule> = {}) =>
  read([rule("OkeProofSynthetic"), rule("TargetDown", changes), rule("Another")], "rules", now);
const arrived: RaisedAlert = {
  raisedAt: ago(60),
  firedAt: ago(50),
  resolvedAt: ago(20),
  firedWithinSeconds: 60,
  resolvedWithinSeconds: 60,
};
const raisedOf = (changes: Partial<RaisedAlert> = {}) => read({ ...arrived, ...changes }, "receiver", now);

test.each<readonly [string, Partial<AlertRule>, Outcome, RegExp]>([
  ["evaluated", {}, "pass", /^2 rules are loaded/],
  ["just fresh", { evaluatedAt: ago(120) }, "pass", /loaded/],
  ["stale", { evaluatedAt: ago(121) }, "fail", /^rule TargetDown was last evaluated 121 s ago$/],
  ["a little ahead", { evaluatedAt: ago(-60) }, "pass", /loaded/],
  ["in the future", { evaluatedAt: ago(-61) }, "unproven", /^rule TargetDown was evaluated in the future/],
  ["in error", { health: "err", lastError: "many-to-many" }, "fail", /^rule TargetDown is in error: many-to-many$/],
  ["not evaluated yet", { health: "unknown" }, "unproven", /never evaluated/],
  ["loaded under another name", { name: "TargetUp" }, "fail", /^rule TargetDown is not loaded$/],
])("a rule that is %s", (_, changes, outcome, because) => {
  expect(judgeAlertsFire({ rules: rulesOf(changes), raised: raisedOf() }, declared, now)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("an alert that arrives and resolves is measured", () => {
  const { outcome, evidence } = judgeAlertsFire({ rules: rulesOf(), raised: raisedOf() }, declared, now);
  expect(outcome).toBe("pass");
  expect(evidence.map(({ what, value }) => [what, value])).toEqual([
    ["rules missing or in error", 0],
    ["time from raised to received", 10],
    ["time from raised to resolved", 40],
  ]);
});

test("an alert that does not arrive, or does not resolve, is a fault", () => {
  const { raisedAt, firedAt, firedWithinSeconds, resolvedWithinSeconds } = arrived;
  const lost = read({ raisedAt, firedWithinSeconds, resolvedWithinSeconds }, "receiver", now);
  const stuck = read({ raisedAt, firedAt: firedAt ?? "", firedWithinSeconds, resolvedWithinSeconds }, "receiver", now);
  const judge = (raised: typeof lost | typeof stuck) => judgeAlertsFire({ rules: rulesOf(), raised }, declared, now);
  expect(judge(lost)).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/did not reach .* within 60 s$/),
  });
  expect(judge(stuck)).toMatchObject({ outcome: "fail", because: expect.stringMatching(/not resolved within 60 s/) });
  const blindToRules = judgeAlertsFire({ rules: refused, raised: lost }, declared, now);
  expect(blindToRules.outcome).toBe("fail");
});

test("what cannot be read or raised is unproven", () => {
  expect(judgeAlertsFire({ rules: refused, raised: refused }, declared, now)).toMatchObject({ outcome: "unproven" });
  expect(judgeAlertsFire({ rules: refused, raised: raisedOf() }, declared, now).outcome).toBe("unproven");
  expect(judgeAlertsFire({ rules: rulesOf(), raised: refused }, declared, now)).toMatchObject({
    outcome: "unproven",
    because: refused.ok ? "" : refused.why,
  });
  expect(judgeAlertsFire({ rules: rulesOf(), raised: raisedOf() }, [], now).outcome).toBe("unproven");
});
