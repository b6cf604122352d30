import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { DnsRecord } from "../../environments/profile.ts";
import { listening } from "../../test/loopback.ts";
import { connect, type Cluster } from "../kubernetes/cluster.ts";
import { expectedAnswers } from "./expected.ts";
import { resolution, resolveInCluster } from "./resolver-in-cluster.ts";

const folder = mkdtempSync(join(tmpdir(), "oke-proof-dns-"));
afterAll(() => rmSync(folder, { recursive: true }));

const profile = { prober: { namespace: "oke-proof", selector: "app=prober", port: 8080 } };
const prober = { pod: "prober-1", node: "worker" };
const question = { name: "health.oke-proof.test", type: "A" } as const;

/** A cluster whose API server answers everything with one status and body, and what it was asked for. */
async function answering<T>(
  status: number,
  body: unknown,
  work: (cluster: Cluster) => Promise<T>,
): Promise<{ readonly result: T; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, answer) => {
    asked.push(incoming.url ?? "");
    answer.writeHead(status, { "content-type": "application/json" });
    answer.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  const result = await listening(server, async (port) => {
    const kubeconfig = join(folder, `${port}.kubeconfig`);
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
      users: [{ name: "test", user: { token: "not-a-secret" } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    const timeouts = { requestMs: 1_000, checkMs: 5_000 };
    return work(connect({ cluster: { kubeconfig }, timeouts }, new AbortController().signal));
  });
  return { result, asked };
}

const resolve = async (status: number, body: unknown) =>
  answering(status, body, async (cluster) => resolveInCluster(cluster, profile, prober, question));

const right = { ...question, answers: ["10.96.0.9", "10.96.0.1"], resolver: "10.96.0.10", elapsedMs: 1.5 };

test("the prober is asked through the API server, and its answers come sorted with where they were seen", async () => {
  const { result, asked } = await resolve(200, right);
  expect(asked).toEqual([
    "/api/v1/namespaces/oke-proof/pods/prober-1:8080/proxy/resolve?name=health.oke-proof.test&type=A",
  ]);
  expect(result).toMatchObject({
    ok: true,
    source: "prober prober-1 on worker",
    value: { outcome: "NOERROR", answers: ["10.96.0.1", "10.96.0.9"], elapsedMs: 1.5 },
  });
});

test.each([
  ["ENOTFOUND", "NXDOMAIN"],
  ["ENODATA", "NODATA"],
  ["ESERVFAIL", "SERVFAIL"],
  ["EREFUSED", "REFUSED"],
])("the code %s is the outcome %s", async (code, outcome) => {
  const { result } = await resolve(200, { error: { code, message: "said so" } });
  expect(result).toMatchObject({ ok: true, value: { outcome, answers: [] } });
});

test.each(["ETIMEOUT", "ECONNREFUSED", "EUNKNOWN", "constructor", "toString"])(
  "the code %s is no reading: no name server answered the prober",
  async (code) => {
    const { result } = await resolve(200, { error: { code, message: "said so" } });
    expect(result).toMatchObject({ ok: false, why: expect.stringContaining(code) });
  },
);

test.each<[string, number, unknown]>([
  ["403", 403, { message: "pods/proxy is forbidden" }],
  ["404", 404, { message: "not found" }],
  ["503", 503, "no endpoints"],
  ["another name", 200, { ...right, name: "other.test" }],
  ["another type", 200, { ...right, type: "AAAA" }],
  ["answers that are no list", 200, { ...right, answers: "10.96.0.1" }],
  ["an answer of nothing", 200, { ...right, answers: [""] }],
  ["no answers", 200, { name: right.name, type: "A" }],
  ["an error without a code", 200, { error: { message: "broken" } }],
  ["HTML", 200, "<html></html>"],
])("%s is no reading", async (_, status, body) => {
  expect((await resolve(status, body)).result).toMatchObject({ ok: false });
});

test("whatever JSON a prober sends, what is accepted is an answer or an error with a code", () => {
  const anything = fc.jsonValue({ maxDepth: 2 });
  const near = fc.record(
    {
      name: fc.oneof(fc.constant(question.name), anything),
      type: fc.oneof(fc.constant("A"), anything),
      answers: fc.oneof(fc.array(fc.string()), anything),
      resolver: fc.oneof(fc.string(), anything),
      elapsedMs: fc.oneof(fc.double(), anything),
      error: fc.oneof(fc.record({ code: fc.string(), message: fc.string() }), anything),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(near, anything), (sent) => {
      const parsed = resolution.safeParse(sent);
      const sane =
        !parsed.success ||
        ("error" in parsed.data
          ? parsed.data.error.code !== ""
          : parsed.data.answers.every((one) => one !== "") && parsed.data.elapsedMs >= 0);
      expect(sane).toBe(true);
    }),
  );
});

const service = { service: { namespace: "default", name: "kubernetes" } };
const ofService = (type: DnsRecord["type"]): DnsRecord => ({
  name: "kubernetes.default.svc.cluster.local",
  type,
  answers: service,
});

test("what a Service's name must resolve to is its address now, for its own family only", async () => {
  const of = async (spec: unknown, type: DnsRecord["type"]) =>
    answering(200, { spec }, async (cluster) => expectedAnswers(cluster, ofService(type)));
  expect(await of({ clusterIP: "10.96.0.1" }, "A")).toMatchObject({
    asked: ["/api/v1/namespaces/default/services/kubernetes"],
    result: { ok: true, value: ["10.96.0.1"] },
  });
  expect((await of({ clusterIP: "FD00::0001" }, "AAAA")).result).toMatchObject({ ok: true, value: ["fd00::1"] });
  for (const [spec, type] of [
    [{ clusterIP: "10.96.0.1" }, "AAAA"],
    [{ clusterIP: "10.96.0.1" }, "CNAME"],
    [{ clusterIP: "None" }, "A"],
    [{}, "A"],
  ] as const) {
    expect((await of(spec, type)).result).toMatchObject({ ok: false });
  }
});

test("answers that the profile states need no cluster; they come out canonical, each once", async () => {
  const record: DnsRecord = { name: "a.test", type: "CNAME", answers: ["B.test.", "b.test"] };
  const { result, asked } = await answering(500, {}, async (cluster) => expectedAnswers(cluster, record));
  expect(asked).toEqual([]);
  expect(result).toMatchObject({ ok: true, value: ["b.test"] });
});
