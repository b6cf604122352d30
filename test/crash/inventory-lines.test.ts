import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf, linesOfObject, listedObject, movingBetween, titleOfLine } from "./inventory-lines.ts";
import { differences } from "./inventory.ts";

const nobody = (): boolean => false;
const plain = { metadata: { name: "a", namespace: "n", labels: { x: "1" } }, spec: { ingress: [{ from: [] }] } };
const deployed = {
  metadata: { name: "web", namespace: "n", generation: 3 },
  spec: { replicas: 2, template: { spec: { containers: [{ image: "one" }] } } },
  status: { readyReplicas: 2, observedGeneration: 3 },
};
const node = {
  metadata: { name: "worker" },
  spec: {
    taints: [
      { key: "b", effect: "NoSchedule" },
      { key: "a", value: "1", effect: "NoExecute" },
    ],
  },
  status: { conditions: [{ type: "Ready", status: "True" }] },
};

function lines(kind: string, object: unknown, how: "content" | "name" | "workload" | "node", scaled: string[] = []) {
  return linesOfObject(kind, listedObject.parse(object), how, new Set(scaled));
}

/** What a change of one object shows of itself. */
function shown(kind: string, how: "content" | "name" | "workload" | "node", before: unknown, after: unknown) {
  const [one, other] = [{ [kind]: lines(kind, before, how) }, { [kind]: lines(kind, after, how) }];
  return new Set(differences(one, other, nobody).map((line) => titleOfLine(line.replace(/^.*?: (?:came|went) /, ""))));
}

test.each<[string, "content" | "workload" | "node", unknown, unknown, readonly string[]]>([
  ["a rule taken out", "content", plain, { ...plain, spec: { ingress: [] } }, ["K n/a content"]],
  ["a label", "content", plain, { ...plain, metadata: { ...plain.metadata, labels: { x: "2" } } }, ["K n/a labels"]],
  [
    "an annotation",
    "content",
    plain,
    { ...plain, metadata: { ...plain.metadata, annotations: { left: "behind" } } },
    ["K n/a annotations"],
  ],
  [
    "data of a Secret",
    "content",
    { metadata: { name: "s" }, data: { k: "MQ==" } },
    { metadata: { name: "s" }, data: { k: "Mg==" } },
    ["K /s content"],
  ],
  [
    "one pod less",
    "workload",
    deployed,
    { ...deployed, spec: { ...deployed.spec, replicas: 1 } },
    ["K n/web replicas"],
  ],
  [
    "another image",
    "workload",
    deployed,
    { ...deployed, spec: { ...deployed.spec, template: { spec: { containers: [{ image: "two" }] } } } },
    ["K n/web content"],
  ],
  [
    "a pod that is not ready",
    "workload",
    deployed,
    { ...deployed, status: { ...deployed.status, readyReplicas: 1 } },
    ["K n/web whole"],
  ],
  [
    "a rollout that nobody has seen yet",
    "workload",
    deployed,
    { ...deployed, status: { ...deployed.status, observedGeneration: 2 } },
    ["K n/web whole"],
  ],
  ["a cordon", "node", node, { ...node, spec: { ...node.spec, unschedulable: true } }, ["K /worker cordoned"]],
  [
    "a taint",
    "node",
    node,
    { ...node, spec: { taints: [...node.spec.taints, { key: "c", effect: "NoSchedule" }] } },
    ["K /worker taints"],
  ],
  [
    "a node that is silent",
    "node",
    node,
    { ...node, status: { conditions: [{ type: "Ready", status: "Unknown" }] } },
    ["K /worker ready"],
  ],
])("%s is seen, and nothing else", (_, how, before, after, titles) => {
  expect([...shown("K", how, before, after)]).toEqual(titles);
});

test.each<[string, "content" | "workload" | "node", unknown, unknown]>([
  ["the status of an object", "content", plain, { ...plain, status: { seen: 1 } }],
  [
    "its version and whoever wrote it",
    "content",
    plain,
    { ...plain, metadata: { ...plain.metadata, resourceVersion: "9", managedFields: [{}], uid: "u" } },
  ],
  ["the order of its keys", "content", { ...plain, data: { a: "1", b: "2" } }, { ...plain, data: { b: "2", a: "1" } }],
  ["the order of taints", "node", node, { ...node, spec: { taints: node.spec.taints.toReversed() } }],
  [
    "the count of revisions, which a rollback raises",
    "workload",
    deployed,
    { ...deployed, metadata: { ...deployed.metadata, annotations: { "deployment.kubernetes.io/revision": "9" } } },
  ],
])("%s is nothing", (_, how, before, after) => {
  expect([...shown("K", how, before, after)]).toEqual([]);
});

test("the number of pods of an autoscaled workload is the autoscaler's, and all of them must be ready", () => {
  const three = { ...deployed, spec: { ...deployed.spec, replicas: 3 } };
  const own = lines("Deployment", three, "workload", ["Deployment n/web"]);
  expect(own.filter((line) => / (replicas|whole) /.test(line))).toEqual(["Deployment n/web whole no,2-of-3"]);
  expect(lines("Deployment", three, "workload", ["Deployment other/web"])).toContain("Deployment n/web replicas 3");
});

test("a DaemonSet is whole by its nodes", () => {
  const set = (numberReady: number) => ({
    metadata: { name: "d", namespace: "n" },
    spec: {},
    status: { desiredNumberScheduled: 3, numberReady },
  });
  const whole = (ready: number) => lines("DaemonSet", set(ready), "workload").at(-1);
  expect([whole(3), whole(2)]).toEqual(["DaemonSet n/d whole yes", "DaemonSet n/d whole no,2-of-3"]);
});

test("a Job is there or not, whatever is in it", () => {
  expect(lines("Job", { ...plain, status: { ready: 1 } }, "name")).toEqual(["Job n/a is there"]);
});

test("no line holds what is in a Secret", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, maxLength: 40 }), (secret) => {
      const text = lines(
        "Secret",
        { metadata: { name: "s", annotations: { a: secret } }, data: { k: secret } },
        "content",
      ).join("\n");
      expect(text).toMatch(/^(Secret \/s (labels|annotations|content) [0-9a-f]{12}\n?){3}$/);
    }),
  );
});

test("a digest is the same for the same value in any order of keys, and another for another", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).toReversed());
      expect(digestOf(turned)).toBe(digestOf(value));
      expect(digestOf({ value, more: 1 })).not.toBe(digestOf({ value }));
    }),
  );
});

test("what moves between two looks at an untouched platform is left out by its title", () => {
  const first = {
    ConfigMap: ["ConfigMap n/clock content aa", "ConfigMap n/still content bb", "ConfigMap n/gone is there"],
  };
  const second = { ConfigMap: ["ConfigMap n/clock content cc", "ConfigMap n/still content bb"] };
  expect(movingBetween(first, second)).toEqual(new Set(["ConfigMap n/clock content", "ConfigMap n/gone is"]));
  expect(movingBetween(first, first)).toEqual(new Set());
});
