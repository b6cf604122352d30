/** What stands in a name server's reply. */
import { decode, type Answer, type DecodedPacket } from "dns-packet";
import type { DnsRecord } from "../../environments/profile.ts";
import { canonical } from "./canonical.ts";

export type Question = Pick<DnsRecord, "name" | "type">;

/** Whether the server cut its reply: it must be asked again over TCP. Read from the head alone, since the rest may be in pieces. */
export function isTruncated(bytes: Buffer): boolean {
  return bytes.length >= 12 && (bytes.readUInt8(2) & 0x02) !== 0;
}

/**
 * Reads a reply to a question. Only records of the name that was asked for, and of the names that its CNAMEs lead to, are answers to it.
 * @returns the outcome ("NODATA" for a NOERROR without a fitting record), and the answers, canonical, sorted, each once
 * @throws Error where the bytes are no DNS message, are cut, or answer another question
 */
export function parseReply(
  bytes: Buffer,
  id: number,
  question: Question,
): { readonly outcome: string; readonly answers: readonly string[] } {
  const reply: DecodedPacket & { rcode?: string } = decode(bytes);
  const [asked] = reply.questions ?? [];
  if (reply.type !== "response" || reply.id !== id) throw new Error("the reply belongs to another question");
  if (asked === undefined || canonical(asked.name) !== canonical(question.name) || asked.type !== question.type) {
    throw new Error("the reply repeats another question");
  }
  if (isTruncated(bytes)) throw new Error("the reply is cut");
  const rcode = reply.rcode ?? "without a code";
  if (rcode !== "NOERROR") return { outcome: rcode, answers: [] };
  const answers = answersTo(question, reply.answers ?? []);
  return { outcome: answers.length === 0 ? "NODATA" : rcode, answers };
}

function answersTo({ name, type }: Question, records: readonly Answer[]): string[] {
  const owners = namesLedTo(canonical(name), type === "CNAME" ? [] : records);
  const found = records.flatMap((record) =>
    record.type === type && owners.has(canonical(record.name)) && "data" in record && typeof record.data === "string"
      ? [canonical(record.data)]
      : [],
  );
  return [...new Set(found)].toSorted();
}

/** The name and every name that its CNAMEs lead to, in whatever order they stand and however they loop. */
function namesLedTo(name: string, records: readonly Answer[]): ReadonlySet<string> {
  const names = new Set([name]);
  for (const owner of names) {
    for (const record of records) {
      // A set that grows while it is walked through: each new name is visited once.
      if (record.type === "CNAME" && canonical(record.name) === owner) names.add(canonical(record.data));
    }
  }
  return names;
}
