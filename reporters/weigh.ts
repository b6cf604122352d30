/** Whether a pass may stand: a pass without facts, on too few samples, with stale facts, or about an unknown cluster is unproven. */
import type { EvidenceRule } from "../harness/criterion.ts";
import { isNonEmpty, unproven, type Fact, type Reading, type Verdict } from "../harness/verdict.ts";

/** Two machines' clocks differ; a fact further ahead than this is not believed. */
export const secondsAheadMax = 60;

export type Scales = {
  readonly rule: EvidenceRule;
  readonly identity: Reading<{ readonly uid: string }>;
  readonly clusterUid: string | null;
  readonly now: Date;
};

/** The verdict itself, or unproven with the reason why its pass cannot be believed. A fail and an unproven are never made better or worse. */
export function weigh(verdict: Verdict, scales: Scales): Verdict {
  if (verdict.outcome !== "pass") return verdict;
  const doubt = doubtOf(verdict.evidence, scales);
  return doubt === undefined ? verdict : unproven(`${doubt}; the check had said: ${verdict.because}`, verdict.evidence);
}

function doubtOf(facts: readonly Fact[], { rule, identity, clusterUid, now }: Scales): string | undefined {
  if (!identity.ok) return `the cluster's identity is not known (${identity.why})`;
  if (clusterUid === null || identity.value.uid === "") return "the cluster's identity is not known";
  if (clusterUid !== identity.value.uid)
    return `the run is about cluster ${clusterUid}, but ${identity.value.uid} answered`;
  if (!isNonEmpty(facts)) return "passed without a single fact";
  for (const fact of facts) {
    const doubt = doubtOfFact(fact, rule, now);
    if (doubt !== undefined) return doubt;
  }
  return doubtOfSamples(facts, rule.samplesMin);
}

/** One look is a sample: a rule that asks for more must find their number in the facts, and in none of them too low. */
function doubtOfSamples(facts: readonly Fact[], samplesMin: number): string | undefined {
  if (samplesMin <= 1) return undefined;
  const told = facts.filter(({ samples }) => samples !== undefined);
  if (told.length === 0) return `no evidence says on how many samples it rests, at least ${samplesMin} are needed`;
  // The comparison is written so that a count that is no number is too low.
  const few = told.find(({ samples = 0 }) => !(samples >= samplesMin));
  return few && `evidence '${few.what}' rests on ${few.samples} samples, at least ${samplesMin} are needed`;
}

function doubtOfFact(fact: Fact, rule: EvidenceRule, now: Date): string | undefined {
  if (typeof fact.value === "number" && !Number.isFinite(fact.value))
    return `evidence '${fact.what}' is ${fact.value}, which is no measurement`;
  const ageSeconds = (now.getTime() - Date.parse(fact.at)) / 1000;
  if (!Number.isFinite(ageSeconds)) return `evidence '${fact.what}' has no readable date ('${fact.at.slice(0, 40)}')`;
  if (ageSeconds > rule.ageSecondsMax) {
    return `evidence '${fact.what}' is ${Math.round(ageSeconds)} s old, at most ${rule.ageSecondsMax} s are allowed`;
  }
  return ageSeconds < -secondsAheadMax
    ? `evidence '${fact.what}' is dated ${Math.round(-ageSeconds)} s in the future`
    : undefined;
}
