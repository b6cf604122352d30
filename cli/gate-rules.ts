/** What a gate refuses beyond a check that did not pass. */
import type { Profile } from "../environments/profile.ts";
import { waitsForCutover, type Criterion } from "../harness/criterion.ts";

/** What a gate knows besides its profile. */
export type GateGrounds = {
  /** What the profile asks less of than the built-in one (`weakerThan`). */
  readonly weaker: readonly string[];
  /** Whether the kubeconfig has the API server's certificate verified: else any server may say that it is the cluster. */
  readonly serverVerified: boolean;
  /** Variables by which Node believes others than browsers do (`Settings`). */
  readonly trustsBeside: readonly string[];
  /** It asks whether to lead users there, so that it cannot ask for what only their time there shows. */
  readonly isBeforeCutover: boolean;
};

/** Whether a gate is asked before the cutover: the profile names no time of it, or one that is yet to come. A time that is over makes it ask for more. */
export function comesBeforeCutover({ availability }: Pick<Profile, "availability">, now: Date): boolean {
  const cutoverAt = availability?.cutoverAt;
  return cutoverAt === undefined || Date.parse(cutoverAt) > now.getTime();
}

/**
 * One line a reason why a gate on this profile cannot say yes, however well its checks went.
 * A criterion that nothing checks yet stands against the gate where the catalogue puts it in the profile's scope.
 */
export function gateRefusals(catalogue: readonly Criterion[], profile: Profile, grounds: GateGrounds): string[] {
  const inScope = catalogue
    .filter((criterion) => criterion.attested === undefined && criterion.scope[profile.name].in)
    .filter((criterion) => !grounds.isBeforeCutover || !waitsForCutover(criterion, profile.name));
  const unchecked = inScope.filter(({ check, trial }) => check === undefined && trial === undefined);
  return [
    ...(inScope.length === 0 ? [`no criterion is in scope for '${profile.name}'`] : []),
    ...(profile.cluster.expectedUid === undefined
      ? [
          "the profile names no cluster UID (cluster.expectedUid, OKE_PROOF_CLUSTER_UID): cannot tell whether this is the cluster it is about",
        ]
      : []),
    ...(grounds.serverVerified
      ? []
      : [
          `kubeconfig ${profile.cluster.kubeconfig} leaves the API server's certificate unverified, so that any server may pass for the cluster`,
        ]),
    ...believesOthers(profile, grounds.trustsBeside).map((line) => `${line}: unset it for a gate`),
    ...(grounds.weaker.length === 0
      ? []
      : [`the profile asks for less than the built-in '${profile.name}': ${grounds.weaker.join("; ")}`]),
    ...(unchecked.length > 0
      ? [
          `${unchecked.length} of ${inScope.length} criteria in scope have no check yet (first: ${unchecked
            .slice(0, 3)
            .map(({ id }) => id)
            .join(", ")})`,
        ]
      : []),
  ];
}

/**
 * What must be known beside the criteria of any run: where its profile asks for less, and where it has fewer nodes than the built-in one.
 * Fewer nodes are the one thing that the catalogue leaves to the profile, so that they are told and not refused.
 */
export function profileNotes(builtIn: Profile, profile: Profile, weaker: readonly string[]): string[] {
  const { count } = profile.nodes;
  return [
    ...weaker.map((line) => `The profile asks for less than the built-in '${profile.name}': ${line}.`),
    ...(count < builtIn.nodes.count
      ? [`The profile asks for ${count} nodes, the built-in '${profile.name}' for ${builtIn.nodes.count}.`]
      : []),
  ];
}

/**
 * What Node believes beside what browsers do, on an environment where Oracle is asked: a cluster to practise on has an authority of its own anyway.
 * @param trustsBeside variables by which it does (`Settings`)
 */
export function believesOthers({ oci }: Pick<Profile, "oci">, trustsBeside: readonly string[]): string[] {
  if (oci === undefined) return [];
  return trustsBeside.map(
    (name) =>
      `${name} makes Node believe others than browsers do, so that any server may pass for Oracle or for the platform`,
  );
}

/** A gate on a cluster to practise on is a rehearsal: the rules are the same, the yes opens nothing. */
export function rehearsalNotes(profile: Profile): string[] {
  const isPractice = profile.name === "local" || profile.name === "kind";
  return isPractice ? [`A rehearsal: '${profile.name}' is a cluster to practise on, no DNS is switched to it.`] : [];
}
