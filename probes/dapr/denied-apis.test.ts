import { expect, test } from "vitest";
import { readFrom } from "../../test/one-reply.ts";
import { readQueryDenials } from "./denied-apis.ts";

const http = { name: "state", version: "v1.0-alpha1", protocol: "http" };
const grpc = { name: "state", version: "v1alpha1", protocol: "grpc" };
const answering = (spec: unknown): string =>
  JSON.stringify({
    metadata: {},
    items: [
      {
        metadata: { name: "todo", namespace: "todo-chatbot", uid: "u", creationTimestamp: "2026-11-22T08:00:00Z" },
        spec,
      },
    ],
  });

test.each<readonly [string, unknown, boolean]>([
  ["both protocols", { api: { denied: [http, grpc] } }, true],
  ["HTTP alone", { api: { denied: [http] } }, false],
  ["gRPC alone", { api: { denied: [grpc] } }, false],
  ["another version", { api: { denied: [{ ...http, version: "v1.0" }, grpc] } }, false],
  ["nothing", { metrics: { enabled: true } }, false],
  ["no spec", undefined, false],
])("a Configuration that denies %s", async (_what, spec, deniesQuery) => {
  const { found } = await readFrom((cluster) => readQueryDenials(cluster, "todo-chatbot"), answering(spec));
  expect(found).toMatchObject({ ok: true, value: [{ name: "todo", deniesQuery }] });
});

test("no right to read them is no reading", async () => {
  const { found } = await readFrom((cluster) => readQueryDenials(cluster, "todo-chatbot"), "{}", 403);
  expect(found).toMatchObject({ ok: false, why: expect.stringContaining("403") });
});
