/** One TLS handshake with exactly one protocol and certain ciphers, to learn whether an address agrees to them. */
import { once } from "node:events";
import { isIP } from "node:net";
import { connect, type SecureVersion } from "node:tls";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { describeError, noAnswerOf, type NoAnswer, type Phase } from "../http/failure.ts";

/** What a client offers: nothing besides this protocol and these ciphers, as OpenSSL calls them. */
export type Offer = { readonly name: string; readonly protocol: SecureVersion; readonly ciphers: readonly string[] };

/** What was agreed on. */
export type Agreed = { readonly kind: "agreed"; readonly protocol: string; readonly cipher: string };

/** Where to connect, and the name to ask for (SNI). */
export type Peer = { readonly ip: string; readonly port: number; readonly label: string };

/**
 * Shakes hands once. Whom the certificate is for is not looked at: an offer is agreed to or it is not. An alert and a connection that is closed in
 * the middle are readings; a timeout, and an offer that our own TLS cannot make, are `ok: false`.
 */
export async function shakeHands(asked: {
  readonly peer: Peer;
  readonly host: string;
  readonly offer: Offer;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}): Promise<Reading<Agreed | NoAnswer>> {
  const { peer, host, offer, timeoutMs } = asked;
  const source = `${host} at ${peer.label}`;
  const what = `${offer.name} with ${source}`;
  const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(timeoutMs)]);
  let phase: Phase = "connect";
  let socket: ReturnType<typeof connect>;
  try {
    socket = connect({
      host: peer.ip,
      port: peer.port,
      rejectUnauthorized: false,
      minVersion: offer.protocol,
      maxVersion: offer.protocol,
      // Level 0: OpenSSL itself would refuse to offer what is old.
      ...(offer.protocol === "TLSv1.3" ? {} : { ciphers: `${offer.ciphers.join(":")}:@SECLEVEL=0` }),
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
  } catch (error) {
    return unread(`${what}: it cannot be offered: ${describeError(error)}`, source, new Date());
  }
  // Stays for the socket's life: a late error must not end the process.
  socket.on("error", () => undefined);
  socket.once("connect", () => (phase = "tls"));
  try {
    await once(socket, "secureConnect", { signal });
    const agreed = { protocol: socket.getProtocol() ?? "unknown", cipher: socket.getCipher().name };
    return read({ kind: "agreed", ...agreed }, source, new Date());
  } catch (error) {
    if (asked.signal.aborted) return unread(`${what}: interrupted`, source, new Date());
    if (signal.aborted) return unread(`${what}: no handshake within ${timeoutMs} ms`, source, new Date());
    const observed = noAnswerOf(error, phase);
    return observed === undefined
      ? unread(`${what}: ${describeError(error)}`, source, new Date())
      : read(observed, source, new Date());
  } finally {
    socket.destroy();
  }
}
