import { expect, test } from "vitest";
import { fail, pass, read, unproven, unread, type Fact, type Reading, type Verdict } from "../harness/verdict.ts";
import { heldToCluster } from "./same-cluster.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const fact: Fact = { what: "nodes", value: 3, source: "nodes", at: now.toISOString() };
const verdicts = { pass: pass("held", [fact]), fail: fail("broken", [fact]), unproven: unproven("no access") };
const identities = {
  same: read({ uid: "uid-1" }, "kube-system", now),
  other: read({ uid: "uid-2" }, "kube-system", now),
  unknown: unread<{ uid: string }>("GET /api/v1/namespaces/kube-system: 403", "kube-system", now),
};
type Row = [keyof typeof verdicts, keyof typeof identities, Verdict["outcome"], RegExp];

test.each<Row>([
  ["pass", "same", "pass", /^held$/],
  ["fail", "same", "fail", /^broken$/],
  ["unproven", "same", "unproven", /^no access$/],
  ["pass", "other", "unproven", /about cluster uid-1, but uid-2 answered this check; the check had said: held/],
  ["fail", "other", "unproven", /uid-2 answered this check; the check had said: broken/],
  ["unproven", "other", "unproven", /uid-2 answered this check/],
  ["pass", "unknown", "unproven", /could not be read: GET .* 403; the check had said: held/],
  ["fail", "unknown", "fail", /^broken$/],
  ["unproven", "unknown", "unproven", /^no access$/],
])("a %s of the %s cluster is %s", (verdict, cluster, outcome, because) => {
  const identity: Reading<{ readonly uid: string }> = identities[cluster];
  const held = heldToCluster(verdicts[verdict], "uid-1", identity);
  expect(held.outcome).toBe(outcome);
  expect(held.because).toMatch(because);
});
