/** Sealed secrets: what was sealed for the cluster opens in it, and what was tampered with does not. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { SealedOutcome, SealedRound } from "../../probes/sealed-secrets/round.ts";

type Finding = { readonly fault?: string; readonly gap?: string };

/**
 * The sound one has become a secret with its own content; the altered and the moved one have become none, and the controller has said
 * that it refuses them. Its silence is no refusal, and one that the controller refuses proves something only while the sound one opens.
 * @param word what was sealed
 */
export function judgeSealedSecrets(round: Reading<SealedRound>, word: string): Verdict {
  if (!round.ok) return unproven(round.why);
  const { sound, altered, moved, waitedMs } = round.value;
  const waited = `${(waitedMs / 1000).toFixed(1)} s`;
  const found = [
    openedOf(sound, word, waited),
    refusedOf(altered, "although one bit of it had been turned", waited),
    refusedOf(moved, "although it had been sealed for another name", waited),
  ];
  const { source, at } = round;
  const faults = found.flatMap(({ fault }) => fault ?? []);
  const facts: Fact[] = [
    {
      what: "sealed secrets not unsealed, and tampered ones that were",
      value: faults.length,
      unit: "secrets",
      limit: "0 of 3",
      source,
      at,
    },
    ...[sound, altered, moved].map((outcome) => ({ what: outcome.name, value: saidOf(outcome), source, at })),
    { what: "time until the controller had spoken of all", value: waitedMs, unit: "ms", source, at },
  ];
  return conclude({
    faults,
    gaps: found.flatMap(({ gap }) => gap ?? []),
    facts,
    held: `a sealed secret was unsealed within ${waited}; one with a bit turned and one sealed for another name were refused`,
  });
}

function openedOf(outcome: SealedOutcome, word: string, waited: string): Finding {
  const { name, synced, content, message = "the controller says no reason" } = outcome;
  if (content === word) return {};
  if (content !== undefined) return { fault: `sealed secret ${name} became a secret with another content` };
  if (synced === "True") return { fault: `sealed secret ${name} is said to be unsealed, but there is no such secret` };
  if (synced === undefined) return { fault: `sealed secret ${name} was not unsealed: nothing happened in ${waited}` };
  return { fault: `sealed secret ${name} was not unsealed: ${message}` };
}

function refusedOf(outcome: SealedOutcome, although: string, waited: string): Finding {
  const { name, synced, content } = outcome;
  if (content !== undefined) return { fault: `sealed secret ${name} was unsealed, ${although}` };
  if (synced === "True") return { fault: `sealed secret ${name} is said to be unsealed, ${although}` };
  if (synced === "False") return {};
  return { gap: `of sealed secret ${name} the controller said nothing in ${waited}: that is not a refusal` };
}

function saidOf({ synced, message = "", content }: SealedOutcome): string {
  const secret = content === undefined ? "no secret" : "a secret";
  return `${secret}, Synced ${synced ?? "not said"}${message === "" ? "" : `: ${message}`}`;
}
