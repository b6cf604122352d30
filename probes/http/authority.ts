/** The certificates that a server's chain must lead to. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { getCACertificates } from "node:tls";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";

/** PEM certificates that are trusted, and nothing besides them. */
export type Authority = { readonly certificates: readonly string[] };

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * Reads the authority of the profile's certificates: the file's, or the system's roots where the profile names none.
 * `ok: false` where the file is missing, unreadable, without a certificate or with one that does not parse: what cannot be
 * compared with the right authority must not be called untrusted.
 * @param caFile `profile.ingress.caFile`
 */
export async function readAuthority(caFile: string | undefined): Promise<Reading<Authority>> {
  const source = caFile ?? "the system's roots";
  const nothing = (why: string): Reading<Authority> => unread(why, source, new Date());
  if (caFile === undefined) {
    const certificates = getCACertificates("system");
    return certificates.length === 0
      ? nothing(
          "this machine has no root certificates: install its ca-certificates or name ingress.caFile in the profile",
        )
      : read({ certificates }, source, new Date());
  }
  try {
    const certificates = (await readFile(caFile, "utf8")).match(block) ?? [];
    for (const pem of certificates) void new X509Certificate(pem);
    return certificates.length === 0
      ? nothing(`the authority's file ${caFile} holds no PEM certificate`)
      : read({ certificates }, source, new Date());
  } catch (error) {
    return nothing(`the authority's file ${caFile} could not be read: ${whyOf(error)}`);
  }
}
