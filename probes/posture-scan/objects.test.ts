import fc from "fast-check";
import { expect, test } from "vitest";
import { holdsPods, isGraded, postureObject, streamOf } from "./objects.ts";

const identity = { apiVersion: "apps/v1", kind: "Deployment", namespace: "n", name: "a", workload: "a" };

test("annotations are left out of the object, of its pods and of what is inside them", () => {
  const annotations = { "kube-score/ignore": "container-resources" };
  const spec = {
    template: { metadata: { annotations, labels: { app: "a" } }, spec: { containers: [{ name: "annotations" }] } },
    volumeClaimTemplates: [{ metadata: { name: "data", annotations } }],
    selector: { matchLabels: { annotations: "a label of this name" } },
    metadata: null,
  };
  expect(postureObject({ ...identity, labels: { app: "a" }, spec }).manifest).toEqual({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "a", namespace: "n", labels: { app: "a" } },
    spec: {
      template: { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "annotations" }] } },
      volumeClaimTemplates: [{ metadata: { name: "data" } }],
      selector: { matchLabels: { annotations: "a label of this name" } },
      metadata: null,
    },
  });
  expect(postureObject({ ...identity, labels: undefined, spec: {} }).manifest["metadata"]).toEqual({
    name: "a",
    namespace: "n",
  });
});

test.each<readonly [string, string, boolean, boolean]>([
  ["apps/v1", "Deployment", true, true],
  ["batch/v1", "CronJob", true, true],
  ["v1", "Pod", true, true],
  ["v1", "Service", true, false],
  ["networking.k8s.io/v1", "NetworkPolicy", true, false],
  ["apps/v1", "ReplicaSet", false, false],
  ["extensions/v1beta1", "Deployment", false, false],
  ["gateway.networking.k8s.io/v1", "HTTPRoute", false, false],
])("%s %s", (apiVersion, kind, graded, pods) => {
  expect([isGraded({ apiVersion, kind }), holdsPods({ apiVersion, kind })]).toEqual([graded, pods]);
});

test("whatever stands in an object, its document is one line that reads back", () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.string({ unit: "binary" })), { minLength: 1 }), (specs) => {
      const text = streamOf(specs.map((spec) => postureObject({ ...identity, labels: {}, spec: { values: spec } })));
      expect(text).not.toMatch(/[\u007f-\u009f\u2028\u2029\ufeff]/);
      const documents = text.split("\n---\n").map((document): unknown => JSON.parse(document));
      expect(documents).toHaveLength(specs.length);
      expect(documents).toEqual(specs.map((values) => expect.objectContaining({ spec: { values: { ...values } } })));
    }),
  );
});
