/** The certificate that an address presents for a name, read also where nobody should trust it, so that the fault can be named. */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Authority } from "./authority.ts";
import type { Endpoint } from "./endpoints.ts";
import { describeError, noAnswerOf, type NoAnswer, type Phase } from "./failure.ts";

export type Presented = {
  readonly kind: "presented";
  /** The subject's alternative names, as `DNS:a.example`. */
  readonly names: readonly string[];
  /** True where one of them is the name that was asked for; the subject's common name does not count, as in browsers. */
  readonly nameMatches: boolean;
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since 1970. `notAfterMs` is the earliest end of the certificate and of the intermediates that came with it. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly fingerprint256: string;
  /** Absent: the chain leads to the authority. Else OpenSSL's first reason against it, such as SELF_SIGNED_CERT_IN_CHAIN. */
  readonly untrusted?: string;
  readonly protocol: string;
};

/**
 * Shakes hands with one address for one name (SNI) and reads what it presents. A refused, reset or failed handshake is a reading;
 * a timeout, an interruption and a certificate that does not parse are `ok: false`.
 */
export async function readCertificate(asked: {
  readonly endpoint: Endpoint;
  readonly host: string;
  readonly authority: Authority;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}): Promise<Reading<Presented | NoAnswer>> {
  const { endpoint, host, authority, timeoutMs } = asked;
  const source = `${host} at ${endpoint.label}`;
  const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(timeoutMs)]);
  let phase: Phase = "connect";
  const socket = connect({
    host: endpoint.ip,
    port: endpoint.port,
    ca: [...authority.certificates],
    ALPNProtocols: ["h2", "http/1.1"],
    // Judged afterwards: a certificate that is refused here could not be named.
    rejectUnauthorized: false,
    // The chain's reason shall not be hidden behind the name's; the name is compared below.
    checkServerIdentity: () => undefined,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  socket.once("connect", () => (phase = "tls"));
  try {
    await secured(socket, signal);
    const presented = presentedBy(socket, host, authority);
    return presented === undefined
      ? unread(`TLS with ${source}: the certificate could not be read`, source, new Date())
      : read(presented, source, new Date());
  } catch (error) {
    if (asked.signal.aborted) return unread(`TLS with ${source}: interrupted`, source, new Date());
    if (signal.aborted) return unread(`TLS with ${source}: no handshake within ${timeoutMs} ms`, source, new Date());
    const observed = noAnswerOf(error, phase);
    return observed === undefined
      ? unread(`TLS with ${source}: ${describeError(error)}`, source, new Date())
      : read(observed, source, new Date());
  } finally {
    socket.destroy();
  }
}

function secured(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new Error("no handshake in time"));
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    // Stays for the socket's life: a late error must not end the process.
    socket.on("error", reject);
    socket.once("close", () => signal.removeEventListener("abort", giveUp));
    socket.once("secureConnect", () => resolve());
  });
}

function presentedBy(socket: TLSSocket, host: string, authority: Authority): Presented | undefined {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) return undefined;
  const described = describeCertificate(leaf, host);
  if (described === undefined) return undefined;
  const notAfterMs = Math.min(described.notAfterMs, ...endsOfIntermediates(leaf, authority));
  if (!Number.isFinite(notAfterMs)) return undefined;
  return {
    kind: "presented",
    ...described,
    notAfterMs,
    ...(socket.authorized ? {} : { untrusted: reasonOf(socket.authorizationError) }),
    protocol: socket.getProtocol() ?? "unknown",
  };
}

/**
 * The facts of a certificate about a name. Undefined where a date of it cannot be read: no time left may be computed from that.
 * @param host a DNS name or an IP address
 */
export function describeCertificate(
  leaf: X509Certificate,
  host: string,
): Omit<Presented, "kind" | "untrusted" | "protocol"> | undefined {
  const notBeforeMs = Date.parse(leaf.validFrom);
  const notAfterMs = Date.parse(leaf.validTo);
  if (!Number.isFinite(notBeforeMs) || !Number.isFinite(notAfterMs)) return undefined;
  const matched = isIP(host) === 0 ? leaf.checkHost(host, { subject: "never" }) : leaf.checkIP(host);
  return {
    names: leaf.subjectAltName?.split(", ") ?? [],
    nameMatches: matched !== undefined,
    subject: leaf.subject?.replaceAll("\n", ", ") ?? "",
    issuer: leaf.issuer.replaceAll("\n", ", "),
    notBeforeMs,
    notAfterMs,
    fingerprint256: leaf.fingerprint256,
  };
}

/** An intermediate that ends before the server's certificate breaks the chain just the same; what stands in for a trusted root does not. */
function endsOfIntermediates(leaf: X509Certificate, authority: Authority): number[] {
  const ends: number[] = [];
  const deepest = 10;
  let roots: ReadonlySet<string> | undefined;
  for (let up = leaf.issuerCertificate; up !== undefined && ends.length < deepest; up = up.issuerCertificate) {
    roots ??= new Set(authority.certificates.map((pem) => new X509Certificate(pem).subject));
    if (up.subject === up.issuer || roots.has(up.subject)) break;
    // A date that cannot be read makes the whole NaN: then nothing was read.
    ends.push(Date.parse(up.validTo));
  }
  return ends;
}

/** Node gives a code as text, its types say Error. */
function reasonOf(reason: unknown): string {
  if (typeof reason === "string" && reason !== "") return reason;
  return reason instanceof Error ? describeError(reason) : "not trusted, without a reason";
}
