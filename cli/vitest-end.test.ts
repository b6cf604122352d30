import { expect, test } from "vitest";
import type { Outcome } from "../harness/verdict.ts";
import type { ChildEnd } from "./vitest-child.ts";
import { whyVitestDied } from "./vitest-end.ts";

const stands = /^it stands$/;
const exited = (code: number): ChildEnd => ({ code, signal: null });
const one = (outcome?: Outcome): ReadonlyMap<string, Outcome | undefined> => new Map([["a", outcome]]);
type Row = [string, ChildEnd, ReadonlyMap<string, Outcome | undefined>, RegExp];

test.each<Row>([
  ["0 over passes", exited(0), one("pass"), stands],
  ["1 over a fail", exited(1), one("fail"), stands],
  ["1 over a gap", exited(1), one("unproven"), stands],
  ["1 over passes", exited(1), one("pass"), /an error that no check caught/],
  ["0 over a fail", exited(0), one("fail"), /no check of this run stands behind/],
  ["0 over a gap", exited(0), one("unproven"), /no check of this run stands behind/],
  ["0 without a verdict", exited(0), one(), /without a verdict on a$/],
  ["1 without a verdict", exited(1), one(), /without a verdict on a$/],
  ["2 over passes", exited(2), one("pass"), /exited 2 with 0 checks to go/],
  ["143 over passes", exited(143), one("pass"), /exited 143/],
  ["a signal over passes", { code: null, signal: "SIGKILL" }, one("pass"), /ended by SIGKILL with 0 checks/],
  ["no code and no signal", { code: null, signal: null }, one("pass"), /exited null/],
])("Vitest's end: %s", (_, end, outcomes, why) => {
  expect(whyVitestDied(end, outcomes) ?? "it stands").toMatch(why);
});
