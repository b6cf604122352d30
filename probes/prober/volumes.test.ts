import { createServer } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { nodeVolumes, readNodeVolumes } from "./volumes.ts";

const profile = { prober: { namespace: "oke-proof", selector: "app.kubernetes.io/name=prober", port: 8080 } };
const answer = {
  node: "worker",
  at: "2026-11-22T02:15:26.838Z",
  volumes: [
    {
      namespace: "health-platform",
      pod: "postgres-0",
      claim: "data-postgres-0",
      measuredAt: "2026-11-22T02:15:00Z",
      capacityBytes: 1_020_702_720,
      usedBytes: 48_467_968,
      availableBytes: 955_457_536,
      inodes: 65_536,
      inodesUsed: 1313,
    },
  ],
};

type Prober = { readonly node?: string; readonly ready?: boolean; readonly going?: boolean };

function pod(name: string, { node = "worker", ready = true, going = false }: Prober): unknown {
  const time = "2026-11-22T01:00:00Z";
  return {
    metadata: {
      name,
      namespace: "oke-proof",
      uid: name,
      creationTimestamp: time,
      ...(going ? { deletionTimestamp: time } : {}),
    },
    spec: node === "" ? {} : { nodeName: node },
    status: { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  };
}

/** Reads the volumes from an API server that lists these probers, and answers for each of them by its name. */
async function readFrom(probers: readonly unknown[] | number, answers: Readonly<Record<string, unknown>> = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    const name = /pods\/([^:]+):8080\/proxy\/volumes$/.exec(url)?.[1];
    if (name !== undefined) {
      response
        .writeHead(name in answers ? 200 : 502)
        .end(JSON.stringify(answers[name] ?? { error: { message: "no" } }));
    } else if (typeof probers === "number") response.writeHead(probers).end("{}");
    else response.end(JSON.stringify({ metadata: {}, items: probers }));
  });
  const reading = await listening(server, async (port) =>
    withCluster(port, async (cluster) => readNodeVolumes(cluster, profile)),
  );
  return { reading, asked };
}

test("every ready prober is asked for its node's volumes", async () => {
  const { reading, asked } = await readFrom([pod("a", {}), pod("b", { node: "worker2" })], {
    a: answer,
    b: { ...answer, node: "worker2", volumes: [] },
  });
  expect(reading).toMatchObject({
    ok: true,
    value: [
      { ok: true, value: answer },
      { ok: true, value: { node: "worker2", volumes: [] } },
    ],
  });
  expect(asked[0]).toBe("/api/v1/namespaces/oke-proof/pods?labelSelector=app.kubernetes.io%2Fname%3Dprober&limit=500");
  expect(asked).toContain("/api/v1/namespaces/oke-proof/pods/a:8080/proxy/volumes");
});

test("one that is not ready, about to go, or does not answer is a reading without a value; one without a node is none", async () => {
  const probers = [pod("a", { ready: false }), pod("b", { going: true }), pod("c", {}), pod("d", { node: "" })];
  const { reading, asked } = await readFrom(probers);
  expect(reading).toMatchObject({
    ok: true,
    value: [
      { ok: false, why: "prober a on worker is not ready" },
      { ok: false, why: "prober b on worker is not ready" },
      { ok: false, why: expect.stringMatching(/pods\/c:8080\/proxy\/volumes: the server answered 502: no$/) },
    ],
  });
  expect(asked).toHaveLength(2);
});

test("no prober is an empty list, and a list that may not be read is none", async () => {
  expect((await readFrom([])).reading).toMatchObject({ ok: true, value: [] });
  expect((await readFrom(403)).reading).toMatchObject({ ok: false, why: expect.stringMatching(/403/) });
});

const [volume] = answer.volumes;

test.each([
  ["without its node", { ...answer, node: "" }],
  ["without its time", { ...answer, at: "now" }],
  ["without volumes", { node: "worker", at: answer.at }],
  ["with a claim without a name", { ...answer, volumes: [{ ...volume, claim: "" }] }],
  ["measured at no time", { ...answer, volumes: [{ ...volume, measuredAt: "just now" }] }],
  ["with a size below zero", { ...answer, volumes: [{ ...volume, usedBytes: -1 }] }],
  ["with a size that is text", { ...answer, volumes: [{ ...volume, usedBytes: "1" }] }],
  ["with an error", { error: { code: "kubelet", message: "no" } }],
])("an answer %s is refused", (_, bent) => {
  expect(nodeVolumes.safeParse(bent).success).toBe(false);
});

test("no answer makes the parser throw, and what it takes has its node, time and list", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue(), fc.record({ node: fc.string(), at: fc.string(), volumes: fc.jsonValue() })),
      (bent) => {
        const parsed = nodeVolumes.safeParse(bent);
        expect(!parsed.success || (parsed.data.node !== "" && !Number.isNaN(Date.parse(parsed.data.at)))).toBe(true);
      },
    ),
  );
});
