/** Whether an ingress agrees to a protocol or cipher below the floor. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { NoAnswer } from "../../probes/http/failure.ts";
import type { Agreed } from "../../probes/tls/handshake.ts";

type Shaken = Reading<Agreed | NoAnswer>;

/** What one address of the ingress said for one name: to sound offers before and after, and to each below the floor between them. */
export type Trial = {
  readonly address: string;
  readonly host: string;
  readonly before: readonly Shaken[];
  readonly below: readonly { readonly offer: string; readonly shaken: Shaken }[];
  readonly after: readonly Shaken[];
};

/** A server of our own that agrees to this offer and no other. */
export type Control = { readonly offer: string; readonly shaken: Shaken };

/** What was said, address by address, below the evidence folder. */
export const matrixFile = "tls-floor-held.json";

/**
 * Fails for each offer below the floor that is agreed to. A refusal (an alert, or a connection closed in the middle of the handshake) counts where
 * the same address agrees to a sound offer for the same name before and after it, and where a server of our own that takes this offer agrees to it:
 * then it is the ingress that refuses, and not our own TLS that cannot.
 * @param readings.addresses the addresses of the profile, as far as they are known
 * @param offers names of all offers below the floor
 */
export function judgeFloor(
  readings: {
    readonly addresses: readonly Reading<unknown>[];
    readonly trials: readonly Trial[];
    readonly controls: readonly Control[];
  },
  offers: readonly string[],
): Verdict {
  const { addresses, trials, controls } = readings;
  const asked = trials.reduce((sum, { below }) => sum + below.length, 0);
  return conclude({
    faults: offers.flatMap((offer) => faultOf(offer, trials)),
    gaps: [
      ...new Set([
        ...addresses.flatMap((address) => (address.ok ? [] : [address.why])),
        ...offers.flatMap((offer) => controlGap(offer, controls)),
        ...(trials.length === 0 ? ["no address of the ingress was asked"] : []),
        ...trials.flatMap((trial) => [...soundGap(trial), ...offers.flatMap((offer) => trialGap(offer, trial))]),
      ]),
    ],
    facts: trials.flatMap((trial) => factsOf(trial)).toSorted((one, other) => Number(other.value) - Number(one.value)),
    held: `${asked} handshakes below the floor were refused at ${trials.length} pairs of address and host, each of ${offers.length} offers agreed to by a server of our own`,
  });
}

/** One sentence an offer, wherever it was agreed to. */
function faultOf(offer: string, trials: readonly Trial[]): string[] {
  const found = trials.flatMap(({ address, host, below }) =>
    below.flatMap((one) => {
      const agreed = one.offer === offer ? agreedOf(one.shaken) : undefined;
      return agreed === undefined ? [] : [`${offer} was agreed to (${agreed.cipher}) for ${host} at ${address}`];
    }),
  );
  const [first] = found;
  if (first === undefined) return [];
  return [found.length === 1 ? first : `${first} and at ${found.length - 1} more`];
}

function agreedOf(shaken: Shaken): Agreed | undefined {
  return shaken.ok && shaken.value.kind === "agreed" ? shaken.value : undefined;
}

function controlGap(offer: string, controls: readonly Control[]): string[] {
  const control = controls.find((one) => one.offer === offer);
  if (control === undefined) return [`${offer} was not tried on a server of our own`];
  if (agreedOf(control.shaken) !== undefined) return [];
  return [`${offer} was not agreed to by a server of our own: ${wordsOf(control.shaken)}`];
}

function soundGap({ address, host, before, after }: Trial): string[] {
  const lacks = (shaken: readonly Shaken[]): boolean => shaken.every((one) => agreedOf(one) === undefined);
  const [first] = [...before, ...after].filter((one) => agreedOf(one) === undefined);
  if (!lacks(before) && !lacks(after)) return [];
  const said = first === undefined ? "it was not asked" : wordsOf(first);
  return [`${host} at ${address} did not agree to a sound offer: ${said}`];
}

function trialGap(offer: string, { address, host, below }: Trial): string[] {
  const found = below.find((one) => one.offer === offer);
  if (found === undefined) return [`${offer} was not offered to ${host} at ${address}`];
  const { shaken } = found;
  if (!shaken.ok) return [shaken.why];
  const { value } = shaken;
  const refused = value.kind === "agreed" || value.kind === "tls" || value.kind === "reset";
  return refused ? [] : [`${offer} was not refused by TLS for ${host} at ${address}: ${wordsOf(shaken)}`];
}

/** In words, without the time. */
export function wordsOf(shaken: Shaken): string {
  if (!shaken.ok) return shaken.why;
  const { value } = shaken;
  return value.kind === "agreed" ? `agreed to ${value.cipher} in ${value.protocol}` : `${value.kind} (${value.detail})`;
}

function factsOf({ address, host, below }: Trial): Fact[] {
  const [first] = below;
  if (first === undefined) return [];
  const { at } = first.shaken;
  const value = below.filter(({ shaken }) => agreedOf(shaken) !== undefined).length;
  const what = `handshakes below the floor agreed to for ${host} at ${address}`;
  return [
    {
      what,
      value,
      unit: "handshakes",
      limit: "0",
      source: `${host} at ${address}`,
      at,
      samples: below.length,
      file: matrixFile,
    },
  ];
}
