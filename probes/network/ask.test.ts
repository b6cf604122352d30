import { createServer } from "node:http";
import { expect, test } from "vitest";
import { z } from "zod";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { cells } from "../../test/network-world.ts";
import { askSource } from "./ask.ts";

const asked = z.object({
  nonce: z.string(),
  timeoutMs: z.number(),
  targets: z.array(z.object({ id: z.int(), kind: z.string(), address: z.string(), port: z.int() })),
});
type Asked = z.output<typeof asked>;

const own = cells.filter(({ from }) => from.id === "x/a");

async function askedOf(answer: (question: Asked) => unknown, status = 200) {
  const questions: Asked[] = [];
  const paths: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const question = asked.parse(JSON.parse(body));
      questions.push(question);
      paths.push(`${request.method ?? ""} ${request.url ?? ""}`);
      response.writeHead(status).end(JSON.stringify(answer(question)));
    });
  });
  const proxy = "/api/v1/namespaces/n/pods/a-0:9000/proxy";
  const question = { nonce: "n-1", timeoutMs: 600, cells: own, ports: [8080, 8081], name: "a.example." };
  const told = await listening(server, async (port) =>
    withCluster(port, async (cluster) => askSource(cluster, { id: "x/a", proxy }, question)),
  );
  return { told, questions, paths };
}

const honest = ({ nonce, targets }: Asked) => ({
  pod: "x/a",
  nonce,
  instance: "first",
  answers: targets.map(({ id, kind }) => ({ id, ms: 1, outcome: kind === "udp" ? "timeout" : "open" })),
});

test("one question carries all connections and the prober's own doors", async () => {
  const { told, questions, paths } = await askedOf(honest);
  expect(paths).toEqual(["POST /api/v1/namespaces/n/pods/a-0:9000/proxy/probe"]);
  expect(questions[0]?.targets).toHaveLength(own.length + 4);
  expect(questions[0]?.targets.find(({ kind }) => kind === "dns")).toMatchObject({ address: "a.example.", port: 53 });
  expect(questions[0]?.targets.slice(-4).map(({ address }) => address)).toEqual(Array(4).fill("127.0.0.1"));
  expect(told).toMatchObject({ ok: true, value: { instance: "first" } });
  const value = told.ok ? told.value : undefined;
  expect([...(value?.own ?? [])].map(([door, { outcome }]) => `${door} ${outcome}`)).toEqual([
    "tcp 8080 open",
    "udp 8080 timeout",
    "tcp 8081 open",
    "udp 8081 timeout",
  ]);
});

test.each<[string, (question: Asked) => unknown, number, RegExp]>([
  ["another pod", (question) => ({ ...honest(question), pod: "x/b" }), 200, /prober x\/a answers as x\/b/],
  ["another question", (question) => ({ ...honest(question), nonce: "n-0" }), 200, /answers another question/],
  [
    "a part",
    (question) => ({ ...honest(question), answers: honest(question).answers.slice(2) }),
    200,
    /left 2 of 43 tries out/,
  ],
  [
    "an outcome that nobody knows",
    (question) => ({ ...honest(question), answers: [{ id: 0, ms: 1, outcome: "blocked" }] }),
    200,
    /another shape/,
  ],
  ["no right", () => ({ message: "forbidden" }), 403, /403, the harness has no right.*forbidden/],
  ["a lost pod", () => ({ message: "no endpoints" }), 503, /the server answered 503: no endpoints/],
])("%s is no answer", async (_, answer, status, why) => {
  const { told } = await askedOf(answer, status);
  expect(told.ok ? "" : told.why).toMatch(why);
});
