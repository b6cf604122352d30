import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { NodeDomain } from "../../probes/kubernetes/node-domains.ts";
import { judgeNodeDomains } from "./node-domains.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const node = (zone: string, faultDomain: string, ready = true): NodeDomain => ({
  name: `${zone}-${faultDomain}`,
  zone,
  faultDomain,
  ready,
});

test.each<readonly [string, readonly NodeDomain[], Outcome, RegExp]>([
  [
    "two availability domains",
    [node("ad-1", "fd-1"), node("ad-2", "fd-1")],
    "pass",
    /^2 ready nodes stand in 2 availability domains: ad-1, ad-2$/,
  ],
  [
    "two availability domains, and no word of fault domains",
    [node("ad-1", ""), node("ad-2", "")],
    "pass",
    /2 availability domains/,
  ],
  [
    "two fault domains of one",
    [node("ad-1", "fd-1"), node("ad-1", "fd-2")],
    "pass",
    /in 2 fault domains: ad-1\/fd-1, ad-1\/fd-2$/,
  ],
  ["two, and one that is silent", [node("ad-1", "fd-1"), node("ad-1", "fd-2"), node("ad-1", "")], "pass", /./],
  [
    "one fault domain",
    [node("ad-1", "fd-1"), node("ad-1", "fd-1")],
    "fail",
    /^2 ready nodes stand in 1 fault domains: ad-1\/fd-1$/,
  ],
  [
    "another one that is not ready",
    [node("ad-1", "fd-1"), node("ad-1", "fd-2", false)],
    "fail",
    /^1 ready nodes stand in 1 fault domains/,
  ],
  ["no node", [], "fail", /^0 ready nodes stand in 0 fault domains$/],
  [
    "one, and one that is silent",
    [node("ad-1", "fd-1"), node("ad-1", "")],
    "unproven",
    /^node ad-1- does not say where it stands$/,
  ],
  ["silence", [node("", ""), node("", "")], "unproven", /does not say where it stands/],
])("%s", (_, nodes, outcome, because) => {
  expect(judgeNodeDomains(read(nodes, "the API server", now))).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("without the nodes nothing is proven", () => {
  expect(judgeNodeDomains(unread("403", "the API server", now)).outcome).toBe("unproven");
});
