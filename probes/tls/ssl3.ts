/** The first message of SSL 3, written by hand: no TLS of today can speak it, and an ingress must not answer it. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { describeError, noAnswerOf, type NoAnswer, type Phase } from "../http/failure.ts";
import type { Agreed, Peer } from "./handshake.ts";

export const ssl3 = "SSL 3";

/** By their numbers in RFC 6101 and RFC 3268: AES and 3DES with SHA, RC4 with SHA and MD5. */
const ciphers = [0x002f, 0x0035, 0x000a, 0x0005, 0x0004] as const;
const recordBytesMax = 16 * 1024;

/** A ClientHello of SSL 3 (RFC 6101, 5.6.1.2) in its record: no extensions, no compression. */
export function helloOfSsl3(): Buffer {
  const list = Buffer.alloc(2 + ciphers.length * 2);
  list.writeUInt16BE(ciphers.length * 2);
  ciphers.forEach((cipher, at) => list.writeUInt16BE(cipher, 2 + at * 2));
  // Version, random, an empty session id, the ciphers, and one method of compression: none.
  const body = Buffer.concat([Buffer.from([3, 0]), randomBytes(32), Buffer.from([0]), list, Buffer.from([1, 0])]);
  const message = Buffer.concat([Buffer.from([1, 0]), lengthOf(body), body]);
  return Buffer.concat([Buffer.from([0x16, 3, 0]), lengthOf(message), message]);
}

/**
 * Sends it once. A ServerHello of SSL 3 is an agreement; an alert, a ServerHello of another version and a closed connection are observed as well; a
 * timeout is `ok: false`.
 */
export async function shakeHandsInSsl3(asked: {
  readonly peer: Peer;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}): Promise<Reading<Agreed | NoAnswer>> {
  const { peer, timeoutMs } = asked;
  const source = peer.label;
  const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(timeoutMs)]);
  let phase: Phase = "connect";
  const socket = connect({ host: peer.ip, port: peer.port });
  socket.on("error", () => undefined);
  socket.once("connect", () => (phase = "tls"));
  try {
    await once(socket, "connect", { signal });
    socket.write(helloOfSsl3());
    return read(meaningOf(await firstBytes(socket, signal)), source, new Date());
  } catch (error) {
    if (asked.signal.aborted) return unread(`${ssl3} with ${source}: interrupted`, source, new Date());
    if (signal.aborted) return unread(`${ssl3} with ${source}: no answer within ${timeoutMs} ms`, source, new Date());
    const observed = noAnswerOf(error, phase);
    return observed === undefined
      ? unread(`${ssl3} with ${source}: ${describeError(error)}`, source, new Date())
      : read(observed, source, new Date());
  } finally {
    socket.destroy();
  }
}

/** As many as tell what it is; fewer where the connection ends before. */
async function firstBytes(socket: Socket, signal: AbortSignal): Promise<Buffer> {
  let seen = Buffer.alloc(0);
  const end = (): void => void socket.destroy(new Error("no answer in time"));
  signal.addEventListener("abort", end, { once: true });
  try {
    for await (const part of socket) {
      seen = Buffer.concat([seen, Buffer.from(part)]);
      const record = seen.length < 5 ? Number.POSITIVE_INFINITY : Math.min(seen.readUInt16BE(3), recordBytesMax);
      if (seen.length >= 5 + record) break;
    }
  } finally {
    signal.removeEventListener("abort", end);
  }
  return seen;
}

/** What the first record of an answer says. */
export function meaningOf(bytes: Buffer): Agreed | NoAnswer {
  if (bytes.length === 0) return { kind: "reset", detail: "closed without an answer" };
  const [type] = bytes;
  if (type === 0x15 && bytes.length >= 7) return { kind: "tls", detail: `alert ${bytes.readUInt8(6)}` };
  // Record header, message type 2 (ServerHello), its length, its version, random, session id, cipher.
  const isHello = type === 0x16 && bytes.length > 44 && bytes.readUInt8(5) === 2;
  if (!isHello) return { kind: "not-http", detail: `the answer begins with ${bytes.subarray(0, 8).toString("hex")}` };
  const version = bytes.readUInt16BE(9);
  if (version !== 0x0300) return { kind: "tls", detail: `a ServerHello of version ${version.toString(16)}` };
  const at = 44 + bytes.readUInt8(43);
  const cipher = bytes.length < at + 2 ? "unknown" : bytes.readUInt16BE(at).toString(16).padStart(4, "0");
  return { kind: "agreed", protocol: "SSLv3", cipher: `cipher ${cipher}` };
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return length;
}
