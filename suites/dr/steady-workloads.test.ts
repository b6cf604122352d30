import { expect, test } from "vitest";
import { withObjectApi, workloadOf } from "../../test/object-api.ts";
import { lookAtWorkloads, namespacesLookedAt } from "./steady-workloads.ts";

const api = "/apis/apps/v1/namespaces/a/deployments/api";
const whole = { ...workloadOf("api", 2) };
const template = { spec: { containers: [] } };

async function looked(
  objects: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  namespaces: readonly string[],
) {
  return withObjectApi({ objects }, async ({ context: { cluster } }) => lookAtWorkloads(cluster, namespaces));
}
const changed = (status: object) => ({
  [api]: { ...whole, status: { observedGeneration: 1, replicas: 2, ...status } },
});

test.each<
  readonly [string, Readonly<Record<string, Readonly<Record<string, unknown>>>>, readonly string[], string, RegExp]
>([
  ["with all pods ready", { [api]: whole }, ["a"], "pass", /^1 workloads are ready$/],
  [
    "with a pod that is not ready",
    changed({ readyReplicas: 1 }),
    ["a"],
    "fail",
    /^1 workloads are not ready, as a\/api$/,
  ],
  [
    "with a change that nobody has looked at yet",
    changed({ readyReplicas: 2, observedGeneration: 0 }),
    ["a"],
    "fail",
    /not ready/,
  ],
  ["of a namespace that is gone", { [api]: whole }, ["a", "b"], "fail", /^no workload stands in b$/],
  ["elsewhere", { [api]: whole }, ["b"], "fail", /no workload stands in b/],
  ["of no namespace", { [api]: whole }, [], "unproven", /no namespace was named/],
  ["that are none", { [api]: { spec: { template } } }, ["a"], "unproven", /./],
])("workloads %s", async (_, objects, namespaces, outcome, because) => {
  const found = await looked(objects, namespaces);
  expect(found).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each([
  ["those that are touched", ["a"], ["a"]],
  ["those of them that are not the harness's own", ["a", "oke-proof"], ["a"]],
  ["all others that may be touched, where only the harness's own is", ["oke-proof"], ["a", "b"]],
  ["all that may be touched, where none is", [], ["a", "b"]],
])("looked at are %s", (_, touched, expected) => {
  const profile = {
    permits: { disturbances: [], namespaces: ["a", "oke-proof", "b"] },
    prober: { namespace: "oke-proof", selector: "app=prober", port: 8080 },
  };
  expect(namespacesLookedAt(touched, profile)).toEqual(expected);
});
