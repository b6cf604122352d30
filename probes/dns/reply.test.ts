import { encode, type Answer, type Packet } from "dns-packet";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "./canonical.ts";
import { isTruncated, parseReply, type Question } from "./reply.ts";

const question: Question = { name: "a.test", type: "A" };

function reply(answers: readonly Answer[], asked: Question = question): Buffer {
  const packet: Packet = { type: "response", id: 7, questions: [asked], answers: [...answers] };
  return encode(packet);
}

const cname = (name: string, data: string): Answer => ({ type: "CNAME", name, ttl: 1, data });
const a = (name: string, data: string): Answer => ({ type: "A", name, ttl: 1, data });

test.each<[string, readonly Answer[], readonly string[]]>([
  ["the name itself", [a("A.test", "10.0.0.1")], ["10.0.0.1"]],
  ["a chain", [cname("a.test", "b.test"), cname("b.test", "C.test"), a("c.test", "10.0.0.1")], ["10.0.0.1"]],
  [
    "a chain out of order",
    [a("c.test", "10.0.0.1"), cname("b.test", "c.test"), cname("a.test", "b.test")],
    ["10.0.0.1"],
  ],
  ["a chain that loops", [cname("a.test", "b.test"), cname("b.test", "a.test"), a("b.test", "10.0.0.1")], ["10.0.0.1"]],
  ["a stranger beside the name", [a("a.test", "10.0.0.1"), a("b.test", "10.0.0.2")], ["10.0.0.1"]],
])("A records are followed through CNAMEs: %s", (_, answers, expected) => {
  expect(parseReply(reply(answers), 7, question)).toEqual({ outcome: "NOERROR", answers: expected });
});

test("a CNAME is asked for by itself, and not followed", () => {
  const asked: Question = { name: "a.test", type: "CNAME" };
  const answers = [cname("a.test", "B.test"), cname("b.test", "c.test")];
  expect(parseReply(reply(answers, asked), 7, asked)).toEqual({ outcome: "NOERROR", answers: ["b.test"] });
});

test("IPv6 addresses come out in their one spelling", () => {
  const asked: Question = { name: "a.test", type: "AAAA" };
  const answers: Answer[] = [{ type: "AAAA", name: "a.test", ttl: 1, data: "2001:DB8:0:0:0:0:0:1" }];
  expect(parseReply(reply(answers, asked), 7, asked).answers).toEqual(["2001:db8::1"]);
  expect(canonical("2001:0db8::0001")).toBe("2001:db8::1");
  expect(canonical("Health.Example.")).toBe("health.example");
});

test("whatever bytes come, they are refused by an Error or read as something sane", () => {
  const whole = reply([cname("a.test", "b.test"), a("b.test", "10.0.0.1")]);
  const bent = fc
    .array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 })
    .map((changes) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
  const cut = fc.nat({ max: whole.length - 1 }).map((length) => whole.subarray(0, length));
  const noise = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(bent, cut, noise), (bytes) => {
      expect(typeof isTruncated(bytes)).toBe("boolean");
      const parsed = parsedOrRefused(bytes);
      expect(parsed instanceof Error || (parsed.outcome === "NOERROR") === parsed.answers.length > 0).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

function parsedOrRefused(bytes: Buffer): ReturnType<typeof parseReply> | Error {
  try {
    return parseReply(bytes, 7, question);
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error("what was thrown is no Error", { cause: error });
  }
}
