/** How much evidence criteria ask for and how old it may be, as named rules. */
import type { EvidenceRule } from "../harness/criterion.ts";

const hour = 3600;
const day = 24 * hour;

/**
 * State that is read in one look and may change at any moment: nodes, pods, routes, records. It is weighed at the end of its run, which comes after
 * the load: up to a minute of calm, six minutes of load, and the checks before them.
 */
export const freshLook: EvidenceRule = { samplesMin: 1, ageSecondsMax: 900 };

/** State that changes by deployments only: manifests, policies, roles, components. */
export const deployedState: EvidenceRule = { samplesMin: 1, ageSecondsMax: hour };

/** A flow through several systems: three in a row, so that one lucky message proves nothing. */
export const repeatedFlow: EvidenceRule = { samplesMin: 3, ageSecondsMax: hour };

/** A p95 needs 20 samples beyond it to be more than noise, a p99 ten: 400 and 1,000 after warm-up. */
export const percentile95: EvidenceRule = { samplesMin: 400, ageSecondsMax: day };
export const percentile99: EvidenceRule = { samplesMin: 1000, ageSecondsMax: day };

/** A load run or a drill that cannot be had at every look, but at every nightly run. */
export const nightly: EvidenceRule = { samplesMin: 1, ageSecondsMax: day };

/** Averages over a load window of five minutes scraped every 15 seconds. */
export const averagedWindow: EvidenceRule = { samplesMin: 20, ageSecondsMax: day };

/** What Oracle meters: cost reports come every six hours and up to a day late, so younger than two days is as fresh as it gets. */
export const metered: EvidenceRule = { samplesMin: 1, ageSecondsMax: 2 * day };

/** What a person looks at, once a quarter. */
export const attestation: EvidenceRule = { samplesMin: 1, ageSecondsMax: 90 * day };

/** Availability over a window: every minute has its sample, since a minute without one may hide the very outage. */
export function eachMinuteOf(days: number): EvidenceRule {
  return { samplesMin: days * 24 * 60, ageSecondsMax: hour };
}

/** A restore drill: within the week before it is relied on. */
export const drilled: EvidenceRule = { samplesMin: 1, ageSecondsMax: 7 * day };

/** The rebuild of a whole cluster, which on Oracle may cost capacity: within the month before it is relied on. */
export const rebuilt: EvidenceRule = { samplesMin: 1, ageSecondsMax: 30 * day };
