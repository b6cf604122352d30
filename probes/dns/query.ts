/** Asks one name server by its address, over UDP, and over TCP where the answer was cut. */
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { createConnection, isIPv6 } from "node:net";
import { encode, streamEncode, RECURSION_DESIRED, type Packet } from "dns-packet";
import type { Address } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";
import type { DnsAnswer } from "./answer.ts";
import { isTruncated, parseReply, type Question } from "./reply.ts";

/** Asks once over UDP, and once over TCP if need be. No answer in time, a foreign one or garbage is `ok: false`. */
export async function queryDns(
  server: Address,
  question: Question,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Reading<DnsAnswer>> {
  const resolver = `${server.host}:${server.port}`;
  const source = `name server ${resolver}`;
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  const id = randomInt(1, 65_535);
  const packet: Packet = { type: "query", id, flags: RECURSION_DESIRED, questions: [question] };
  const started = performance.now();
  try {
    const short = await overUdp(server, encode(packet), signal);
    const whole = isTruncated(short) ? await overTcp(server, streamEncode(packet), signal) : short;
    const elapsedMs = Math.round(performance.now() - started);
    const { outcome, answers } = parseReply(whole, id, question);
    return read({ ...question, outcome, answers, resolver, elapsedMs }, source, new Date());
  } catch (error) {
    const why = timeout.aborted ? `no answer within ${options.timeoutMs / 1000} s` : whyOf(error);
    return unread(`${source} asked for ${question.name} ${question.type}: ${why}`, source, new Date());
  }
}

async function overUdp(server: Address, message: Buffer, signal: AbortSignal): Promise<Buffer> {
  const socket = createSocket(isIPv6(server.host) ? "udp6" : "udp4");
  try {
    return await new Promise((resolve, reject) => {
      rejectOn(signal, reject);
      socket.on("error", reject);
      socket.once("message", resolve);
      // Connected: replies from elsewhere are dropped, and a closed port is told.
      socket.connect(server.port, server.host, () => socket.send(message));
    });
  } finally {
    socket.close();
  }
}

const replyBytesMax = 65_537;

async function overTcp(server: Address, message: Buffer, signal: AbortSignal): Promise<Buffer> {
  const socket = createConnection({ host: server.host, port: server.port });
  try {
    return await new Promise((resolve, reject) => {
      let received = Buffer.alloc(0);
      rejectOn(signal, reject);
      socket.on("error", reject);
      socket.once("close", () => reject(new Error("the connection was closed before the answer was complete")));
      socket.once("connect", () => socket.write(message));
      socket.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (received.length > replyBytesMax) reject(new Error("the answer is longer than DNS allows"));
        if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
          resolve(received.subarray(2, 2 + received.readUInt16BE(0)));
        }
      });
    });
  } finally {
    socket.destroy();
  }
}

function rejectOn(signal: AbortSignal, reject: (error: Error) => void): void {
  const end = (): void => reject(new Error("interrupted"));
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
}
