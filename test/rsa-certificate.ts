/** A certificate of its own making with an RSA key, for a test. */
import "reflect-metadata";
import { PemConverter, X509CertificateGenerator } from "@peculiar/x509";

/** PEM of both; the key as PKCS #8. */
export async function rsaCertificate(): Promise<{ readonly certificate: string; readonly key: string }> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { keys, signingAlgorithm: algorithm, notBefore: new Date(0), notAfter: new Date("2100-01-01") },
    crypto,
  );
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { certificate: certificate.toString("pem"), key: PemConverter.encode(key, "PRIVATE KEY") };
}
