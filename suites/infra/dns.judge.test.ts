import { describe, expect, test } from "vitest";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { DnsAnswer } from "../../probes/dns/answer.ts";
import { judgeDns, uncoveredNodes, type Control, type Resolved } from "./dns.judge.ts";

const now = new Date("2026-03-01T12:00:00Z");
const name = "health-api.health-platform.svc.cluster.local";
const nobody = "oke-proof-1.health-platform.svc.cluster.local";

function answer(outcome: string, answers: readonly string[] = [], asked = name): DnsAnswer {
  return { name: asked, type: "A", outcome, answers, resolver: "10.96.0.10" };
}

function resolved(vantage: string, value: DnsAnswer, expected: readonly string[] = ["10.96.0.7"]): Resolved {
  return {
    record: { name, type: "A" },
    vantage,
    expected: read(expected, "Service", now),
    reading: read(value, `prober on ${vantage}`, now),
  };
}

function control(vantage: string, value: DnsAnswer = answer("NXDOMAIN", [], nobody)): Control {
  return { vantage, reading: read(value, `prober on ${vantage}`, now) };
}

const good = resolved("worker", answer("NOERROR", ["10.96.0.7"]));
const controls = [control("worker"), control("worker2")];
const judge = (more: readonly Resolved[], asked: readonly Control[] = controls, gaps: readonly string[] = []) =>
  judgeDns({ gaps, resolved: [good, ...more], controls: asked });

test.each<[string, readonly string[], readonly string[]]>([
  ["the one address", ["10.96.0.7"], ["10.96.0.7"]],
  ["all of several, in any order", ["10.0.0.2", "10.0.0.1"], ["10.0.0.1", "10.0.0.2"]],
])("pass: %s", (_, answers, expected) => {
  const verdict = judge([resolved("worker2", answer("NOERROR", answers), expected)]);
  expect(verdict).toMatchObject({
    outcome: "pass",
    evidence: [{ value: "10.96.0.7", limit: "exactly 10.96.0.7" }, {}],
  });
});

test.each<[string, DnsAnswer, readonly string[], RegExp]>([
  ["another address", answer("NOERROR", ["10.96.0.1"]), ["10.96.0.7"], /is 10\.96\.0\.1 at worker2, not 10\.96\.0\.7/],
  [
    "one address too many",
    answer("NOERROR", ["10.96.0.1", "10.96.0.7"]),
    ["10.96.0.7"],
    /10\.96\.0\.1, 10\.96\.0\.7 at/,
  ],
  ["one address too few", answer("NOERROR", ["10.0.0.1"]), ["10.0.0.1", "10.0.0.2"], /not 10\.0\.0\.1, 10\.0\.0\.2/],
  ["no such name", answer("NXDOMAIN"), ["10.96.0.7"], /is NXDOMAIN at/],
  ["no such record", answer("NODATA"), ["10.96.0.7"], /is NODATA at/],
  ["a failing name server", answer("SERVFAIL"), ["10.96.0.7"], /is SERVFAIL at/],
  ["an empty answer where nothing is expected", answer("NOERROR", []), [], /is nothing at/],
])("fail: %s, at one node of two", (_, value, expected, because) => {
  const verdict = judge([resolved("worker2", value, expected)]);
  expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(because) });
  expect(verdict.because).toMatch(/^health-api\.health-platform\.svc\.cluster\.local A /);
  expect(verdict.evidence[0]?.source).toBe("prober on worker2");
});

const blank = unread<never>("GET …/pods/prober-2/proxy/resolve: 403", "prober on worker2", now);

test.each<[string, readonly Resolved[], readonly Control[], readonly string[], RegExp]>([
  ["a prober that cannot be asked", [{ ...good, reading: blank }], controls, [], /403/],
  [
    "an expectation that cannot be read",
    [{ ...good, expected: unread("GET service: 404", "x", now) }],
    controls,
    [],
    /must resolve to is not known: GET service: 404/,
  ],
  [
    "a name server that would not tell",
    [resolved("worker2", answer("REFUSED"))],
    controls,
    [],
    /would not say .* REFUSED/,
  ],
  ["a code that nobody knows", [resolved("worker2", answer("RCODE_23"))], controls, [], /RCODE_23/],
  [
    "a resolver that answers a name that cannot exist",
    [],
    [control("worker", answer("NOERROR", ["10.1.1.1"], nobody))],
    [],
    /worker says 10\.1\.1\.1 of oke-proof-1/,
  ],
  [
    "a resolver that knows a name that cannot exist",
    [],
    [control("worker", answer("NODATA", [], nobody))],
    [],
    /says NODATA of/,
  ],
  ["a control that fails", [], [control("worker", answer("SERVFAIL", [], nobody))], [], /says SERVFAIL of/],
  [
    "a control that cannot be asked",
    [],
    [{ vantage: "worker", reading: blank }],
    [],
    /control could not be asked: .*403/,
  ],
  ["a vantage without a control", [], [control("worker2")], [], /no control was asked at worker/],
  ["a node without a prober", [], controls, ["no ready prober on worker3"], /worker3/],
])("unproven: %s", (_, more, asked, gaps, because) => {
  expect(judge(more, asked, gaps)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});

test("unproven: nothing asked; and a fault that was seen outweighs what was not", () => {
  expect(judgeDns({ gaps: [], resolved: [], controls: [] })).toMatchObject({ outcome: "unproven" });
  const wrong = resolved("worker2", answer("NXDOMAIN"));
  expect(judge([{ ...good, reading: blank }, wrong], controls, ["a gap"])).toMatchObject({ outcome: "fail" });
});

describe("nodes without a prober", () => {
  const ready = [{ type: "Ready", status: "True", reason: "" }];
  const worker = { name: "worker", cordoned: false, repels: [], conditions: ready };
  const at = (node: string, isReady = true) => ({ pod: `prober-${node}`, node, ready: isReady });
  const uncovered = (probers: readonly ReturnType<typeof at>[], nodes: Parameters<typeof uncoveredNodes>[1]) =>
    uncoveredNodes(read(probers, "pods", now), nodes);
  const nodes = (
    ...list: (typeof worker | (Omit<typeof worker, "repels"> & { repels: string[] }))[]
  ): Reading<typeof list> => read(list, "nodes", now);

  test("a worker with a ready prober is covered, and neither control plane, cordoned nor broken nodes are asked for", () => {
    const others = [
      { ...worker, name: "control-plane", repels: ["node-role.kubernetes.io/control-plane"] },
      { ...worker, name: "cordoned", cordoned: true },
      { ...worker, name: "broken", conditions: [{ type: "Ready", status: "Unknown", reason: "" }] },
    ];
    expect(uncovered([at("worker")], nodes(worker, ...others))).toEqual([]);
  });

  test.each([
    ["no prober", []],
    ["a prober that is not ready", [at("worker", false)]],
    ["a prober elsewhere", [at("worker2")]],
  ])("%s leaves the worker uncovered, by name", (_, probers) => {
    expect(uncovered(probers, nodes(worker))).toEqual(["no ready prober on worker: not asked there"]);
  });

  test("no worker at all, and lists that cannot be read, are gaps", () => {
    expect(uncovered([at("worker")], nodes({ ...worker, cordoned: true }))).toHaveLength(1);
    expect(uncovered([at("worker")], nodes())).toHaveLength(1);
    expect(uncovered([at("worker")], unread("403", "nodes", now))).toEqual(["the nodes could not be listed: 403"]);
    expect(uncoveredNodes(unread("403", "pods", now), nodes(worker))).toEqual(["the probers could not be listed: 403"]);
  });
});
