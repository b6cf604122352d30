import { constants, createDecipheriv, privateDecrypt } from "node:crypto";
import { expect, test } from "vitest";
import { rsaCertificate } from "../../test/rsa-certificate.ts";
import { altered, seal } from "./seal.ts";

/** What the controller does, by its documentation. */
function unseal(sealed: string, key: string, label: string): string {
  const bytes = Buffer.from(sealed, "base64");
  const end = 2 + bytes.readUInt16BE(0);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const sessionKey = privateDecrypt(
    { key, padding, oaepHash: "sha256", oaepLabel: Buffer.from(label) },
    bytes.subarray(2, end),
  );
  const decipher = createDecipheriv("aes-256-gcm", sessionKey, Buffer.alloc(12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(end, -16)), decipher.final()]).toString("utf8");
}

test("what is sealed opens under its own namespace and name, and under no other", async () => {
  const { certificate, key } = await rsaCertificate();
  const sealed = seal(certificate, "häferl", { namespace: "oke-proof", name: "one" });
  expect(unseal(sealed, key, "oke-proof/one")).toBe("häferl");
  expect(() => unseal(sealed, key, "oke-proof/two")).toThrow(/oaep|decod/i);
  expect(() => unseal(sealed, key, "other/one")).toThrow(/oaep|decod/i);
  expect(seal(certificate, "häferl", { namespace: "oke-proof", name: "one" })).not.toBe(sealed);
});

test("an altered one does not open", async () => {
  const { certificate, key } = await rsaCertificate();
  const sealed = seal(certificate, "x", { namespace: "oke-proof", name: "one" });
  expect(altered(altered(sealed))).toBe(sealed);
  expect(() => unseal(altered(sealed), key, "oke-proof/one")).toThrow(/auth/i);
});

test("what is no certificate is refused", () => {
  expect(() => seal("not a certificate", "x", { namespace: "a", name: "b" })).toThrow(/PEM|certificate|asn1/i);
});
