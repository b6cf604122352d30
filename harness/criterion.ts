/** What a success criterion is. The catalogue in criteria/ is a list of these and nothing else. */
import type { NonEmpty } from "./verdict.ts";

export type Suite = "infra" | "performance" | "security" | "dr" | "attested";
export type EnvironmentName = "local" | "kind" | "oke-staging" | "oke-production";

/** Where a criterion comes from. `roadmap` is the health data platform's roadmap, `tasks` the task list of the todo platform. */
export type Source = {
  readonly document: "roadmap" | "tasks";
  /** The heading or the task number, as the document has it. */
  readonly section: string;
  /** The line itself, in the document's words. */
  readonly quote: string;
};

/** What the measured value is held against; `unit` as people write it (ms, %, nodes, USD a month). */
export type Limit = {
  readonly what: string;
  readonly comparison: "at most" | "at least" | "exactly" | "below" | "between";
  /** A number, a pair for `between`, or the name of the profile's field that holds it (`profile.nodes.count`). */
  readonly value: number | readonly [number, number] | string;
  readonly unit: string;
};

/** How much evidence a verdict needs, and how old it may be when the run ends. */
export type EvidenceRule = { readonly samplesMin: number; readonly ageSecondsMax: number };

export type Scope = { readonly in: true } | { readonly in: false; readonly why: string };

export type Criterion = {
  /** Kebab case; also the name of its check, its planted defect, and its line in every report. */
  readonly id: string;
  readonly suite: Suite;
  /** The area that groups criteria in reports: "Cluster", "Ingress", "Cost", ... */
  readonly area: string;
  /** One sentence with MUST. */
  readonly must: string;
  readonly limits: readonly Limit[];
  readonly evidence: EvidenceRule;
  readonly severity: "blocker" | "critical" | "normal" | "minor";
  readonly sources: NonEmpty<Source>;
  readonly scope: Readonly<Record<EnvironmentName, Scope>>;
  /** The trio that checks it, as `suite/topic` (suites/infra/nodes.check.ts is `infra/nodes`). Absent: no check yet. */
  readonly check?: string;
  /**
   * In place of a check: the drills that decide it, each for itself (`oke-proof drill NAME`), and the topic of the trial that judges them
   * (`dr/pod-restart` is suites/dr/pod-restart.trial.ts). No other run decides it.
   */
  readonly trial?: { readonly topic: string; readonly drills: NonEmpty<string> };
  /** Criteria that a person attests (owner, date, link) and that never gate. */
  readonly attested?: { readonly owner: string; readonly asks: string };
  /**
   * It speaks of what happens once users are led to the cluster, so that nothing before the cutover can show it: a gate that asked whether to lead
   * them there would wait for its own answer. Such a gate names it and does not ask for it. Said here and in no profile: nobody weakens a gate by it.
   */
  readonly onlyAfterCutover?: true;
};

/** The reason every report gives for a criterion that nothing checks yet. */
export const noCheckYet = "no check yet";

/** The reason every report gives for a criterion that a gate before the cutover leaves to one after it. */
export const notBeforeCutover = "not asked by this gate: can be known only after the cutover";

/** Whether a gate on an environment has to leave a criterion to one after the cutover. */
export function waitsForCutover(criterion: Criterion, environment: EnvironmentName): boolean {
  return criterion.onlyAfterCutover === true && criterion.scope[environment].in;
}

/**
 * Whether a run against an environment answers for a criterion.
 * A criterion without a check or a drill is out of scope whatever its row says, so that nothing unwritten can look proven.
 */
export function scopeOf(criterion: Criterion, environment: EnvironmentName): Scope {
  if (criterion.attested !== undefined) return { in: false, why: `attested by a person: ${criterion.attested.asks}` };
  const scope = criterion.scope[environment];
  if (!scope.in) return scope;
  return criterion.check === undefined && criterion.trial === undefined ? { in: false, why: noCheckYet } : { in: true };
}
