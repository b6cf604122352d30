import { createServer } from "node:net";
import { expect, test } from "vitest";
import { makeControlKeys, withControl } from "../../fixtures/tls-control/server.ts";
import { closedPort, listening, resettingServer, silentServer } from "../../test/loopback.ts";
import { shakeHands, type Offer, type Peer } from "./handshake.ts";
import { offersBelowFloor, soundOffers } from "./offers.ts";

const keys = await makeControlKeys();
const host = "a.test";
const shake = async (peer: Peer, offer: Offer, timeoutMs = 5_000) =>
  shakeHands({ peer, host, offer, timeoutMs, signal: AbortSignal.timeout(10_000) });
const at = (port: number): Peer => ({ ip: "127.0.0.1", port, label: `127.0.0.1:${port}` });
const [tls13, tls12] = soundOffers;
if (tls13 === undefined || tls12 === undefined) throw new Error("there are no sound offers");

test.each([...soundOffers, ...offersBelowFloor])(
  "$name is agreed to by a server that takes nothing else",
  async (offer) => {
    const { value } = await withControl(keys, offer, async (peer) => {
      const reading = await shake(peer, offer);
      if (!reading.ok) throw new Error(reading.why);
      return reading;
    });
    expect(value).toMatchObject({ kind: "agreed", protocol: offer.protocol });
    const known = offer.ciphers.length === 0 ? ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"] : offer.ciphers;
    expect(value).toMatchObject({ cipher: expect.toBeOneOf([...known]) });
  },
);

test.each(offersBelowFloor)("$name is refused by a server of today, and that is observed", async (offer) => {
  const reading = await withControl(keys, tls12, async (peer) => shake(peer, offer));
  expect(reading).toMatchObject({ ok: true, value: { kind: "tls" } });
});

test("an old protocol is not another one: a server of TLS 1.1 refuses TLS 1.0", async () => {
  const [old, newer] = offersBelowFloor;
  if (old === undefined || newer === undefined) throw new Error("there are no old protocols");
  const reading = await withControl(keys, newer, async (peer) => shake(peer, old));
  expect(reading).toMatchObject({ ok: true, value: { kind: "tls" } });
});

test("nobody, somebody who hangs up, and somebody else are told apart from a server that is silent", async () => {
  expect(await shake(at(await closedPort()), tls12)).toMatchObject({ ok: true, value: { kind: "refused" } });
  const reset = await listening(resettingServer(), async (port) => shake(at(port), tls12));
  expect(reset).toMatchObject({ ok: true, value: { kind: "reset" } });
  const silent = await listening(silentServer(), async (port) => shake(at(port), tls12, 200));
  expect(silent).toMatchObject({ ok: false, why: expect.stringMatching(/no handshake within 200 ms/) });
  const plain = createServer((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  expect(await listening(plain, async (port) => shake(at(port), tls12))).toMatchObject({
    ok: true,
    value: { kind: "tls" },
  });
});

test("what our own TLS cannot offer is no refusal", async () => {
  const offer = { name: "nonsense", protocol: "TLSv1.2", ciphers: ["NO-SUCH-CIPHER"] } as const;
  expect(await shake(at(1), offer)).toMatchObject({ ok: false, why: expect.stringMatching(/cannot be offered/) });
});
