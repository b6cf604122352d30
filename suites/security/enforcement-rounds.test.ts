import { expect, test } from "vitest";
import type { PolicyCase } from "../../fixtures/network/truth-table.ts";
import type { Policy } from "../../probes/network/policy.ts";
import { cases, cells, inWorld, soundWorld, sources, type World } from "../../test/network-world.ts";
import { evidenceOf } from "./enforcement-evidence.ts";
import { goThrough } from "./enforcement-rounds.ts";
import { judgeEnforcement, type Matrix } from "./network-enforcement.judge.ts";

const limits = { convergeSecondsMax: 10, heldRounds: 3, secondsMax: 90, casesMin: 12 };

type Standing = {
  readonly apply?: (world: World, tested: PolicyCase) => void;
  readonly remove?: (world: World, tested: PolicyCase) => void;
};

/** Goes through cases in a world. */
async function through(world: World, wanted: readonly PolicyCase[] = cases, standing: Standing = {}): Promise<Matrix> {
  const apply = standing.apply ?? ((here, { policies }) => void here.standing.push(...policies));
  const remove =
    standing.remove ??
    ((here, { policies }) => {
      here.standing = here.standing.filter((one) => !policies.includes(one));
    });
  return inWorld(world, async (cluster) =>
    goThrough(
      {
        cluster,
        sources,
        cells,
        portRanges: "enforced",
        apply: async (tested) => apply(world, tested),
        remove: async (tested) => remove(world, tested),
        convergeMsMax: 300,
        heldRounds: 3,
        secondsMax: 60,
        signal: AbortSignal.timeout(60_000),
      },
      wanted,
    ),
  );
}

test("a world that enforces passes, and nothing is left standing", async () => {
  const world = soundWorld();
  const matrix = await through(world);
  const verdict = judgeEnforcement(matrix, limits);
  expect(verdict.because).toMatch(/^17 policies: all 351 connections were open before/);
  expect(verdict.outcome).toBe("pass");
  expect(world.standing).toEqual([]);
  expect(evidenceOf(matrix)).toMatchObject({ left: [], cases: { length: cases.length } });
});

test("a world that ignores policies fails, and is not looked at for longer than it takes to say so", async () => {
  const matrix = await through(soundWorld(), cases, { apply: () => undefined });
  const verdict = judgeEnforcement(matrix, limits);
  expect(verdict.outcome).toBe("fail");
  expect(verdict.because).toMatch(
    /^deny-ingress: x\/a to x\/b by TCP 8080 was made against the policy \(round 1\), and 95 more connections like it; deny-egress: x\/a to x\/b/,
  );
  expect(matrix.runs).toHaveLength(2);
});

test("a round in which a prober was too busy to reach its own door is taken again, with more time", async () => {
  // Its first look under the first policy: the look before it is the one without any.
  const world = soundWorld({ alive: (id, round) => id !== "x/c" || round !== 2 });
  const matrix = await through(world, cases.slice(0, 1));
  expect(judgeEnforcement(matrix, { ...limits, casesMin: 1 }).because).toMatch(/^1 policies: all/);
  expect(matrix.tryMs).toBe(1000);
});

const allIngress: Policy = {
  namespace: "network-x",
  name: "planted",
  spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] },
};

test.each<[string, World, RegExp]>([
  [
    "one policy too wide",
    soundWorld({ standing: [allIngress] }),
    /^deny-ingress: x\/a to x\/b by TCP 8080 was made against the policy .*; deny-both: y\/a to x\/a/,
  ],
  [
    "UDP open",
    soundWorld({ outcome: ({ kind }) => (kind === "udp" ? "open" : undefined) }),
    /^deny-ingress: x\/a to x\/b by UDP 8080 was made against the policy/,
  ],
  [
    "one pod left out",
    soundWorld({ outcome: ({ to }) => (to.id === "x/c" ? "open" : undefined) }),
    /^deny-ingress: x\/a to x\/c by TCP 8080 was made against the policy/,
  ],
])("%s fails", async (_, world, because) => {
  const verdict = judgeEnforcement(await through(world, cases.slice(0, 3)), { ...limits, casesMin: 1 });
  expect(verdict.because).toMatch(because);
  expect(verdict.outcome).toBe("fail");
});

test("a policy that stays after its removal fails", async () => {
  const verdict = judgeEnforcement(await through(soundWorld(), cases.slice(0, 3), { remove: () => undefined }), limits);
  expect(verdict.because).toMatch(/was still blocked 10 s after the policy was gone/);
  expect(verdict.outcome).toBe("fail");
});

test("what opens in the third round was not held", async () => {
  // Rounds of each prober: one before, three held.
  const world = soundWorld({ outcome: (_, round) => (round === 4 ? "open" : undefined) });
  const verdict = judgeEnforcement(await through(world, cases.slice(0, 1)), { ...limits, casesMin: 1 });
  expect(verdict.because).toMatch(/was made against the policy \(round 3\)/);
  expect(verdict.outcome).toBe("fail");
});

test("what is allowed and was not heard once is tried again, and passes", async () => {
  const world = soundWorld({
    outcome: ({ from, to }, round) => (from.id === "z/a" && to.id === "z/b" && round === 3 ? "timeout" : undefined),
  });
  const verdict = judgeEnforcement(await through(world, cases.slice(0, 1)), { ...limits, casesMin: 1 });
  expect(verdict.outcome).toBe("pass");
});

test.each<[string, Partial<World>]>([
  [
    "a prober says nothing from the third round on",
    { status: (id, round) => (id === "x/b" && round >= 3 ? 503 : 200) },
  ],
  ["no prober says anything from the third round on", { status: (_, round) => (round >= 3 ? 403 : 200) }],
  ["a prober is started anew", { instance: (id, round) => (id === "y/a" && round >= 3 ? "second" : "first") }],
  [
    "a prober no longer answers at its door",
    {
      alive: (id, round) => id !== "x/a" || round < 3,
      outcome: ({ to }, round) => (to.id === "x/a" && round >= 3 ? "refused" : undefined),
    },
  ],
  [
    "the name servers are gone",
    { outcome: ({ kind }, round) => (kind === "dns" && round >= 3 ? "refused" : undefined) },
  ],
  ["the outside is gone", { outcome: ({ to }, round) => (to.id === "outside" && round >= 3 ? "timeout" : undefined) }],
  [
    "the name servers answer nothing",
    { outcome: ({ kind }, round) => (kind === "dns" && round >= 3 ? "dns" : undefined) },
  ],
  ["sockets cannot be had", { outcome: (_, round) => (round >= 3 ? "error" : undefined) }],
  ["nothing is open to begin with", { outcome: () => "timeout" }],
])("in the middle %s: unproven", async (_, changes) => {
  const verdict = judgeEnforcement(await through(soundWorld(changes), cases.slice(0, 4)), { ...limits, casesMin: 1 });
  expect(verdict.outcome, verdict.because).toBe("unproven");
});

test("what cannot be applied is said, and no more is tried", async () => {
  const refuse = (): never => {
    throw new Error("403: forbidden");
  };
  const matrix = await through(soundWorld(), cases.slice(0, 2), { apply: refuse });
  expect(matrix).toMatchObject({
    runs: [],
    left: ["deny-ingress", "deny-egress"],
    why: "deny-ingress: 403: forbidden",
  });
});
