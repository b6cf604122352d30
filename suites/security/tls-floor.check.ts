/** tls-floor-held: protocols and ciphers of yesterday, offered to every address of the ingress under every name, and to servers of our own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeControlKeys, withControl } from "../../fixtures/tls-control/server.ts";
import { withSsl3Control } from "../../fixtures/tls-control/ssl3.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { resolveAll } from "../../probes/http/endpoints.ts";
import { ssl3, shakeHandsInSsl3 } from "../../probes/tls/ssl3.ts";
import { shakeHands, type Offer, type Peer } from "../../probes/tls/handshake.ts";
import { offersBelowFloor, soundOffers } from "../../probes/tls/offers.ts";
import { check } from "../check.ts";
import { judgeFloor, matrixFile, wordsOf, type Control, type Trial } from "./tls-floor.judge.ts";

const pairsAtOnce = 4;
const handshakesAtOnce = 4;

check("tls-floor-held", async ({ profile, signal, evidenceDirectory }) => {
  const timeoutMs = profile.timeouts.requestMs;
  const shakeInSsl3 = async (peer: Peer) => shakeHandsInSsl3({ peer, timeoutMs, signal });
  const shake = async (peer: Peer, host: string, offer: Offer) => shakeHands({ peer, host, offer, timeoutMs, signal });
  const [keys, { addresses, endpoints }] = await Promise.all([
    makeControlKeys(),
    resolveAll(profile.ingress.https, { timeoutMs, signal }),
  ]);
  const madeByHand = { offer: ssl3, shaken: await withSsl3Control(shakeInSsl3) };
  const controls = await fewAtATime(offersBelowFloor, handshakesAtOnce, async (offer): Promise<Control> => ({
    offer: offer.name,
    shaken: await withControl(keys, offer, async (peer) => shake(peer, "control.oke-proof.test", offer)),
  }));
  const hosts = [...new Set(profile.ingress.routes.map(({ host }) => host))];
  const pairs = endpoints.flatMap((endpoint) => hosts.map((host) => ({ endpoint, host })));
  const trials = await fewAtATime(pairs, pairsAtOnce, async ({ endpoint, host }): Promise<Trial> => {
    const sound = async () => fewAtATime(soundOffers, handshakesAtOnce, async (offer) => shake(endpoint, host, offer));
    const before = await sound();
    const speaks = before.some((shaken) => shaken.ok && shaken.value.kind === "agreed");
    // An address that does not agree to what is sound says nothing by its refusals.
    if (!speaks) return { address: endpoint.label, host, before, below: [], after: before };
    const below = await fewAtATime(offersBelowFloor, handshakesAtOnce, async (offer) => ({
      offer: offer.name,
      shaken: await shake(endpoint, host, offer),
    }));
    const oldest = { offer: ssl3, shaken: await shakeInSsl3(endpoint) };
    return { address: endpoint.label, host, before, below: [oldest, ...below], after: await sound() };
  });
  const rows = {
    controls: Object.fromEntries([madeByHand, ...controls].map(({ offer, shaken }) => [offer, wordsOf(shaken)])),
    trials: trials.map(({ address, host, before, below, after }) => ({
      address,
      host,
      before: before.map(wordsOf),
      below: Object.fromEntries(below.map(({ offer, shaken }) => [offer, wordsOf(shaken)])),
      after: after.map(wordsOf),
    })),
  };
  writeFileSync(join(evidenceDirectory, matrixFile), `${JSON.stringify(rows, null, 2)}\n`);
  const offers = [ssl3, ...offersBelowFloor.map(({ name }) => name)];
  return judgeFloor({ addresses, trials, controls: [madeByHand, ...controls] }, offers);
});
