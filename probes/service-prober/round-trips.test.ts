import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readRoundTrips, roundTrips } from "./round-trips.ts";

const profile = { serviceProber: { namespace: "health-platform", pod: "service-prober-0", port: 8080 } };
const kinds = ["sql", "redis", "object-store", "queue", "without-service"] as const;

function recorded(name: string): Readonly<Record<string, unknown>> {
  const file = join(import.meta.dirname, "../../test/recorded/service-prober", `${name}.json`);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, "utf8")));
}

test.each(kinds)("a prober's recorded answer is read whole: %s", (name) => {
  const answer = recorded(name);
  expect(roundTrips.parse(answer)).toEqual(answer);
});

/** Asks a prober that answers with `answer` of the question it was asked. */
async function readFrom(
  answer: (question: { readonly nonce: string; readonly samples: number }) => unknown,
  status = 200,
) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
      const question = z.object({ nonce: z.string(), samples: z.number() }).parse(JSON.parse(body));
      response.writeHead(status).end(JSON.stringify(answer(question)));
    });
  });
  const reading = await listening(server, async (port) =>
    withCluster(port, async (cluster) => readRoundTrips(cluster, profile, "redis-health", 1)),
  );
  return { reading, asked };
}

const honest = ({ nonce }: { readonly nonce: string }) => ({
  ...recorded("redis"),
  target: "redis-health",
  nonce,
  trips: [{ written: `${nonce}:0:a`, read: [`${nonce}:0:a`], ms: 1 }],
});

test("the one pod is asked by POST, and its answer to this question is a reading", async () => {
  const { reading, asked } = await readFrom(honest);
  expect(reading).toMatchObject({ ok: true, value: { target: "redis-health", trips: [{ ms: 1 }] } });
  const path = "/api/v1/namespaces/health-platform/pods/service-prober-0:8080/proxy/round-trips/redis-health";
  expect(asked).toEqual([`POST ${path}`]);
});

test.each<readonly [string, (question: { readonly nonce: string }) => unknown]>([
  ["of another target", (question) => ({ ...honest(question), target: "redis-webauthn" })],
  ["to another question", (question) => ({ ...honest(question), nonce: "another" })],
  ["with values of an earlier one", (question) => ({ ...honest(question), trips: honest({ nonce: "earlier" }).trips })],
])("an answer %s is none", async (_, answer) => {
  expect((await readFrom(answer)).reading).toMatchObject({
    ok: false,
    why: expect.stringMatching(/answered another question than that about redis-health$/),
  });
});

test("a refusal is no reading, and says why", async () => {
  const error = { error: { code: "no-target", message: "this prober knows no target 'redis-health'" } };
  expect((await readFrom(() => error, 404)).reading).toMatchObject({
    ok: false,
    why: expect.stringMatching(/404.*knows no target/),
  });
  expect((await readFrom(() => ({}), 403)).reading).toMatchObject({
    ok: false,
    why: expect.stringMatching(/403, the harness has no right/),
  });
});

const good = recorded("redis");

test.each<readonly [string, unknown]>([
  ["without its target", { ...good, target: "" }],
  ["without its time", { ...good, at: "now" }],
  ["without trips", { ...good, trips: undefined }],
  ["without refusals", { ...good, refusals: undefined }],
  ["with a trip that tells nothing", { ...good, trips: [{ written: "a" }] }],
  ["with a trip of no value", { ...good, trips: [{ written: "", read: [], ms: 1 }] }],
  ["with a trip of no duration", { ...good, trips: [{ written: "a", read: [] }] }],
  ["with a duration below zero", { ...good, trips: [{ written: "a", read: [], ms: -1 }] }],
  ["with a failure of an unknown kind", { ...good, trips: [{ written: "a", failure: { kind: "fine", detail: "" } }] }],
  ["with an attempt that tells nothing", { ...good, refusals: [{ as: "a" }] }],
  [
    "with more trips than anybody asked for",
    { ...good, trips: Array.from({ length: 101 }, () => ({ written: "a", read: ["a"], ms: 1 })) },
  ],
])("an answer %s is refused", (_, bent) => {
  expect(roundTrips.safeParse(bent).success).toBe(false);
});

test("no answer makes the parser throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ trips: fc.jsonValue() })), (bent) => {
      expect(typeof roundTrips.safeParse(bent).success).toBe("boolean");
    }),
  );
});
