import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Invoked } from "../../probes/dapr-prober/sidecar.ts";
import { judgeCalls, type Call } from "./dapr-invocation.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const refused = unread<never>("POST /x: 403, the harness has no right to read this", "the prober", now);
const wanted = { apps: ["todo-backend"], namespace: "todo-chatbot", samplesMin: 2 };
const names = "URI:spiffe://public/ns/todo-chatbot/todo-backend";
const shut = { spoke: false, how: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" };
const whole: Invoked = {
  at: now.toISOString(),
  app: "todo-backend",
  invoked: { status: 200, body: "", backend: "todo-backend" },
  peer: { names, withoutCertificate: shut, inClearText: { spoke: false, how: "closed" } },
};

function call(changes: Partial<Invoked> = {}, peer: Partial<Invoked["peer"]> = {}): Call {
  const value = { ...whole, ...changes, peer: { ...whole.peer, ...peer } };
  return { app: "todo-backend", invoked: read(value, "the sidecar", now) };
}

const answered = (status: number, backend: string): Partial<Invoked> => ({ invoked: { status, body: "", backend } });
const open = { spoke: true, how: "9 bytes came" };

test.each<readonly [string, Call, Outcome, RegExp]>([
  ["answered", call(), "pass", /^all 2 calls reached the application/],
  ["failing", call(answered(500, "")), "fail", /^a call to todo-backend failed with 500$/],
  ["failing, and nobody at the port", call(answered(500, ""), { names: "" }), "fail", /^a call to todo-backend failed/],
  ["answered by another", call(answered(200, "other")), "fail", /answered by 'other'/],
  ["answered by nobody", call(answered(200, "")), "fail", /answered by ''/],
  ["open to anybody", call({}, { withoutCertificate: open }), "fail", /without a certificate/],
  ["in clear text", call({}, { inClearText: open }), "fail", /speaks in clear text/],
  [
    "to somebody silent",
    call({}, { withoutCertificate: { spoke: false, how: "no word within 3000 ms" } }),
    "unproven",
    /lets anybody in cannot be told: no word within 3000 ms$/,
  ],
  [
    "to nobody in clear text",
    call({}, { inClearText: { spoke: false, how: "ECONNREFUSED" } }),
    "unproven",
    /lets anybody in cannot be told: ECONNREFUSED$/,
  ],
  ["of another", call({}, { names: `${names}2` }), "fail", /showed the certificate of .*todo-backend2/],
  ["with further names", call({}, { names: `DNS:x, ${names}` }), "pass", /all 2/],
  ["without a certificate", call({}, { names: "" }), "unproven", /showed no certificate/],
  ["not made", { app: "todo-backend", invoked: refused }, "unproven", /calling todo-backend: POST \/x: 403/],
])("a call: %s", (_, second, outcome, because) => {
  expect(judgeCalls([call(), second], wanted)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("too few calls, an application that nobody called, and none to call are unproven", () => {
  expect(judgeCalls([call()], wanted).because).toMatch(/called 1 times, fewer than 2/);
  expect(judgeCalls([call(), call()], { ...wanted, apps: ["todo-backend", "other"] }).because).toMatch(
    /other was called 0/,
  );
  expect(judgeCalls([], { ...wanted, apps: [] }).outcome).toBe("unproven");
});
