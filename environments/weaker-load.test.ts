import { expect, test } from "vitest";
import type { LoadPlan } from "./load-plan.ts";
import { loadsLess } from "./weaker-load.ts";

const builtIn: LoadPlan = {
  usersFirst: 100,
  usersPlateau: 500,
  thinkSeconds: 10,
  rampSeconds: 120,
  plateauSeconds: 600,
  recoverySeconds: 600,
  generatorIdlePercentMin: 20,
};

test.each<readonly [string, Partial<LoadPlan>, readonly string[]]>([
  ["the same", {}, []],
  ["more of everything", { usersPlateau: 501, plateauSeconds: 601, thinkSeconds: 9, generatorIdlePercentMin: 21 }, []],
  ["another ramp", { rampSeconds: 1 }, []],
  ["fewer users first", { usersFirst: 99 }, ["load.usersFirst is 99, not 100"]],
  ["fewer users", { usersPlateau: 499 }, ["load.usersPlateau is 499, not 500"]],
  ["a shorter plateau", { plateauSeconds: 599 }, ["load.plateauSeconds is 599, not 600"]],
  ["a shorter recovery", { recoverySeconds: 599 }, ["load.recoverySeconds is 599, not 600"]],
  ["slower users", { thinkSeconds: 10.1 }, ["load.thinkSeconds is 10.1, not 10"]],
  ["a busier generator", { generatorIdlePercentMin: 19 }, ["load.generatorIdlePercentMin is 19, not 20"]],
  ["a shared machine", { sharedMachine: "why" }, ["load.sharedMachine lets the generator measure itself: why"]],
  [
    "a cap",
    { balancerMbps: 10 },
    ["load.balancerMbps excuses latency by a cap that the built-in profile does not know"],
  ],
])("%s", (_, changes, expected) => {
  expect(loadsLess(builtIn, { ...builtIn, ...changes })).toEqual(expected);
});
