import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import { judgeLogsReachLoki, type FoundLine, type Writer } from "./logs.judge.ts";
import { now } from "./pod-examples.ts";

const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const why = refused.ok ? "" : refused.why;

type Asked = Reading<{ readonly nonce: string }>;
const asked = (nonce: string): Asked => read({ nonce }, "proxy", now);

function writer(name: string, requests: readonly Asked[]): Writer {
  return { name: `health-platform/${name}`, namespace: "health-platform", asked: requests };
}

const line = (nonce: string, changes: Partial<FoundLine> = {}): FoundLine => ({
  nonce,
  namespace: "health-platform",
  seconds: 4,
  ...changes,
});
const three = ["a-1", "a-2", "a-3"];
const good = writer("health-api", three.map(asked));

test.each<readonly [string, readonly FoundLine[], Outcome, RegExp]>([
  ["found", three.map((nonce) => line(nonce)), "pass", /lines of 1 services were found, the last after 4 s/],
  ["just in time", three.map((nonce) => line(nonce, { seconds: 60 })), "pass", /after 60 s/],
  [
    "late",
    [line("a-1"), line("a-2"), line("a-3", { seconds: 60.1 })],
    "fail",
    /^1 of 3 lines of health-platform\/health-api/,
  ],
  ["lost once", [line("a-1"), line("a-3")], "fail", /^1 of 3 lines/],
  ["lost", [], "fail", /^3 of 3 lines of health-platform\/health-api were not found in Loki within 60 s$/],
  ["another's", three.map((nonce) => line(nonce, { namespace: "todo-chatbot" })), "fail", /^3 of 3/],
  ["found at no time", three.map((nonce) => line(nonce, { seconds: Number.NaN })), "fail", /^3 of 3/],
])("lines that are %s", (_, lines, outcome, because) => {
  const verdict = judgeLogsReachLoki({ writers: read([good], "proxy", now), found: read(lines, "Loki", now) });
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a service that does not answer may have written nothing", () => {
  const found = read(
    [...three, "b-1", "b-3"].map((nonce) => line(nonce)),
    "Loki",
    now,
  );
  const silent = writer("etl-engine", [asked("b-1"), refused, asked("b-3")]);
  expect(judgeLogsReachLoki({ writers: read([good, silent], "proxy", now), found })).toMatchObject({
    outcome: "unproven",
    because: `health-platform/etl-engine did not answer: ${why}`,
  });
});

test("what cannot be read, and too few requests, is unproven", () => {
  const found = read(
    three.map((nonce) => line(nonce)),
    "Loki",
    now,
  );
  const few = writer("health-api", three.slice(0, 2).map(asked));
  const judge = (writers: Reading<readonly Writer[]>, lines: Reading<readonly FoundLine[]> = found) =>
    judgeLogsReachLoki({ writers, found: lines }).outcome;
  expect(judge(refused)).toBe("unproven");
  expect(judge(read([good], "proxy", now), refused)).toBe("unproven");
  expect(judge(read([], "proxy", now))).toBe("unproven");
  expect(judge(read([few], "proxy", now))).toBe("unproven");
});
