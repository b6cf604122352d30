import { expect, test } from "vitest";
import type { Cell } from "../../probes/network/cells.ts";
import type { PodEnd } from "../../probes/network/policy.ts";
import type { Expected } from "../../probes/network/semantics.ts";
import {
  judgeEnforcement,
  type CaseRun,
  type Matrix,
  type Prober,
  type Round,
  type Seen,
} from "./network-enforcement.judge.ts";

const limits = { convergeSecondsMax: 10, heldRounds: 2, secondsMax: 90, casesMin: 1 };
const at = "2026-11-22T08:00:00.000Z";

const podEnd = (id: string): PodEnd => ({
  kind: "pod",
  id,
  namespace: id.slice(0, 1),
  namespaceLabels: {},
  labels: {},
  ports: [],
  address: "10.244.1.2",
});
const [a, b] = [podEnd("x/a"), podEnd("y/b")];
const outside = { kind: "outside", id: "outside", address: "192.0.2.7" } as const;

/** x/a to y/b by TCP and UDP, x/a and y/b to the outside. */
const cells: readonly Cell[] = [
  { id: 0, from: a, to: b, kind: "tcp", protocol: "TCP", port: 8080 },
  { id: 1, from: a, to: b, kind: "udp", protocol: "UDP", port: 8080 },
  { id: 2, from: a, to: outside, kind: "connect", protocol: "TCP", port: 5000 },
  { id: 3, from: b, to: outside, kind: "connect", protocol: "TCP", port: 5000 },
];
const expected: readonly Expected[] = ["blocked", "open", "blocked", "open"];

const alive = (instance = "first", answering = ["tcp 8080", "udp 8080"]): Prober => ({
  ok: true,
  instance,
  answering: new Set(answering),
});
const open: readonly Seen[] = [
  { outcome: "open", by: "y/b" },
  { outcome: "open", by: "y/b" },
  { outcome: "open" },
  { outcome: "open" },
];
const asExpected: readonly Seen[] = [
  { outcome: "timeout" },
  { outcome: "open", by: "y/b" },
  { outcome: "refused" },
  { outcome: "open" },
];

function round(seen: readonly Seen[], probers: Readonly<Record<string, Prober>> = {}): Round {
  return {
    at,
    seconds: 1,
    slowestOpenMs: 40,
    seen,
    probers: new Map(Object.entries({ "x/a": alive(), "y/b": alive(), ...probers })),
  };
}

const sound: CaseRun = {
  name: "deny-egress",
  expected,
  before: round(open),
  appliedSeconds: 0.4,
  held: [round(asExpected), round(asExpected)],
  removedSeconds: 0.3,
  after: round(open),
};

function matrix(changes: Partial<CaseRun> = {}, whole: Partial<Matrix> = {}): Matrix {
  return {
    cells,
    runs: [{ ...sound, ...changes }],
    left: [],
    seconds: 10,
    probes: 1600,
    tryMs: 600,
    source: "https://server",
    ...whole,
  };
}

const seen = (base: readonly Seen[], at_: number, other: Seen): readonly Seen[] =>
  base.map((one, index) => (index === at_ ? other : one));
const held = (at_: number, other: Seen, probers?: Readonly<Record<string, Prober>>): Partial<CaseRun> => ({
  held: [round(asExpected), round(seen(asExpected, at_, other), probers)],
});
const always = (at_: number, other: Seen): Partial<CaseRun> => ({
  held: [round(seen(asExpected, at_, other)), round(seen(asExpected, at_, other))],
});

test("as the policies say: pass, with rate and slowest policy", () => {
  const verdict = judgeEnforcement(matrix(), limits);
  expect(verdict.outcome).toBe("pass");
  expect(verdict.because).toContain("160 connections a second");
  expect(verdict.evidence).toContainEqual(expect.objectContaining({ value: 0.4, unit: "s", limit: "at most 10 s" }));
  expect(verdict.evidence[0]).toMatchObject({ value: 0, limit: "at most 0", file: "network-policies-enforced.json" });
});

test.each<[string, Matrix, RegExp]>([
  [
    "open in one round",
    matrix(held(0, { outcome: "open", by: "y/b" })),
    /^deny-egress: x\/a to y\/b by TCP 8080 was made against the policy \(round 2\)$/,
  ],
  ["connected without an answer", matrix(held(0, { outcome: "unanswered" })), /was made against the policy/],
  ["reached by somebody else even", matrix(held(0, { outcome: "open", by: "z/c" })), /was made against the policy/],
  [
    "blocked although allowed",
    matrix(always(1, { outcome: "timeout" })),
    /by UDP 8080 came to timeout although the policy allows it/,
  ],
  [
    "refused although allowed",
    matrix(always(1, { outcome: "refused" })),
    /came to refused although the policy allows it/,
  ],
  [
    "still blocked afterwards",
    matrix({ after: round(asExpected) }),
    /was still blocked 10 s after the policy was gone \(after\)/,
  ],
])("fail: %s", (_, judged, because) => {
  const verdict = judgeEnforcement(judged, limits);
  expect(verdict.outcome).toBe("fail");
  expect(verdict.because).toMatch(because);
});

test("the same fault of several connections is one sentence, and each counts", () => {
  const all: readonly Seen[] = [
    { outcome: "open", by: "y/b" },
    { outcome: "open", by: "y/b" },
    { outcome: "open" },
    { outcome: "open" },
  ];
  const verdict = judgeEnforcement(matrix({ held: [round(all), round(all)] }), limits);
  expect(verdict.because).toBe(
    "deny-egress: x/a to y/b by TCP 8080 was made against the policy (round 1), and 1 more connections like it",
  );
  expect(verdict.evidence[0]).toMatchObject({ value: 2, unit: "connections" });
});

const gone: Prober = { ok: false, why: "no answer within 4.6 s" };
const nobodyOutside = asExpected.map((one, index) => (index === 3 ? { outcome: "timeout" as const } : one));

test.each<[string, Matrix, RegExp]>([
  [
    "not open before",
    matrix({ before: round(seen(open, 0, { outcome: "timeout" })) }),
    /TCP 8080 came to timeout although the policy allows it \(before\)/,
  ],
  [
    "the source said nothing",
    matrix(held(0, { outcome: "no answer" }, { "x/a": gone })),
    /was not tried: no answer within 4\.6 s/,
  ],
  [
    "the target said nothing",
    matrix(held(0, { outcome: "timeout" }, { "y/b": gone })),
    /came to timeout, but y\/b itself said nothing/,
  ],
  [
    "the target does not answer itself",
    matrix(held(0, { outcome: "timeout" }, { "y/b": alive("first", ["udp 8080"]) })),
    /y\/b did not answer itself on tcp 8080/,
  ],
  [
    "the source does not reach itself",
    matrix(held(0, { outcome: "timeout" }, { "x/a": alive("first", []) })),
    /x\/a did not even reach itself/,
  ],
  [
    "the target was started anew",
    matrix(held(0, { outcome: "timeout" }, { "y/b": alive("second") })),
    /y\/b was started anew meanwhile/,
  ],
  [
    "the source was started anew",
    matrix(held(0, { outcome: "timeout" }, { "x/a": alive("second") })),
    /tried by a prober that was started anew/,
  ],
  [
    "nobody reached the outside",
    matrix({ held: [round(asExpected), round(nobodyOutside)] }),
    /x\/a to outside by TCP 5000 came to refused, but nobody reached outside/,
  ],
  [
    "blocked in one round although allowed",
    matrix(held(1, { outcome: "timeout" })),
    /came to timeout although the policy allows it, but not in every round \(round 2\)/,
  ],
  ["no answer to a cell", matrix(held(0, { outcome: "no answer" })), /was not answered for/],
  ["an error", matrix(held(0, { outcome: "error" })), /came to error, which says nothing of policies/],
  [
    "name servers without an answer",
    matrix(held(0, { outcome: "dns" })),
    /came to dns, which says nothing of policies/,
  ],
  ["answered by another", matrix(held(1, { outcome: "open", by: "z/c" })), /was answered by z\/c/],
  ["connected without an answer where it is allowed", matrix(held(1, { outcome: "unanswered" })), /came to unanswered/],
  ["a round less", matrix({ held: [round(asExpected)] }), /deny-egress: 1 rounds, not 2/],
  [
    "the target died afterwards",
    matrix({ after: round(seen(open, 0, { outcome: "timeout" }), { "y/b": gone }) }),
    /y\/b itself said nothing/,
  ],
  [
    "cases left",
    matrix({}, { left: ["joined"], why: "the time for it was over" }),
    /not tried: joined \(the time for it was over\)/,
  ],
  ["no case", matrix({}, { runs: [] }), /0 policies were tried, not 1/],
  ["too slow", matrix({}, { seconds: 90.6 }), /the table took 91 s, not 90/],
])("unproven: %s", (_, judged, because) => {
  const verdict = judgeEnforcement(judged, limits);
  expect(verdict.because).toMatch(because);
  expect(verdict.outcome).toBe("unproven");
});

test("90 seconds are within the limit", () => {
  expect(judgeEnforcement(matrix({}, { seconds: 90 }), limits).outcome).toBe("pass");
});

test("what the API leaves open is not judged", () => {
  const either: readonly Expected[] = ["either", "open", "blocked", "open"];
  expect(
    judgeEnforcement(matrix({ expected: either, ...held(0, { outcome: "open", by: "y/b" }) }), limits).outcome,
  ).toBe("pass");
});

test("a fault outweighs a gap", () => {
  const verdict = judgeEnforcement(matrix(held(0, { outcome: "open", by: "y/b" }), { left: ["joined"] }), limits);
  expect(verdict.outcome).toBe("fail");
});
