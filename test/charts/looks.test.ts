import { expect, test } from "vitest";
import { imagesOf, literalSecrets, secretsInValues, wrongWithEnd, wrongWithImage } from "./looks.ts";

test.each([
  ["docker.io/library/redis:7.0", []],
  ["localhost:5000/a/b:1", []],
  [`a@sha256:${"0".repeat(64)}`, []],
  ["redis", ["redis has no tag"]],
  ["localhost:5000/redis", ["localhost:5000/redis has no tag"]],
  ["redis:latest", ["redis:latest may be another tomorrow"]],
  ["redis:", ["redis: has no tag"]],
  ["", ["an empty image has no tag"]],
  ["a b:1", ["a b:1 has no tag"]],
])("image %j", (image, wrong) => {
  expect(wrongWithImage(image)).toEqual(wrong);
});

const pod = (container: object) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a" },
  spec: { initContainers: [{ image: "b:1" }], containers: [{ image: "a:1", ...container }] },
});

test("images are found wherever they stand", () => {
  expect(imagesOf(pod({}))).toEqual(["b:1", "a:1"]);
});

test.each([
  [{ name: "DATABASE_PASSWORD", value: "hunter2" }, ["DATABASE_PASSWORD is written out"]],
  [{ name: "PGPASSWORD", value: "hunter2" }, ["PGPASSWORD is written out"]],
  [{ name: "ACCESS_KEY", value: "hunter2" }, ["ACCESS_KEY is written out"]],
  [{ name: "DATABASE_PASSWORD_FILE", value: "/secret/password" }, []],
  [{ name: "DATABASE_PASSWORD", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }, []],
  [{ name: "STORE_CREDENTIALS", value: "/credentials/store" }, []],
  [{ name: "DATABASE_HOST", value: "a" }, []],
])("environment %j", (variable, wrong) => {
  expect(literalSecrets(pod({ env: [variable] }))).toEqual(wrong);
});

test.each([
  ["secret: postgres-health-data", []],
  ["existingSecret: ''", []],
  ["a: { passwordKey: password }", []],
  ["a: { password: hunter2 }", ["a.password holds a text"]],
  ["secret: Hunter2!", ["secret holds a text"]],
  ["accessKey: abc", ["accessKey holds a text"]],
  ["a: |\n  -----BEGIN EC PRIVATE KEY-----", ["something in it looks like a key"]],
  ["a: AKIAABCDEFGHIJKLMNOP", ["something in it looks like a key"]],
])("values %j", (text, wrong) => {
  expect(secretsInValues(text)).toEqual(wrong);
});

const deployment = (sidecar: string | undefined, waitSeconds: number, graceSeconds?: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "a" },
  spec: {
    template: {
      metadata: {
        annotations: {
          "dapr.io/enabled": "true",
          ...(sidecar === undefined ? {} : { "dapr.io/block-shutdown-duration": sidecar }),
        },
      },
      spec: {
        ...(graceSeconds === undefined ? {} : { terminationGracePeriodSeconds: graceSeconds }),
        containers: [{ name: "a", lifecycle: { preStop: { sleep: { seconds: waitSeconds } } } }],
      },
    },
  },
});

test.each([
  ["just long enough each", deployment("10s", 6, 11), []],
  ["a service that ends as DNS forgets it", deployment("10s", 5), ["a waits for 5 s, DNS may remember it for 5 s"]],
  ["a sidecar that ends with it", deployment("9s", 6), ["the sidecar of a ends after 9 s, before the service"]],
  ["a sidecar that nothing holds", deployment(undefined, 6), ["the sidecar of a ends after 0 s, before the service"]],
  ["no grace for the sidecar", deployment("10s", 6, 10), ["a is killed after 10 s, before its sidecar ended"]],
  ["no sidecar", pod({}), []],
])("the end of a pod: %s", (_, manifest, wrong) => {
  expect(wrongWithEnd(manifest)).toEqual(wrong);
});
