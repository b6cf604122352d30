/** A gateway on loopback that presents a certificate of a test's own authority, changed while it listens. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { issueCertificate, makeAuthority, type SignedPair } from "../environments/local/certificates.ts";
import { listening } from "./loopback.ts";

const dayMs = 86_400_000;

export type TestGateway = {
  readonly port: number;
  readonly authority: SignedPair;
  readonly caFile: string;
  /** What is presented from now on, as PEM. */
  readonly present: (pair: { readonly certificate: string; readonly key: string }) => void;
  /** What was presented at first. */
  readonly first: SignedPair;
};

/** Listens with HTTPS for `work`. @param answer what it says to each request */
export async function withGateway<T>(
  host: string,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  work: (gateway: TestGateway) => Promise<T>,
): Promise<T> {
  const authority = await makeAuthority("oke-proof test");
  const [notBefore, notAfter] = [new Date(Date.now() - dayMs), new Date(Date.now() + 90 * dayMs)];
  const first = await issueCertificate({ ca: authority, names: [host], notBefore, notAfter });
  const contextOf = ({ certificate, key }: SignedPair) => createSecureContext({ cert: certificate, key });
  let context = contextOf(first);
  const server = createServer({
    cert: first.certificate,
    key: first.key,
    SNICallback: (_, done) => done(null, context),
  });
  server.on("request", answer);
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-gateway-"));
  const caFile = join(folder, "ca.crt");
  writeFileSync(caFile, authority.certificate);
  try {
    const present = (pair: SignedPair): void => {
      context = contextOf(pair);
    };
    return await listening(server, async (port) => work({ port, authority, caFile, present, first }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
