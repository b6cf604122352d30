import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer as createTcp } from "node:net";
import { expect, test } from "vitest";
import { testAuthority } from "../../test/certificate-authority.ts";
import { closedPort, listening, resettingServer, sayingServer, silentServer } from "../../test/loopback.ts";
import type { Endpoint } from "./endpoints.ts";
import { request, type Asked } from "./request.ts";

const host = "health.oke-proof.test";
const authority = await testAuthority("right");
const stranger = await testAuthority("stranger");
const served = await authority.issue({ names: [host] });
const trusted = { certificates: [authority.pem] };
const never = new AbortController().signal;

function at(port: number): Endpoint {
  return { ip: "127.0.0.1", port, label: `127.0.0.1:${port}`, lookupMs: 0 };
}

const ask = async (port: number, more: Partial<Asked> = {}) =>
  request({ endpoint: at(port), host, path: "/healthz", timeoutMs: 2_000, signal: never, ...more });

const echo: RequestListener = (incoming, answer) => {
  answer.setHeader("X-Backend", "health-api");
  answer.setHeader("Set-Cookie", ["a=1", "b=2"]);
  answer.end(JSON.stringify({ host: incoming.headers.host, url: incoming.url, agent: incoming.headers["user-agent"] }));
};

test("plain: the given address is asked whatever the name is, as a client of the real port would", async () => {
  const reading = await listening(createHttp(echo), async (port) => ask(port, { path: "/a/b?c=d" }));
  expect(reading).toMatchObject({
    ok: true,
    source: expect.stringMatching(/^http:\/\/health\.oke-proof\.test\/a\/b\?c=d at 127\.0\.0\.1:\d+$/),
    value: { kind: "answered", status: 200, bodyCut: false, headers: { "x-backend": "health-api" } },
  });
  const body: unknown = reading.ok && reading.value.kind === "answered" ? JSON.parse(reading.value.body) : undefined;
  expect(body).toEqual({ host, url: "/a/b?c=d", agent: "oke-proof" });
});

test("another method, with headers and JSON of its own", async () => {
  const server = createHttp((incoming, answer) => {
    const { method, headers } = incoming;
    let sent = "";
    incoming.setEncoding("utf8").on("data", (part: string) => (sent += part));
    incoming.on("end", () => {
      answer.end(JSON.stringify({ method, type: headers["content-type"], who: headers.authorization, sent }));
    });
  });
  const asked = { method: "PATCH", headers: { authorization: "Bearer a" }, json: { a: 1 } } as const;
  const reading = await listening(server, async (port) => ask(port, asked));
  const body: unknown = reading.ok && reading.value.kind === "answered" ? JSON.parse(reading.value.body) : undefined;
  expect(body).toEqual({ method: "PATCH", type: "application/json", who: "Bearer a", sent: '{"a":1}' });
});

test("https: chain and name are verified, SNI is the name, and each part is timed", async () => {
  let sni: unknown;
  const server = createHttps(served, (incoming, answer) => {
    sni = "servername" in incoming.socket ? incoming.socket.servername : undefined;
    echo(incoming, answer);
  });
  const reading = await listening(server, async (port) => ask(port, { authority: trusted }));
  expect(sni).toBe(host);
  expect(reading).toMatchObject({
    ok: true,
    value: {
      kind: "answered",
      headers: { "set-cookie": "a=1, b=2" },
      timings: { connectMs: expect.any(Number), tlsMs: expect.any(Number), firstByteMs: expect.any(Number) },
    },
  });
  const { connectMs, tlsMs = -1, firstByteMs } = timingsOf(reading);
  expect(Math.min(connectMs, tlsMs)).toBeGreaterThan(0);
  expect(firstByteMs).toBeGreaterThanOrEqual(connectMs + tlsMs);
});

test("a control keeps the name for TLS and sends another as Host", async () => {
  const reading = await listening(createHttps(served, echo), async (port) =>
    ask(port, { authority: trusted, hostHeader: "nobody.invalid" }),
  );
  expect(reading).toMatchObject({ ok: true, value: { body: expect.stringContaining("nobody.invalid") } });
});

test.each([
  ["another authority", async () => stranger.issue({ names: [host] }), /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET/],
  ["another name", async () => authority.issue({ names: ["other.oke-proof.test"] }), /ERR_TLS_CERT_ALTNAME_INVALID/],
  ["a time that is over", async () => authority.issue({ names: [host], daysTo: -0.5 }), /CERT_HAS_EXPIRED/],
  ["a time to come", async () => authority.issue({ names: [host], daysFrom: 1 }), /CERT_NOT_YET_VALID/],
])("a certificate of %s is an observation: tls", async (_, issue, detail) => {
  const reading = await listening(createHttps(await issue(), echo), async (port) => ask(port, { authority: trusted }));
  expect(reading).toMatchObject({ ok: true, value: { kind: "tls", detail: expect.stringMatching(detail) } });
});

test("refused, reset, no TLS and no HTTP are told apart, and all are observations", async () => {
  const refused = await ask(await closedPort());
  expect(refused).toMatchObject({
    ok: true,
    value: { kind: "refused", detail: expect.stringContaining("ECONNREFUSED") },
  });
  expect(await listening(resettingServer(), ask)).toMatchObject({ ok: true, value: { kind: "reset" } });
  expect(await listening(resettingServer(), async (port) => ask(port, { authority: trusted }))).toMatchObject({
    ok: true,
    value: { kind: "reset" },
  });
  const plain = await listening(createHttp(echo), async (port) => ask(port, { authority: trusted }));
  expect(plain).toMatchObject({ ok: true, value: { kind: "tls" } });
  const garbage = await listening(sayingServer("SSH-2.0-what?\r\n\r\n"), ask);
  expect(garbage).toMatchObject({ ok: true, value: { kind: "not-http", detail: expect.stringContaining("HPE_") } });
});

test("a body that breaks off is a reset, not a shorter body", async () => {
  const cut = sayingServer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
  expect(await listening(cut, ask)).toMatchObject({ ok: true, value: { kind: "reset" } });
});

test.each([
  ["plain", {}, /connected, but no answer within 300 ms/],
  ["https", { authority: trusted }, /connected, but no TLS handshake within 300 ms/],
])(
  "%s: an address that takes the connection and never answers is no reading, within its time",
  async (_, more, why) => {
    const started = performance.now();
    const reading = await listening(silentServer(), async (port) => ask(port, { ...more, timeoutMs: 300 }));
    expect(reading).toMatchObject({ ok: false, why: expect.stringMatching(why) });
    expect(performance.now() - started).toBeLessThan(1_500);
  },
);

test("a body that trickles for ever ends with the time of the whole request", async () => {
  const server = createTcp((socket) => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const drip = setInterval(() => socket.write("x"), 20);
    socket.on("close", () => clearInterval(drip));
  });
  const reading = await listening(server, async (port) => ask(port, { timeoutMs: 300 }));
  expect(reading).toMatchObject({ ok: false, why: expect.stringContaining("within 300 ms") });
});

test("an interrupted check asks no further", async () => {
  const reading = await listening(silentServer(), async (port) => ask(port, { signal: AbortSignal.timeout(50) }));
  expect(reading).toMatchObject({ ok: false, why: expect.stringContaining("interrupted") });
  expect(await ask(await closedPort(), { signal: AbortSignal.abort() })).toMatchObject({ ok: false });
});

test("redirects are shown, not followed; every status is an answer", async () => {
  for (const status of [301, 308, 302, 401, 404, 500, 503]) {
    const server = createHttp((_, answer) => answer.writeHead(status, { location: "https://elsewhere.test/" }).end());
    const reading = await listening(server, ask);
    expect(reading).toMatchObject({ ok: true, value: { status, headers: { location: "https://elsewhere.test/" } } });
  }
});

test("an endless body is cut at its bound", async () => {
  const server = createHttp((_, answer) => {
    const more = (): void => void (answer.write("x".repeat(16_384)) ? setImmediate(more) : answer.once("drain", more));
    answer.on("close", () => answer.removeAllListeners("drain"));
    more();
  });
  const reading = await listening(server, ask);
  expect(reading).toMatchObject({ ok: true, value: { status: 200, bodyCut: true } });
  expect(reading.ok && reading.value.kind === "answered" && reading.value.body.length).toBe(65_536);
});

function timingsOf(reading: Awaited<ReturnType<typeof ask>>) {
  if (!reading.ok || reading.value.kind !== "answered") throw new Error("nothing was answered");
  return reading.value.timings;
}
