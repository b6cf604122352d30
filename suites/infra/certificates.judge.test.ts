import fc from "fast-check";
import { expect, test } from "vitest";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Presented } from "../../probes/http/certificate.ts";
import type { NoAnswer } from "../../probes/http/failure.ts";
import { judgeCertificates, type Handshake } from "./certificates.judge.ts";

const now = new Date("2026-03-01T12:00:00Z");
const dayMs = 86_400_000;
const host = "health.oke-proof.test";
const limits = { daysLeftMin: 21 };

const good: Presented = {
  kind: "presented",
  names: [`DNS:${host}`],
  nameMatches: true,
  subject: `CN=${host}`,
  issuer: "CN=authority",
  notBeforeMs: now.getTime() - dayMs,
  notAfterMs: now.getTime() + 90 * dayMs,
  fingerprint256: "AA:BB:CC:DD:EE:FF:00:11:22:33",
  protocol: "TLSv1.3",
};

function at(address: string, value: Presented | NoAnswer): Handshake {
  return { host, address, reading: read(value, `${host} at ${address}`, now) };
}

function judge(
  handshakes: readonly Handshake[],
  more: { authority?: Reading<unknown>; addresses?: readonly Reading<unknown>[] } = {},
) {
  const authority = read({}, "ca.crt", now);
  return judgeCertificates({ authority, addresses: [read([], "profile", now)], handshakes, ...more }, limits, now);
}

const sound = at("127.0.0.1:18443", good);

test.each<[string, Partial<Presented>]>([
  ["90 days left", {}],
  ["exactly the limit of days", { notAfterMs: now.getTime() + 21 * dayMs }],
  ["valid from this very moment", { notBeforeMs: now.getTime() }],
])("pass: %s", (_, change) => {
  const verdict = judge([sound, at("127.0.0.1:18444", { ...good, ...change })]);
  expect(verdict).toMatchObject({ outcome: "pass", evidence: [{ unit: "days", limit: "at least 21 days" }, {}] });
});

test.each<[string, Partial<Presented>, RegExp]>([
  ["a moment less than the limit", { notAfterMs: now.getTime() + 21 * dayMs - 1 }, /20\.99 days left, fewer than 21/],
  ["over", { notAfterMs: now.getTime() - dayMs }, /-1 days left/],
  ["a moment too early", { notBeforeMs: now.getTime() + 1 }, /valid only from 2026-03-01T12:00:00\.001Z/],
  [
    "another name",
    { nameMatches: false, names: ["DNS:somebody-else.oke-proof.test"] },
    /is for DNS:somebody-else\.oke-proof\.test, not for this host/,
  ],
  ["no name at all", { nameMatches: false, names: [] }, /is for no name/],
  [
    "another authority",
    { untrusted: "SELF_SIGNED_CERT_IN_CHAIN" },
    /not trusted \(SELF_SIGNED_CERT_IN_CHAIN, issued by CN=authority\)/,
  ],
])("fail: %s, though every other address is good", (_, change, because) => {
  const verdict = judge([sound, at("127.0.0.1:18444", { ...good, ...change })]);
  expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(because) });
  expect(verdict.because).toMatch(/^health\.oke-proof\.test at 127\.0\.0\.1:18444: /);
  // What is wrong comes first in the evidence.
  expect(verdict.evidence[0]?.source).toContain("18444");
});

test.each<NoAnswer["kind"]>(["refused", "reset", "tls"])("fail: an address that presents nothing (%s)", (kind) => {
  const verdict = judge([sound, at("127.0.0.1:18444", { kind, detail: "the detail" })]);
  expect(verdict).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining(`presents no certificate (${kind}: the detail)`),
  });
});

const blank = unread<never>("no handshake within 5000 ms", "127.0.0.1:18444", now);

test("unproven: an address that never answered, an address that is not known, no authority, nothing at all", () => {
  const silent = judge([sound, { host, address: "127.0.0.1:18444", reading: blank }]);
  expect(silent).toMatchObject({ outcome: "unproven", because: "no handshake within 5000 ms" });
  const unknown = judge([sound], { addresses: [unread("health.example could not be resolved", "profile", now)] });
  expect(unknown).toMatchObject({ outcome: "unproven", because: expect.stringContaining("could not be resolved") });
  const authority = unread("the authority's file x could not be read", "x", now);
  expect(judge([], { authority })).toMatchObject({
    outcome: "unproven",
    because: expect.stringContaining("authority's file"),
  });
  expect(judge([])).toMatchObject({ outcome: "unproven" });
});

test("unproven: dates that are no times", () => {
  expect(judge([at("127.0.0.1:18444", { ...good, notAfterMs: Number.NaN })])).toMatchObject({ outcome: "unproven" });
});

test("a fault that was seen is a fail, also beside an address that could not be looked at", () => {
  const verdict = judge([
    at("127.0.0.1:18443", { ...good, nameMatches: false }),
    { host, address: "127.0.0.1:18444", reading: blank },
  ]);
  expect(verdict).toMatchObject({ outcome: "fail" });
});

test("property: it passes if and only if every handshake is good, whatever the numbers", () => {
  const presented = fc.record({
    nameMatches: fc.boolean(),
    notBeforeMs: fc.oneof(fc.double(), fc.constant(good.notBeforeMs)),
    notAfterMs: fc.oneof(fc.double(), fc.constant(good.notAfterMs)),
    trusted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(presented, { maxLength: 4 }), (list) => {
      const verdict = judge(
        list.map(({ trusted, ...change }) =>
          at("127.0.0.1:18443", { ...good, ...change, ...(trusted ? {} : { untrusted: "X" }) }),
        ),
      );
      const allGood = list.every(
        ({ nameMatches, trusted, notBeforeMs, notAfterMs }) =>
          nameMatches &&
          trusted &&
          notBeforeMs <= now.getTime() &&
          notAfterMs - now.getTime() >= 21 * dayMs &&
          [notBeforeMs, notAfterMs].every((ms) => Math.abs(ms) <= 8.64e15),
      );
      expect(verdict.outcome === "pass").toBe(list.length > 0 && allGood);
    }),
  );
});
