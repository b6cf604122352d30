/** Asks one name server by its address, over UDP, and over TCP where the answer was cut. */
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { createConnection, isIPv6 } from "node:net";
import { decode, encode, streamEncode, RECURSION_DESIRED, type DecodedPacket, type Packet } from "dns-packet";
import type { Address, DnsRecord } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";
import { canonical } from "./canonical.ts";
import type { DnsAnswer } from "./answer.ts";

export type Question = Pick<DnsRecord, "name" | "type">;

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
    const short = parseReply(await overUdp(server, encode(packet), signal), id, question);
    const reply = short.truncated
      ? parseReply(await overTcp(server, streamEncode(packet), signal), id, question)
      : short;
    const elapsedMs = Math.round(performance.now() - started);
    const { outcome, answers } = reply;
    return read({ ...question, outcome, answers, resolver, elapsedMs }, source, new Date());
  } catch (error) {
    const why = timeout.aborted ? `no answer within ${options.timeoutMs / 1000} s` : whyOf(error);
    return unread(`${source} asked for ${question.name} ${question.type}: ${why}`, source, new Date());
  }
}

/**
 * Reads a reply to a question.
 * @throws Error where the bytes are no DNS message, or answer another question
 */
export function parseReply(
  bytes: Buffer,
  id: number,
  question: Question,
): { readonly truncated: boolean; readonly outcome: string; readonly answers: readonly string[] } {
  const reply: DecodedPacket & { rcode?: string } = decode(bytes);
  const [asked] = reply.questions ?? [];
  if (reply.type !== "response" || reply.id !== id) throw new Error("the reply belongs to another question");
  if (asked === undefined || canonical(asked.name) !== canonical(question.name) || asked.type !== question.type) {
    throw new Error("the reply repeats another question");
  }
  const answers = (reply.answers ?? []).flatMap((answer) =>
    answer.type === question.type && "data" in answer && typeof answer.data === "string"
      ? [canonical(answer.data)]
      : [],
  );
  const rcode = reply.rcode ?? "without a code";
  const outcome = rcode === "NOERROR" && answers.length === 0 ? "NODATA" : rcode;
  return { truncated: reply.flag_tc, outcome, answers: outcome === "NOERROR" ? answers.toSorted() : [] };
}

async function overUdp(server: Address, message: Buffer, signal: AbortSignal): Promise<Buffer> {
  const socket = createSocket(isIPv6(server.host) ? "udp6" : "udp4");
  try {
    return await new Promise((resolve, reject) => {
      rejectOn(signal, reject);
      socket.once("error", reject);
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
      socket.once("error", reject);
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
