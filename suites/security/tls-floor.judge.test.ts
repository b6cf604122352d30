import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { NoAnswer } from "../../probes/http/failure.ts";
import type { Agreed } from "../../probes/tls/handshake.ts";
import { judgeFloor, type Control, type Trial } from "./tls-floor.judge.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const said = (value: Agreed | NoAnswer) => read(value, "a.test at 127.0.0.1:443", at);
const agreed = (cipher: string, protocol = "TLSv1.2") => said({ kind: "agreed", protocol, cipher });
const alert = said({ kind: "tls", detail: "alert protocol version" });
const lost = unread<never>("TLS 1.0 with a.test: no handshake within 5000 ms", "a.test", at);

const offers = ["TLS 1.0", "AES128-SHA"];
const sound = [agreed("TLS_AES_128_GCM_SHA256", "TLSv1.3"), agreed("ECDHE-ECDSA-AES128-GCM-SHA256")];
const good: Trial = {
  address: "127.0.0.1:443",
  host: "a.test",
  before: sound,
  below: offers.map((offer) => ({ offer, shaken: alert })),
  after: sound,
};
const controls: readonly Control[] = offers.map((offer) => ({ offer, shaken: agreed("AES128-SHA", "TLSv1") }));
const judge = (trials: readonly Trial[], own: readonly Control[] = controls) =>
  judgeFloor({ addresses: [read([], "a", at)], trials, controls: own }, offers);
const first = (shaken: Trial["below"][number]["shaken"]): Trial => ({
  ...good,
  below: good.below.with(0, { offer: "TLS 1.0", shaken }),
});

test("refusals beside sound handshakes and agreeing controls pass", () => {
  const verdict = judge([good, { ...good, address: "127.0.0.1:444" }]);
  expect(verdict).toMatchObject({ outcome: "pass", because: expect.stringMatching(/^4 handshakes .* at 2 pairs/) });
  expect(verdict.evidence[0]).toMatchObject({ value: 0, unit: "handshakes", limit: "0", samples: 2 });
});

test("one sound offer is enough, and a connection closed in the handshake is a refusal", () => {
  expect(judge([{ ...good, before: [alert, sound[1] ?? alert], after: [alert, sound[1] ?? alert] }]).outcome).toBe(
    "pass",
  );
  expect(judge([first(said({ kind: "reset", detail: "ECONNRESET" }))]).outcome).toBe("pass");
});

test("an offer that is agreed to fails, at however many addresses in one sentence", () => {
  const open = first(agreed("ECDHE-ECDSA-AES128-SHA", "TLSv1"));
  const verdict = judge([good, open]);
  expect(verdict).toMatchObject({
    outcome: "fail",
    because: "TLS 1.0 was agreed to (ECDHE-ECDSA-AES128-SHA) for a.test at 127.0.0.1:443",
  });
  expect(verdict.evidence[0]).toMatchObject({ value: 1 });
  expect(judge([open, open, good]).because).toMatch(/at 127\.0\.0\.1:443 and at 1 more$/);
});

test.each<readonly [string, ReturnType<typeof judge>, RegExp]>([
  ["no handshake in time", judge([first(lost)]), /no handshake within 5000 ms/],
  ["no listener", judge([first(said({ kind: "refused", detail: "ECONNREFUSED" }))]), /not refused by TLS for a\.test/],
  ["no sound handshake before", judge([{ ...good, before: [alert, alert] }]), /did not agree to a sound offer: tls/],
  ["no sound handshake after", judge([{ ...good, after: [lost, alert] }]), /did not agree to a sound offer/],
  [
    "an offer that was not made",
    judge([{ ...good, below: good.below.slice(1) }]),
    /TLS 1\.0 was not offered to a\.test/,
  ],
  [
    "a control that refused",
    judge([good], controls.with(0, { offer: "TLS 1.0", shaken: alert })),
    /TLS 1\.0 was not agreed to by a server of our own: tls/,
  ],
  ["no control", judge([good], controls.slice(1)), /TLS 1\.0 was not tried on a server of our own/],
  ["no address", judge([]), /no address of the ingress was asked/],
  [
    "an address that is not known",
    judgeFloor({ addresses: [unread("a.test does not resolve", "a", at)], trials: [good], controls }, offers),
    /a\.test does not resolve/,
  ],
])("%s is unproven", (_, verdict, because) => {
  expect(verdict).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});
