import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Connection, End, PodEnd, Policy, PolicyPort, PolicySpec } from "./policy.ts";
import { expectedOf, selects, type Expected } from "./semantics.ts";

const ports = [
  { name: "first-tcp", protocol: "TCP", port: 8080 },
  { name: "second-tcp", protocol: "TCP", port: 8081 },
  { name: "first-udp", protocol: "UDP", port: 8080 },
] as const;

function pod(id: string): PodEnd {
  const [namespace = "", name = ""] = id.split("/");
  const namespaceLabels = { "kubernetes.io/metadata.name": namespace };
  return { kind: "pod", id, namespace, namespaceLabels, labels: { pod: name }, ports, address: "10.244.1.9" };
}

const outside: End = { kind: "outside", id: "outside", address: "192.0.2.7" };
const node: End = { kind: "node", id: "node", address: "192.0.2.8" };

const policy = (spec: Partial<PolicySpec>, namespace = "x", name = "one"): Policy => ({
  namespace,
  name,
  spec: { podSelector: {}, policyTypes: [], ...spec },
});
const ingress = (...rules: NonNullable<PolicySpec["ingress"]>): Policy =>
  policy({ policyTypes: ["Ingress"], ingress: rules });
const egress = (...rules: NonNullable<PolicySpec["egress"]>): Policy =>
  policy({ policyTypes: ["Egress"], egress: rules });
const tcp = (from: End, to: End, port = 8080): Connection => ({ from, to, protocol: "TCP", port });
const inNamespace = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });

const [xa, xb, ya, yb, za] = [pod("x/a"), pod("x/b"), pod("y/a"), pod("y/b"), pod("z/a")];
const podB = { matchLabels: { pod: "b" } };
const wide = { cidr: "192.0.2.0/24" };

const rows: readonly [string, readonly Policy[], Connection, Expected][] = [
  ["no policy at all", [], tcp(ya, xa), "open"],
  ["a policy of another namespace", [policy({ policyTypes: ["Ingress"] }, "z")], tcp(ya, xa), "open"],
  ["a policy that selects another pod", [policy({ podSelector: podB, policyTypes: ["Ingress"] })], tcp(ya, xa), "open"],
  ["deny ingress", [ingress()], tcp(ya, xa), "blocked"],
  ["deny ingress lets out", [ingress()], tcp(xa, ya), "open"],
  ["deny ingress of one's own namespace", [ingress()], tcp(xb, xa), "blocked"],
  ["deny egress", [egress()], tcp(xa, ya), "blocked"],
  ["deny egress lets in", [egress()], tcp(ya, xa), "open"],
  ["a pod to itself", [ingress(), egress()], tcp(xa, xa), "open"],
  ["an empty rule lets everybody in", [ingress({})], tcp(ya, xa), "open"],
  ["an empty list of peers is no restriction", [ingress({ from: [] })], tcp(ya, xa), "open"],
  ["by pod: of the policy's own namespace", [ingress({ from: [{ podSelector: podB }] })], tcp(xb, xa), "open"],
  ["by pod: not of another namespace", [ingress({ from: [{ podSelector: podB }] })], tcp(yb, xa), "blocked"],
  ["by namespace", [ingress({ from: [{ namespaceSelector: inNamespace("y") }] })], tcp(ya, xa), "open"],
  ["by another namespace", [ingress({ from: [{ namespaceSelector: inNamespace("y") }] })], tcp(za, xa), "blocked"],
  [
    "by both: the pod of the namespace",
    [ingress({ from: [{ namespaceSelector: inNamespace("y"), podSelector: podB }] })],
    tcp(yb, xa),
    "open",
  ],
  [
    "by both: another pod of the namespace",
    [ingress({ from: [{ namespaceSelector: inNamespace("y"), podSelector: podB }] })],
    tcp(ya, xa),
    "blocked",
  ],
  [
    "by either: another pod of the namespace",
    [ingress({ from: [{ namespaceSelector: inNamespace("y") }, { podSelector: podB }] })],
    tcp(ya, xa),
    "open",
  ],
  ["all namespaces", [ingress({ from: [{ namespaceSelector: {} }] })], tcp(za, xa), "open"],
  ["all namespaces are no nodes", [ingress({ from: [{ namespaceSelector: {} }] })], tcp(node, xa), "blocked"],
  ["by port", [ingress({ ports: [{ port: 8080 }] })], tcp(ya, xa, 8080), "open"],
  ["by another port", [ingress({ ports: [{ port: 8080 }] })], tcp(ya, xa, 8081), "blocked"],
  [
    "TCP where no protocol is said",
    [ingress({ ports: [{ port: 8080 }] })],
    { ...tcp(ya, xa), protocol: "UDP" },
    "blocked",
  ],
  ["by protocol alone", [ingress({ ports: [{ protocol: "UDP" }] })], { ...tcp(ya, xa), protocol: "UDP" }, "open"],
  ["by a port's name", [ingress({ ports: [{ port: "second-tcp" }] })], tcp(ya, xa, 8081), "open"],
  ["by another port's name", [ingress({ ports: [{ port: "second-tcp" }] })], tcp(ya, xa, 8080), "blocked"],
  ["a port's name has its protocol", [ingress({ ports: [{ port: "first-udp" }] })], tcp(ya, xa, 8080), "blocked"],
  ["by block", [egress({ to: [{ ipBlock: wide }] })], tcp(xa, outside), "open"],
  ["beside the block", [egress({ to: [{ ipBlock: { cidr: "192.0.2.0/30" } }] })], tcp(xa, outside), "blocked"],
  [
    "by block, excepted",
    [egress({ to: [{ ipBlock: { ...wide, except: ["192.0.2.7/32"] } }] })],
    tcp(xa, outside),
    "blocked",
  ],
  [
    "by block, another excepted",
    [egress({ to: [{ ipBlock: { ...wide, except: ["192.0.2.6/32"] } }] })],
    tcp(xa, outside),
    "open",
  ],
  ["a node in the block", [egress({ to: [{ ipBlock: wide }] })], tcp(xa, node), "either"],
  ["a pod beside the block", [egress({ to: [{ ipBlock: wide }] })], tcp(xa, ya), "blocked"],
  ["a pod in the block", [egress({ to: [{ ipBlock: { cidr: "10.244.0.0/16" } }] })], tcp(xa, ya), "either"],
  ["both ends must let through", [egress({}), policy({ policyTypes: ["Ingress"] }, "y")], tcp(xa, ya), "blocked"],
  [
    "policies are joined",
    [ingress(), policy({ policyTypes: ["Ingress"], ingress: [{}] }, "x", "two")],
    tcp(ya, xa),
    "open",
  ],
];

test.each(rows)("%s", (_, policies, connection, expected) => {
  expect(expectedOf(policies, connection, "enforced")).toBe(expected);
});

const range: PolicyPort = { port: 8080, endPort: 8081 };

test.each([
  [8079, "enforced", "blocked"],
  [8080, "enforced", "open"],
  [8081, "enforced", "open"],
  [8082, "enforced", "blocked"],
  [8080, "first port only", "open"],
  [8081, "first port only", "blocked"],
] as const)("port %d of a range from 8080 to 8081, ranges %s: %s", (port, ranges, expected) => {
  expect(expectedOf([ingress({ ports: [range] })], tcp(ya, xa, port), ranges)).toBe(expected);
});

test.each([
  ["In", ["b"], { pod: "b" }, true],
  ["In", ["b"], {}, false],
  ["NotIn", ["b"], { pod: "b" }, false],
  ["NotIn", ["b"], {}, true],
  ["Exists", [], { pod: "b" }, true],
  ["Exists", [], {}, false],
  ["DoesNotExist", [], { pod: "b" }, false],
  ["DoesNotExist", [], {}, true],
] as const)("%s %j on %j: %s", (operator, values, labels, selected) => {
  expect(selects({ matchExpressions: [{ key: "pod", operator, values }] }, labels)).toBe(selected);
});

describe("laws", () => {
  const pods = [xa, xb, ya, yb, za];
  const end = fc.constantFrom<End>(...pods, outside, node);
  const selector = fc.constantFrom({}, podB, inNamespace("y"), { matchLabels: { pod: "a" } });
  const peer = fc.oneof(
    fc.record({ podSelector: selector }),
    fc.record({ namespaceSelector: selector, podSelector: selector }),
    fc.constantFrom({ ipBlock: wide }, { ipBlock: { ...wide, except: ["192.0.2.7/32"] } }),
  );
  const port = fc.constantFrom<PolicyPort>({ port: 8080 }, { port: "second-tcp" }, { protocol: "UDP" }, range);
  const listOf = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 2 });
  const anyPolicy = fc
    .record({
      namespace: fc.constantFrom("x", "y"),
      podSelector: selector,
      types: fc.constantFrom<PolicySpec["policyTypes"]>(["Ingress"], ["Egress"], ["Ingress", "Egress"]),
      ingress: listOf(fc.record({ from: listOf(peer), ports: listOf(port) })),
      egress: listOf(fc.record({ to: listOf(peer), ports: listOf(port) })),
    })
    .map(({ namespace, types, ...spec }) => policy({ ...spec, policyTypes: types }, namespace));
  const anyPolicies = fc.array(anyPolicy, { maxLength: 4 });
  const anyConnection = fc.record({
    from: fc.constantFrom(...pods),
    to: end,
    protocol: fc.constantFrom("TCP" as const, "UDP" as const),
    port: fc.constantFrom(8080, 8081),
  });
  const rank: Readonly<Record<Expected, number>> = { blocked: 0, either: 1, open: 2 };

  test("the order of policies does not matter", () => {
    fc.assert(
      fc.property(anyPolicies, anyConnection, (policies, connection) => {
        expect(expectedOf(policies.toReversed(), connection, "enforced")).toBe(
          expectedOf(policies, connection, "enforced"),
        );
      }),
    );
  });

  test("the same policy twice is the same as once", () => {
    fc.assert(
      fc.property(anyPolicies, anyConnection, (policies, connection) => {
        expect(expectedOf([...policies, ...policies], connection, "enforced")).toBe(
          expectedOf(policies, connection, "enforced"),
        );
      }),
    );
  });

  test("one more rule in a policy never closes anything", () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicies, peer, anyConnection, (first, others, allowed, connection) => {
        const { spec } = first;
        const wider: PolicySpec = {
          ...spec,
          ingress: [...(spec.ingress ?? []), { from: [allowed] }],
          egress: [...(spec.egress ?? []), { to: [allowed] }],
        };
        const before = expectedOf([first, ...others], connection, "enforced");
        const after = expectedOf([{ ...first, spec: wider }, ...others], connection, "enforced");
        expect(rank[after]).toBeGreaterThanOrEqual(rank[before]);
      }),
    );
  });

  test("who is denied both ways reaches no one and is reached by no one", () => {
    fc.assert(
      fc.property(anyConnection, ({ from, to, ...rest }) => {
        const denied = policy({ policyTypes: ["Ingress", "Egress"] }, from.namespace);
        const wanted = from.id === to.id ? "open" : "blocked";
        expect(expectedOf([denied], { from, to, ...rest }, "enforced")).toBe(wanted);
      }),
    );
  });

  test("first port only never opens what ranges keep closed", () => {
    fc.assert(
      fc.property(anyPolicies, anyConnection, (policies, connection) => {
        expect(rank[expectedOf(policies, connection, "first port only")]).toBeLessThanOrEqual(
          rank[expectedOf(policies, connection, "enforced")],
        );
      }),
    );
  });
});
