import { expect, test } from "vitest";
import type { Declaration } from "./declaration.ts";
import { isDeclared } from "./expected.ts";

const pods = (namespace: string) => ({ namespace, pods: { app: "x" } });
const declaration: Declaration = {
  namespaces: ["a", "b"],
  peers: {
    api: pods("a"),
    store: pods("a"),
    free: pods("b"),
    "connection-probers": { namespaces: ["a", "b"], pods: { app: "prober" } },
    everybody: { everyNamespace: true },
    server: { cidrs: ["10.0.0.1/32"] },
    internet: { cidrs: ["0.0.0.0/0"], except: ["169.254.0.0/16"] },
    anywhere: { cidrs: ["0.0.0.0/0"] },
  },
  connections: {
    one: { why: "w", from: ["api"], to: ["store"], ports: [5432] },
    two: { why: "w", from: ["api"], to: ["server"], ports: [6443] },
    three: { why: "w", from: ["api"], to: ["internet"], ports: [443] },
    four: { why: "w", from: ["free"], to: ["everybody", "anywhere"] },
    five: { why: "w", from: ["everybody"], to: ["free"], ports: [8079] },
  },
};

const target = (host: string, port: number, peer?: string, podPort = port) => ({
  name: host,
  host,
  port,
  ...(peer === undefined ? {} : { peer: { name: peer, port: podPort } }),
});

test.each([
  ["a declared one", "api", target("store", 5432, "store"), true],
  ["one by a Service with another port", "api", target("store", 80, "store", 5432), true],
  ["the same place at another port", "api", target("store", 5433, "store"), false],
  ["from a place that nothing is declared for", "stranger", target("store", 5432, "store"), false],
  ["backwards", "store", target("api", 5432, "api"), false],
  ["to addresses that a peer is known by", "api", target("server", 443, "server", 6443), true],
  ["to those from another place", "store", target("server", 443, "server", 6443), false],
  ["to an address within a network", "api", target("203.0.113.1", 443), true],
  ["to one that is excepted from it", "api", target("169.254.169.254", 443), false],
  ["to an address at another port", "api", target("203.0.113.1", 80), false],
  ["to any address at any port", "free", target("169.254.169.254", 80), true],
  ["let out by its own side alone", "free", target("store", 5432, "store"), false],
  ["let in by the other side alone", "api", target("free", 8079, "free"), false],
])("%s", (_, place, to, declared) => {
  expect(isDeclared(declaration, place, to)).toBe(declared);
});
