import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { decode, encode, streamEncode, type Answer, type Packet } from "dns-packet";
import { expect, test } from "vitest";
import { closedPort, listening } from "../../test/loopback.ts";
import { queryDns } from "./query.ts";

const question = { name: "health.oke-proof.test", type: "A" } as const;
const a = (data: string, name: string = question.name): Answer => ({ type: "A", name, ttl: 60, data });
const truncated = 0x0200;

/** What a name server of a test says: a packet to complete, bytes as they are, or nothing. */
type Reply = Omit<Packet, "questions"> | Buffer | undefined;

function complete(asked: Packet, reply: Packet): Packet {
  return {
    type: "response",
    ...(asked.id === undefined ? {} : { id: asked.id }),
    ...(asked.questions === undefined ? {} : { questions: asked.questions }),
    ...reply,
  };
}

/** A name server over UDP on loopback, on a given port or a free one. */
async function serving<T>(reply: (asked: Packet) => Reply, work: (port: number) => Promise<T>, port = 0): Promise<T> {
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    const asked = decode(message);
    const said = reply(asked);
    if (said === undefined) return;
    socket.send(Buffer.isBuffer(said) ? said : encode(complete(asked, said)), from.port, from.address);
  });
  socket.bind(port, "127.0.0.1");
  await once(socket, "listening");
  try {
    return await work(socket.address().port);
  } finally {
    socket.close();
  }
}

const ask = async (port: number, timeoutMs = 2_000, signal = new AbortController().signal) =>
  queryDns({ host: "127.0.0.1", port }, question, { timeoutMs, signal });

test("the answers, sorted and each once, with the name server as source", async () => {
  const reading = await serving(() => ({ answers: [a("10.0.0.2"), a("10.0.0.1"), a("10.0.0.2")] }), ask);
  expect(reading).toMatchObject({
    ok: true,
    source: expect.stringMatching(/^name server 127\.0\.0\.1:\d+$/),
    value: { outcome: "NOERROR", answers: ["10.0.0.1", "10.0.0.2"], elapsedMs: expect.any(Number) },
  });
});

test("it asks one question, with recursion, under a number of its own", async () => {
  const seen: Packet[] = [];
  const reply = (asked: Packet): Reply => {
    seen.push(asked);
    return { answers: [a("10.0.0.1")] };
  };
  for (let asked = 0; asked < 8; asked += 1) await serving(reply, ask);
  expect(seen[0]).toMatchObject({ type: "query", flag_rd: true, questions: [{ ...question, class: "IN" }] });
  expect(new Set(seen.map(({ id }) => id)).size).toBeGreaterThan(1);
});

test.each<[string, number, readonly Answer[], string]>([
  ["no such name", 3, [], "NXDOMAIN"],
  ["a failing server", 2, [], "SERVFAIL"],
  ["a refusing server", 5, [], "REFUSED"],
  ["a name without such a record", 0, [], "NODATA"],
  ["a record of another name only", 0, [a("10.0.0.1", "other.test")], "NODATA"],
])("%s is an outcome: %i", async (_, flags, answers, outcome) => {
  const reading = await serving(() => ({ flags, answers: [...answers] }), ask);
  expect(reading).toMatchObject({ ok: true, value: { outcome, answers: [] } });
});

test.each<[string, (asked: Packet) => Reply, RegExp]>([
  ["garbage", () => Buffer.from("not a DNS message at all"), /asked for health\.oke-proof\.test A/],
  ["a reply to another number", ({ id = 0 }) => ({ id: (id + 1) % 65_536 }), /belongs to another question/],
  ["a question in place of a reply", () => ({ type: "query" }), /belongs to another question/],
])("%s is no reading", async (_, reply, why) => {
  expect(await serving(reply, ask)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("a reply that repeats another question is no reading", async () => {
  const reply = ({ id = 0 }: Packet): Reply =>
    encode({
      type: "response",
      id,
      questions: [{ name: "other.test", type: "A" }],
      answers: [a("10.0.0.1", "other.test")],
    });
  expect(await serving(reply, ask)).toMatchObject({
    ok: false,
    why: expect.stringContaining("repeats another question"),
  });
});

test("a silent name server, a closed port and an interruption are no readings, within their time", async () => {
  const started = performance.now();
  expect(
    await serving(
      () => undefined,
      async (port) => ask(port, 300),
    ),
  ).toMatchObject({
    ok: false,
    why: expect.stringContaining("no answer within 0.3 s"),
  });
  expect(
    await serving(
      () => undefined,
      async (port) => ask(port, 2_000, AbortSignal.timeout(50)),
    ),
  ).toMatchObject({ ok: false });
  expect(await ask(await closedPort(), 300)).toMatchObject({ ok: false });
  expect(performance.now() - started).toBeLessThan(2_000);
});

/** A name server over TCP that answers in two pieces. */
function tcpServer(reply: (asked: Packet) => Buffer): Server {
  return createServer((socket) => {
    socket.once("data", (message: Buffer) => {
      const said = reply(decode(message.subarray(2)));
      socket.write(said.subarray(0, 5));
      setImmediate(() => socket.end(said.subarray(5)));
    });
  });
}

test("a cut answer is asked again over TCP, and that one counts", async () => {
  const many = Array.from({ length: 100 }, (_, index) => a(`10.0.1.${index}`));
  const server = tcpServer((asked) => streamEncode(complete(asked, { answers: many })));
  const reading = await listening(server, async (port) =>
    serving(() => ({ flags: truncated, answers: [a("10.0.1.0")] }), ask, port),
  );
  expect(reading.ok && reading.value.answers.length).toBe(100);
});

test.each<[string, (asked: Packet) => Buffer]>([
  ["breaks off", (asked) => streamEncode(complete(asked, { answers: [a("10.0.0.1")] })).subarray(0, 30)],
  ["is cut again", (asked) => streamEncode(complete(asked, { flags: truncated, answers: [a("10.0.0.1")] }))],
  ["is garbage", () => Buffer.from([0, 4, 1, 2, 3, 4])],
])("an answer over TCP that %s is no reading", async (_, reply) => {
  const reading = await listening(tcpServer(reply), async (port) => serving(() => ({ flags: truncated }), ask, port));
  expect(reading).toMatchObject({ ok: false });
});
