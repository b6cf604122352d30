import { createServer } from "node:net";
import { expect, test } from "vitest";
import { makeControlKeys, withControl } from "../../fixtures/tls-control/server.ts";
import { answerTo, withSsl3Control } from "../../fixtures/tls-control/ssl3.ts";
import { closedPort, listening, resettingServer, sayingServer, silentServer } from "../../test/loopback.ts";
import type { Peer } from "./handshake.ts";
import { soundOffers } from "./offers.ts";
import { helloOfSsl3, meaningOf, shakeHandsInSsl3 } from "./ssl3.ts";

const at = (port: number): Peer => ({ ip: "127.0.0.1", port, label: `127.0.0.1:${port}` });
const shake = async (peer: Peer, timeoutMs = 5_000) =>
  shakeHandsInSsl3({ peer, timeoutMs, signal: AbortSignal.timeout(10_000) });

test("a server that takes SSL 3 agrees to it", async () => {
  const agreed = { kind: "agreed", protocol: "SSLv3", cipher: "cipher 002f" };
  expect(await withSsl3Control(shake)).toMatchObject({ ok: true, value: agreed });
});

test("a server of today refuses it, and that is observed", async () => {
  const [, tls12] = soundOffers;
  if (tls12 === undefined) throw new Error("there is no sound offer");
  const reading = await withControl(await makeControlKeys(), tls12, async (peer) => shake(peer));
  expect(reading).toMatchObject({ ok: true, value: { kind: "tls", detail: expect.stringMatching(/^alert \d+$/) } });
});

test("nobody, somebody who hangs up, somebody else and a silent server are told apart", async () => {
  expect(await shake(at(await closedPort()))).toMatchObject({ ok: true, value: { kind: "refused" } });
  const reset = await listening(resettingServer(), async (port) => shake(at(port)));
  expect(reset).toMatchObject({ ok: true, value: { kind: "reset" } });
  const closed = createServer((socket) => void socket.once("data", () => socket.end()));
  expect(await listening(closed, async (port) => shake(at(port)))).toMatchObject({ value: { kind: "reset" } });
  const web = await listening(sayingServer("HTTP/1.1 400 Bad Request\r\n\r\n"), async (port) => shake(at(port)));
  expect(web).toMatchObject({ ok: true, value: { kind: "not-http" } });
  const silent = await listening(silentServer(), async (port) => shake(at(port), 200));
  expect(silent).toMatchObject({ ok: false, why: expect.stringMatching(/no answer within 200 ms/) });
});

test("a ServerHello of TLS is no agreement to SSL 3", () => {
  const answer = answerTo(helloOfSsl3());
  answer.writeUInt16BE(0x0303, 9);
  expect(meaningOf(answer)).toMatchObject({ kind: "tls", detail: "a ServerHello of version 303" });
});
