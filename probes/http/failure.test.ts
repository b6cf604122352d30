import fc from "fast-check";
import { expect, test } from "vitest";
import { describeError, noAnswerOf, type Phase } from "./failure.ts";

function coded(code: string): Error {
  return Object.assign(new Error(`it failed with ${code}`), { code });
}

test.each<[string, Phase, string]>([
  ["ECONNREFUSED", "connect", "refused"],
  ["ECONNRESET", "connect", "reset"],
  ["ECONNRESET", "tls", "reset"],
  ["EPIPE", "http", "reset"],
  ["CERT_HAS_EXPIRED", "tls", "tls"],
  ["HOSTNAME_MISMATCH", "tls", "tls"],
  ["EPROTO", "tls", "tls"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "http", "tls"],
  ["HPE_INVALID_CONSTANT", "http", "not-http"],
])("%s in the phase %s was observed: %s", (code, phase, kind) => {
  expect(noAnswerOf(coded(code), phase)).toEqual({ kind, detail: `it failed with ${code}` });
});

test.each<[string, Phase]>([
  ["ETIMEDOUT", "connect"],
  ["ETIMEDOUT", "tls"],
  ["EHOSTUNREACH", "connect"],
  ["ENETUNREACH", "connect"],
  ["EADDRNOTAVAIL", "connect"],
  ["EMFILE", "connect"],
  ["ERR_CANCELED", "tls"],
  ["E_NEVER_SEEN", "connect"],
  ["E_NEVER_SEEN", "http"],
])("%s in the phase %s observed nothing", (code, phase) => {
  expect(noAnswerOf(coded(code), phase)).toBeUndefined();
});

const thrown = fc.oneof(
  fc.string(),
  fc.constantFrom(undefined, null, 0, Number.NaN, {}),
  fc
    .tuple(fc.string({ maxLength: 2_000 }), fc.oneof(fc.string(), fc.integer(), fc.constant("ECONNREFUSED")))
    .map(([message, code]) => Object.assign(new Error(message), { code })),
);

test("whatever is thrown, it is sorted without throwing and told in one short line", () => {
  fc.assert(
    fc.property(thrown, fc.constantFrom<Phase>("connect", "tls", "http"), (error, phase) => {
      const detail = noAnswerOf(error, phase)?.detail ?? describeError(error);
      expect(detail.includes("\n")).toBe(false);
      expect(detail.length).toBeLessThan(400);
    }),
  );
});
