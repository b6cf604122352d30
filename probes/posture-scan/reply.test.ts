import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf, parseReply } from "./reply.ts";

/** Written by hand after kube-score 1.20's own sources: an object with tests of all grades, and one without any. */
const text = readFileSync(join(import.meta.dirname, "../../test/recorded/kube-score/reply.json"), "utf8");

test("a reply is read: grades by name, comments by what they are of", () => {
  const parsed = parseReply(text);
  expect(parsed).toMatchObject({
    ok: true,
    value: [
      { kind: "Deployment", apiVersion: "apps/v1", namespace: "health-platform", name: "health-api" },
      { kind: "Service", namespace: "health-platform", name: "health-api", tests: [] },
    ],
  });
  const tests = parsed.ok ? (parsed.value[0]?.tests ?? []) : [];
  expect(tests.map(({ id, grade, skipped, optional }) => [id, grade, skipped, optional])).toEqual([
    ["container-image-pull-policy", "critical", false, false],
    ["container-resources", "ok", false, false],
    ["deployment-has-host-podantiaffinity", "none", true, false],
    ["pod-probes", "ok", false, false],
    ["pod-networkpolicy", "warning", false, false],
    ["container-seccomp-profile", "ok", true, true],
  ]);
  expect(tests[0]?.comments).toEqual([{ where: "main", what: "ImagePullPolicy is not set to Always" }]);
  expect(tests[1]?.comments).toEqual([]);
});

test("nothing graded is an empty list", () => {
  expect(parseReply("null\n")).toEqual({ ok: true, value: [] });
  expect(parseReply("[]")).toEqual({ ok: true, value: [] });
});

const bent = (from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

test.each<readonly [string, () => string, RegExp]>([
  ["cut off", () => text.slice(0, -20), /^its answer is not JSON/],
  ["nothing", () => "", /^its answer is not JSON/],
  ["help", () => "Usage of kube-score:", /^its answer is not JSON \(it starts with 'Usage of kube-score:'\)$/],
  ["an object", () => "{}", /^its answer has another shape/],
  ["version v1 of the format", () => '{"Deployment/apps/v1//a":{"Checks":[]}}', /^its answer has another shape/],
  ["an unknown grade", () => bent('"grade": 5', '"grade": 3'), /^its answer has another shape/],
  ["a grade in words", () => bent('"grade": 5', '"grade": "WARNING"'), /^its answer has another shape/],
  ["no grade of a test that was made", () => bent('"grade": 5', '"grade": 0'), /has no grade and was not skipped/],
  [
    "an object without a name",
    () => bent('"name": "health-api",\n            "namespace"', '"namespace"'),
    /another shape/,
  ],
  ["a test without an id", () => bent('"id": "pod-probes"', '"id": ""'), /another shape/],
  ["no word whether it was skipped", () => bent('"skipped": true', '"skipped": null'), /another shape/],
  [
    "an object twice",
    () =>
      bent(
        '"kind": "Service",\n            "apiVersion": "v1"',
        '"kind": "Deployment",\n            "apiVersion": "apps/v1"',
      ),
    /^it graded Deployment \(apps\/v1\) health-platform\/health-api twice$/,
  ],
])("%s is no reply", (_, made, why) => {
  expect(parseReply(made())).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("whatever text, it is read or refused, and never thrown at", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (given) => typeof parseReply(given).ok === "boolean"));
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), fc.string({ maxLength: 3 }), (at, put) => {
      const changed = parseReply(`${text.slice(0, at)}${put}${text.slice(at + 1)}`);
      expect(changed.ok || changed.why.length > 0).toBe(true);
    }),
  );
});

test("an object is known by its kind, version, namespace and name", () => {
  const one = { kind: "Pod", apiVersion: "v1", namespace: "n", name: "a" };
  expect(keyOf(one)).toBe("Pod (v1) n/a");
});
