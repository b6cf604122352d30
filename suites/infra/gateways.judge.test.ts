import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Gateway, HttpRoute, RouteCondition } from "../../probes/kubernetes/gateways.ts";
import { judgeGateways } from "./gateways.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "x", now);

const said = (type: string, change: Partial<RouteCondition> = {}): RouteCondition => ({
  type,
  status: "True",
  reason: type,
  observedGeneration: 2,
  ...change,
});
const all = ["Accepted", "Programmed", "ResolvedRefs"].map((type) => said(type));
const but = (type: string, change: Partial<RouteCondition>) =>
  all.map((one) => (one.type === type ? said(type, change) : one));

const gateway: Gateway = {
  namespace: "a",
  name: "platform",
  generation: 2,
  conditions: all,
  listeners: [{ name: "https", conditions: all }],
};
const route: HttpRoute = {
  namespace: "a",
  name: "api",
  generation: 2,
  parents: [{ name: "a/platform https", conditions: all }],
};
const classes = read([{ name: "platform", generation: 2, conditions: all }], "classes", now);
const gateways = read([gateway], "gateways", now);
const routes = read([route], "routes", now);

test.each<readonly [string, { gateway?: Partial<Gateway>; route?: Partial<HttpRoute> }, Outcome, RegExp]>([
  ["well", {}, "pass", /^1 gateways and 1 routes are accepted/],
  [
    "a gateway without an address",
    { gateway: { conditions: but("Programmed", { status: "False", reason: "AddressNotAssigned" }) } },
    "fail",
    /^Gateway a\/platform: Programmed is False \(AddressNotAssigned\)$/,
  ],
  [
    "a gateway that nobody looked at",
    { gateway: { conditions: [] } },
    "fail",
    /Accepted is not said by any controller, Programmed/,
  ],
  [
    "a listener without its certificate",
    {
      gateway: {
        listeners: [
          { name: "https", conditions: but("ResolvedRefs", { status: "False", reason: "InvalidCertificateRef" }) },
        ],
      },
    },
    "fail",
    /listener https: ResolvedRefs is False \(InvalidCertificateRef\)/,
  ],
  [
    "a listener that is not told of",
    { gateway: { listeners: [{ name: "https", conditions: [] }] } },
    "fail",
    /listener https: Accepted is not said/,
  ],
  [
    "a changed gateway that nobody looked at again",
    { gateway: { generation: 3 } },
    "fail",
    /was said of generation 2, and it is at 3/,
  ],
  [
    "a route to nowhere",
    {
      route: {
        parents: [
          { name: "a/platform https", conditions: but("ResolvedRefs", { status: "False", reason: "BackendNotFound" }) },
        ],
      },
    },
    "fail",
    /^HTTPRoute a\/api at a\/platform https: ResolvedRefs is False \(BackendNotFound\)$/,
  ],
  [
    "a route that is refused",
    {
      route: {
        parents: [
          {
            name: "a/platform https",
            conditions: but("Accepted", { status: "False", reason: "NotAllowedByListeners" }),
          },
        ],
      },
    },
    "fail",
    /Accepted is False \(NotAllowedByListeners\)/,
  ],
  [
    "a route with one of two parents",
    { route: { parents: [...route.parents, { name: "a/other", conditions: [] }] } },
    "fail",
    /at a\/other: Accepted is not said/,
  ],
  ["a route without a parent", { route: { parents: [] } }, "fail", /api without a gateway: Accepted is not said/],
  [
    "an unknown condition",
    { route: { parents: [{ name: "p", conditions: but("Accepted", { status: "Unknown", reason: "Pending" }) }] } },
    "fail",
    /Accepted is Unknown/,
  ],
])("%s", (_, change, outcome, because) => {
  const changed = {
    classes,
    gateways: read([{ ...gateway, ...change.gateway }], "gateways", now),
    routes: read([{ ...route, ...change.route }], "routes", now),
  };
  expect(judgeGateways(changed)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("what cannot be read, and a cluster without any, is unproven; a fault stands beside it", () => {
  expect(judgeGateways({ classes: refused, gateways, routes }).outcome).toBe("unproven");
  expect(judgeGateways({ classes, gateways: refused, routes }).outcome).toBe("unproven");
  expect(judgeGateways({ classes, gateways, routes: refused }).outcome).toBe("unproven");
  expect(judgeGateways({ classes, gateways: read([], "gateways", now), routes }).because).toMatch(/has no gateways/);
  expect(judgeGateways({ classes, gateways, routes: read([], "routes", now) }).because).toMatch(/has no routes/);
  const faulty = read([{ ...route, parents: [] }], "routes", now);
  expect(judgeGateways({ classes: refused, gateways, routes: faulty }).outcome).toBe("fail");
});
