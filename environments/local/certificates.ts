/** The local certificate authority, and certificates signed by it or by any other: good ones for `up`, bad ones for tests. */
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { statePaths } from "./paths.ts";

/** PEM texts, each ending in a line break so that they can be joined: one certificate and its private key (PKCS #8). */
export type SignedPair = { readonly certificate: string; readonly key: string };

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 3600 * 1000;
const authorityDays = 3650;

x509.cryptoProvider.set(crypto);

/** A new authority of its own, valid for ten years from yesterday. */
export async function makeAuthority(commonName: string, now = new Date()): Promise<SignedPair> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + authorityDays * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await privateKeyPem(keys.privateKey) };
}

/**
 * A server certificate for the names (the first is its common name), signed by the authority. Nothing is checked:
 * an expired one, or one for another name, is what a test may ask for.
 */
export async function issueCertificate(wanted: {
  readonly ca: SignedPair;
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}): Promise<SignedPair> {
  const authority = new x509.X509Certificate(wanted.ca.certificate);
  const signingKey = await crypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(wanted.ca.key),
    algorithm,
    false,
    ["sign"],
  );
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${wanted.names[0] ?? "nameless"}`,
    issuer: authority.subject,
    notBefore: wanted.notBefore,
    notAfter: wanted.notAfter,
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(wanted.names.map((value) => ({ type: "dns" as const, value }))),
      await x509.AuthorityKeyIdentifierExtension.create(authority),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await privateKeyPem(keys.privateKey) };
}

/** The local cluster's authority, made at the first call. Its key is readable by this user only. */
export async function localAuthority(): Promise<SignedPair> {
  try {
    return {
      certificate: await readFile(statePaths.caCertificate, "utf8"),
      key: await readFile(statePaths.caKey, "utf8"),
    };
  } catch {
    const made = await makeAuthority("oke-proof local authority");
    await writeFile(statePaths.caKey, made.key, { mode: 0o600 });
    await writeFile(statePaths.caCertificate, made.certificate);
    return made;
  }
}

function serialNumber(): string {
  // Positive, as the standard demands: the first bit is not set.
  return `01${randomBytes(15).toString("hex")}`;
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}
