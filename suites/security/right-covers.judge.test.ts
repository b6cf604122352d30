import { expect, test } from "vitest";
import { covers, rightsIn } from "./right-covers.judge.ts";

test("a stated right is every pair of its verbs and resources", () => {
  expect(rightsIn("get,list pods,deployments.apps/scale @kafka")).toEqual([
    { verb: "get", resource: "pods", where: "kafka" },
    { verb: "get", resource: "deployments.apps/scale", where: "kafka" },
    { verb: "list", resource: "pods", where: "kafka" },
    { verb: "list", resource: "deployments.apps/scale", where: "kafka" },
  ]);
  expect(rightsIn("get pods/proxy:prober-0:8080 @kafka")).toEqual([
    { verb: "get", resource: "pods/proxy:prober-0:8080", where: "kafka" },
  ]);
});

test.each<readonly [string, string, boolean]>([
  ["get pods @kafka", "get pods @kafka", true],
  ["get pods @kafka", "list pods @kafka", false],
  ["get pods @kafka", "get pods @cluster", false],
  ["get pods @cluster", "get pods @kafka", true],
  ["get pods @kafka", "get pods @velero", false],
  ["get secrets @kafka", "get secrets:one @kafka", true],
  ["get secrets:one @kafka", "get secrets @kafka", false],
  ["get secrets:one @kafka", "get secrets:other @kafka", false],
  ["get pods @kafka", "get pods/log @kafka", false],
  ["get pods/log @kafka", "get pods @kafka", false],
  ["get deployments.apps @kafka", "get deployments @kafka", false],
  ["get *.apps @kafka", "get deployments.apps/scale @kafka", true],
  ["get *.apps @kafka", "get *.apps @kafka", true],
  ["get *.apps @kafka", "get jobs.batch @kafka", false],
  ["get * @kafka", "get secrets @kafka", true],
  ["get * @kafka", "get deployments.apps @kafka", false],
  ["get pods @kafka", "get * @kafka", false],
  ["get * @kafka", "get *.* @kafka", false],
  ["* *.* @cluster", "* *.* @cluster", true],
  ["* *.* @cluster", "impersonate users @cluster", true],
  ["get,list *.* @cluster", "* *.* @cluster", false],
  ["get pods @cluster", "* pods @cluster", false],
  ["get /metrics @cluster", "get /metrics @cluster", true],
  ["get /metrics @cluster", "get /metrics/more @cluster", false],
  ["get /metrics* @cluster", "get /metrics/more @cluster", true],
  ["* *.* @cluster", "get /metrics @cluster", false],
  ["* /* @cluster", "get /metrics @cluster", true],
  ["* /* @cluster", "get pods @cluster", false],
])("%s covers %s: %s", (stated, held, covered) => {
  const [right] = rightsIn(held);
  if (right === undefined) throw new Error("no right");
  expect(rightsIn(stated).some((one) => covers(one, right))).toBe(covered);
});
