/** What a gate refuses beyond a check that did not pass. */
import type { Profile } from "../environments/profile.ts";
import type { Criterion } from "../harness/criterion.ts";

/**
 * One line a reason why a gate on this profile cannot say yes, however well its checks went.
 * A criterion that nothing checks yet stands against the gate where the catalogue puts it in the profile's scope.
 */
export function gateRefusals(catalogue: readonly Criterion[], profile: Profile): string[] {
  const unchecked = catalogue.filter(
    (criterion) =>
      criterion.attested === undefined && criterion.check === undefined && criterion.scope[profile.name].in,
  );
  const inScope = catalogue.filter((criterion) => criterion.attested === undefined && criterion.scope[profile.name].in);
  return [
    ...(inScope.length === 0 ? [`no criterion is in scope for '${profile.name}'`] : []),
    ...(profile.cluster.expectedUid === undefined
      ? [
          "the profile names no cluster UID (cluster.expectedUid, OKE_PROOF_CLUSTER_UID): cannot tell whether this is the cluster it is about",
        ]
      : []),
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
