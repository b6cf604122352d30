import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { issueCertificate, makeAuthority } from "./certificates.ts";

const notBefore = new Date("2026-01-01T00:00:00Z");
const notAfter = new Date("2026-02-01T00:00:00Z");

describe("issueCertificate", () => {
  it("is signed by its authority, for its names and its time", async () => {
    const ca = await makeAuthority("test authority");
    const pair = await issueCertificate({ ca, names: ["a.test", "*.b.test"], notBefore, notAfter });
    const certificate = new X509Certificate(pair.certificate);
    const authority = new X509Certificate(ca.certificate);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkHost("a.test")).toBe("a.test");
    expect(certificate.checkHost("x.b.test")).toBe("*.b.test");
    expect(certificate.checkHost("c.test")).toBeUndefined();
    expect([certificate.validFromDate, certificate.validToDate]).toEqual([notBefore, notAfter]);
    expect(certificate.ca).toBe(false);
    expect(authority.ca).toBe(true);
    expect(pair.key).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^-]+\n-----END PRIVATE KEY-----\n$/);
    expect(pair.certificate + ca.certificate).toContain("-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n");
  });

  it("is not another authority's", async () => {
    const [one, other] = [await makeAuthority("one"), await makeAuthority("other")];
    const pair = await issueCertificate({ ca: one, names: ["a.test"], notBefore, notAfter });
    expect(new X509Certificate(pair.certificate).verify(new X509Certificate(other.certificate).publicKey)).toBe(false);
  });
});
