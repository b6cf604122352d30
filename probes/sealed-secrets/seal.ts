/** Sealing as `kubeseal` does it, for the strict scope: whoever has the certificate can, and only the controller can open it. */
import { constants, createCipheriv, publicEncrypt, randomBytes, X509Certificate } from "node:crypto";

/** Where a sealed value is for: it opens under this namespace and name, and no other. */
export type SealedFor = { readonly namespace: string; readonly name: string };

/**
 * RSA-OAEP (SHA-256, label `namespace/name`) around a key of AES-256-GCM that is used once, hence its nonce of zeros:
 * length of the RSA part in two bytes, RSA part, AES part with its tag.
 * @param certificate the controller's, as PEM
 * @returns base64
 * @throws Error where the certificate cannot be read or holds no RSA key
 */
export function seal(certificate: string, value: string, sealedFor: SealedFor): string {
  const { publicKey } = new X509Certificate(certificate);
  if (publicKey.asymmetricKeyType !== "rsa") {
    throw new Error(`the controller's certificate holds a key of type ${publicKey.asymmetricKeyType}, not RSA`);
  }
  const sessionKey = randomBytes(32);
  const wrapped = publicEncrypt(
    {
      key: publicKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: "sha256",
      oaepLabel: Buffer.from(`${sealedFor.namespace}/${sealedFor.name}`),
    },
    sessionKey,
  );
  const cipher = createCipheriv("aes-256-gcm", sessionKey, Buffer.alloc(12));
  const body = Buffer.concat([cipher.update(value, "utf8"), cipher.final(), cipher.getAuthTag()]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  return Buffer.concat([length, wrapped, body]).toString("base64");
}

/** The same with one bit of its content turned, as a hand in the repository would. */
export function altered(sealed: string): string {
  const bytes = Buffer.from(sealed, "base64");
  // The first byte of the AES part: behind the tag's back, and not in its length.
  const at = 2 + bytes.readUInt16BE(0);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString("base64");
}
