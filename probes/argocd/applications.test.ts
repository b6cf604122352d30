import { createServer } from "node:http";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readApplications } from "./applications.ts";

/** As the API server gives it, without what nobody here reads. */
const whole = {
  metadata: { name: "canary", namespace: "argocd", uid: "1", creationTimestamp: "2026-11-22T04:00:00Z" },
  spec: { source: { repoURL: "http://git/platform.git", path: ".", targetRevision: "main" } },
  status: {
    sync: { status: "Synced", revision: "c0ffee" },
    health: { status: "Healthy" },
    reconciledAt: "2026-11-22T04:10:00Z",
    conditions: [
      { type: "ComparisonError", message: "no such chart" },
      { type: "SharedResourceWarning", message: "two own it" },
    ],
  },
};

async function readFrom(items: readonly unknown[] | number) {
  const server = createServer((_, response) => {
    if (typeof items === "number") response.writeHead(items).end("{}");
    else response.end(JSON.stringify({ metadata: {}, items }));
  });
  return listening(server, (port) => withCluster(port, (cluster) => readApplications(cluster, "argocd")));
}

test("an application with all its parts", async () => {
  expect(await readFrom([whole])).toMatchObject({
    ok: true,
    value: [
      {
        name: "canary",
        repository: "http://git/platform.git",
        branch: "main",
        sync: "Synced",
        revision: "c0ffee",
        health: "Healthy",
        lookedAt: "2026-11-22T04:10:00Z",
        complaints: ["ComparisonError: no such chart"],
      },
    ],
  });
});

test("one that nothing was said of yet is read, and says nothing", async () => {
  const { status: _, ...fresh } = whole;
  const reading = await readFrom([fresh]);
  expect(reading).toMatchObject({ ok: true, value: [{ sync: "", health: "", revision: "", complaints: [] }] });
  expect(reading.ok && reading.value[0]).not.toHaveProperty("lookedAt");
});

test("no right, no such kind and another shape are no answers", async () => {
  expect(await readFrom(403)).toMatchObject({ ok: false, why: expect.stringMatching(/403, the harness has no right/) });
  expect(await readFrom(404)).toMatchObject({ ok: false });
  expect(await readFrom([{ ...whole, status: { sync: { status: 1 } } }])).toMatchObject({ ok: false });
  expect(await readFrom([{ ...whole, status: { reconciledAt: "soon" } }])).toMatchObject({ ok: false });
});
