import { createServer, type IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { z } from "zod";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { rsaCertificate } from "../../test/rsa-certificate.ts";
import { readSealedRound } from "./round.ts";

const profile = { prober: { namespace: "oke-proof", selector: "app.kubernetes.io/name=prober", port: 8080 } };
const time = "2026-11-22T04:00:00Z";
const { certificate } = await rsaCertificate();
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const refusal = { synced: "False", message: "nonce: no key could decrypt secret" };
const posted = z.object({ run: z.string(), sealed: z.array(z.object({ name: z.string(), ciphertext: z.string() })) });
const spoken: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "oke-proof-sealed-sound": { synced: "True", secret: base64("word") },
  "oke-proof-sealed-altered": refusal,
  "oke-proof-sealed-moved": refusal,
};

type Behaviour = {
  readonly ready?: boolean;
  readonly pods?: number;
  readonly certificate?: unknown;
  /** Answer to a POST that puts something. */
  readonly put?: number;
  /** What is said of each that was put. */
  readonly states?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** An API server with one seal prober behind it, and what it was sent. */
async function roundWith(behaviour: Behaviour) {
  const { ready = true, pods = 200, put = 200, states = spoken } = behaviour;
  const sent: z.output<typeof posted>[] = [];
  const answer = async (request: IncomingMessage): Promise<readonly [number, unknown]> => {
    const url = request.url ?? "";
    if (url.includes("/pods?")) {
      const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
      const metadata = { name: "seal-prober-1", namespace: "oke-proof", uid: "1", creationTimestamp: time };
      return [
        pods,
        { metadata: {}, items: [{ metadata, spec: { nodeName: "a" }, status: { phase: "Running", conditions } }] },
      ];
    }
    if (url.endsWith("/certificate")) return [200, behaviour.certificate ?? { certificate }];
    if (request.method === "POST") {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(Buffer.from(part));
      const body = posted.parse(JSON.parse(Buffer.concat(parts).toString("utf8")));
      sent.push(body);
      return [body.sealed.length === 0 ? 200 : put, { namespace: "oke-proof", put: [] }];
    }
    const there = (sent.at(-1)?.sealed ?? []).map(({ name }) => ({ name, ...states[name] }));
    return [200, { namespace: "oke-proof", states: there }];
  };
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => response.writeHead(status).end(JSON.stringify(body)));
  });
  const round = await listening(server, (port) =>
    withCluster(port, (cluster) => readSealedRound(cluster, profile, { word: "word", mark: "oke-proof-mark" }, 1_500)),
  );
  return { round, sent };
}

test("three are put, each its own, and taken away again", async () => {
  const { round, sent } = await roundWith({});
  expect(round).toMatchObject({
    ok: true,
    value: {
      sound: { synced: "True", content: "word" },
      altered: { synced: "False", message: refusal.message },
      moved: { synced: "False" },
    },
  });
  expect(sent.map(({ sealed }) => sealed.length)).toEqual([0, 3, 0]);
  const texts = sent[1]?.sealed.map(({ ciphertext }) => ciphertext) ?? [];
  expect(new Set(texts).size).toBe(3);
  expect(JSON.stringify(texts)).not.toContain("word");
});

test("no right, no prober that is ready, no certificate and no place to put them are no answers", async () => {
  expect((await roundWith({ pods: 403 })).round).toMatchObject({ ok: false, why: expect.stringMatching(/403/) });
  expect((await roundWith({ ready: false })).round).toMatchObject({
    ok: false,
    why: expect.stringMatching(/no seal prober/),
  });
  const withoutField = await roundWith({ certificate: {} });
  expect(withoutField.round).toMatchObject({ ok: false, why: expect.stringMatching(/another shape/) });
  const noCertificate = await roundWith({ certificate: { certificate: "x" } });
  expect(noCertificate.round).toMatchObject({
    ok: false,
    why: expect.stringMatching(/^sealing with the controller's/),
  });
  const refused = await roundWith({ put: 502 });
  expect(refused.round).toMatchObject({ ok: false, why: expect.stringMatching(/502/) });
  // Even then nothing is left.
  expect(refused.sent.at(-1)?.sealed).toEqual([]);
});

test("states of another shape are no answer", async () => {
  const bent = await roundWith({ states: { ...spoken, "oke-proof-sealed-sound": { synced: "Maybe" } } });
  expect(bent.round).toMatchObject({ ok: false, why: expect.stringMatching(/another shape/) });
});
