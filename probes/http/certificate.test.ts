import { X509Certificate } from "node:crypto";
import { createServer as createHttp } from "node:http";
import { createServer as createTls } from "node:tls";
import fc from "fast-check";
import { expect, test } from "vitest";
import { issueCertificate } from "../../environments/local/certificates.ts";
import { testAuthority, type Issued } from "../../test/certificate-authority.ts";
import { closedPort, listening, resettingServer, sayingServer, silentServer } from "../../test/loopback.ts";
import { describeCertificate, readCertificate } from "./certificate.ts";

const host = "health.oke-proof.test";
const authority = await testAuthority("right");
const stranger = await testAuthority("stranger");
const trusted = { certificates: [authority.pem] };
const dayMs = 86_400_000;

const look = async (port: number, more: { timeoutMs?: number; signal?: AbortSignal; host?: string } = {}) =>
  readCertificate({
    endpoint: { ip: "127.0.0.1", port, label: `127.0.0.1:${port}`, lookupMs: 0 },
    host,
    authority: trusted,
    timeoutMs: 2_000,
    signal: new AbortController().signal,
    ...more,
  });

const presenting = async (issued: Issued, more: Parameters<typeof look>[1] = {}) =>
  listening(createTls(issued), async (port) => look(port, more));

test("a good certificate: name, trusted chain, dates", async () => {
  const reading = await presenting(await authority.issue({ names: [host, "*.oke-proof.test"], daysTo: 30 }));
  expect(reading).toMatchObject({
    ok: true,
    source: expect.stringMatching(/^health\.oke-proof\.test at 127\.0\.0\.1:\d+$/),
    value: {
      kind: "presented",
      nameMatches: true,
      names: [`DNS:${host}`, "DNS:*.oke-proof.test"],
      issuer: "CN=right",
      protocol: "TLSv1.3",
    },
  });
  if (!reading.ok || reading.value.kind !== "presented") throw new Error("nothing was presented");
  expect(reading.value).not.toHaveProperty("untrusted");
  expect(Math.abs(reading.value.notAfterMs - Date.now() - 30 * dayMs)).toBeLessThan(60_000);
});

test.each([
  ["*.oke-proof.test", host, true],
  ["*.oke-proof.test", "a.b.oke-proof.test", false],
  ["*.oke-proof.test", "oke-proof.test", false],
  ["HEALTH.oke-proof.test", host, true],
  ["somebody-else.oke-proof.test", host, false],
  ["xhealth.oke-proof.test", host, false],
])("a certificate for %s, asked for as %s: the name matches: %s", async (name, asked, matches) => {
  const reading = await presenting(await authority.issue({ names: [name] }), { host: asked });
  // The chain is judged by itself: a wrong name leaves it trusted.
  expect(reading).toMatchObject({ ok: true, value: { kind: "presented", nameMatches: matches } });
  expect(reading.ok && reading.value).not.toHaveProperty("untrusted");
});

test.each([
  ["another authority", async () => stranger.issue({ names: [host] }), /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET/],
  ["a time that is over", async () => authority.issue({ names: [host], daysTo: -0.5 }), /CERT_HAS_EXPIRED/],
  ["a time to come", async () => authority.issue({ names: [host], daysFrom: 1 }), /CERT_NOT_YET_VALID/],
])("a certificate of %s is still read, with what is said against it", async (_, issue, untrusted) => {
  const reading = await presenting(await issue());
  expect(reading).toMatchObject({
    ok: true,
    value: { kind: "presented", nameMatches: true, untrusted: expect.stringMatching(untrusted) },
  });
});

test.each([
  [5, 90, 5],
  [90, 30, 30],
])("with %i days of the intermediate and %i of the certificate, %i are left", async (between, leaf, left) => {
  const middle = await authority.issue({ names: ["intermediate"], daysTo: between });
  const now = Date.now();
  const below = await issueCertificate({
    ca: { certificate: middle.cert, key: middle.key },
    names: [host],
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + leaf * dayMs),
  });
  const reading = await presenting({ cert: `${below.certificate}\n${middle.cert}\n`, key: below.key });
  if (!reading.ok || reading.value.kind !== "presented") throw new Error("nothing was presented");
  expect(Math.round((reading.value.notAfterMs - now) / dayMs)).toBe(left);
});

test("refused, reset and no TLS are observations", async () => {
  expect(await look(await closedPort())).toMatchObject({ ok: true, value: { kind: "refused" } });
  expect(await listening(resettingServer(), look)).toMatchObject({ ok: true, value: { kind: "reset" } });
  expect(await listening(createHttp(), look)).toMatchObject({ ok: true, value: { kind: "tls" } });
  expect(await listening(sayingServer("no TLS here"), look)).toMatchObject({ ok: true, value: { kind: "tls" } });
});

test("an address that takes the connection and never answers is no reading, within its time", async () => {
  const started = performance.now();
  const reading = await listening(silentServer(), async (port) => look(port, { timeoutMs: 300 }));
  expect(reading).toMatchObject({ ok: false, why: expect.stringContaining("no handshake within 300 ms") });
  expect(performance.now() - started).toBeLessThan(1_500);
});

test("an interrupted check looks no further", async () => {
  const late = await listening(silentServer(), async (port) => look(port, { signal: AbortSignal.timeout(50) }));
  expect(late).toMatchObject({ ok: false, why: expect.stringContaining("interrupted") });
  expect(await look(await closedPort(), { signal: AbortSignal.abort() })).toMatchObject({ ok: false });
});

test("whatever stands in a certificate's dates, only real times come out", async () => {
  const { cert } = await authority.issue({ names: [host] });
  fc.assert(
    fc.property(fc.string(), fc.string(), (from, to) => {
      const leaf = new Proxy(new X509Certificate(cert), {
        get: (real, field) =>
          field === "validFrom" ? from : field === "validTo" ? to : boundTo(real, Reflect.get(real, field, real)),
      });
      const described = describeCertificate(leaf, host);
      if (described === undefined) return;
      expect(Number.isFinite(described.notBeforeMs) && Number.isFinite(described.notAfterMs)).toBe(true);
    }),
  );
});

test("an address stands for itself: only a certificate with that address fits", async () => {
  const { cert } = await authority.issue({ names: ["127.0.0.1"] });
  expect(describeCertificate(new X509Certificate(cert), "127.0.0.1")).toMatchObject({ nameMatches: false });
});

function boundTo(real: X509Certificate, member: unknown): unknown {
  return typeof member === "function" ? member.bind(real) : member;
}
