/** What Oracle grants for nothing, by the time from which it holds: a limit without its source and date is hearsay. */
export type Allowance = {
  readonly name: string;
  /** First day that it holds, as an ISO date. */
  readonly from: string;
  readonly source: string;
  readonly ocpus: number;
  readonly memoryGb: number;
  /** Boot and block volumes together. */
  readonly blockVolumeGb: number;
  /** The share of it that the roadmap lets be used ("Storage Usage: < 80% of free tier"). */
  readonly blockVolumePercentMax: number;
  /** What the driver makes of the smallest claim. */
  readonly volumeClaimGb: number;
  readonly loadBalancers: number;
  readonly loadBalancerMbps: number;
  readonly vcns: number;
};

const always = {
  blockVolumeGb: 200,
  blockVolumePercentMax: 80,
  volumeClaimGb: 50,
  loadBalancers: 1,
  loadBalancerMbps: 10,
  vcns: 2,
};

/** The allowance in force: 1,500 OCPU hours and 9,000 GB hours a month, which is two processors and 12 GB all month long. */
export const allowance202606: Allowance = {
  ...always,
  name: "always-free-2026-06",
  from: "2026-06-01",
  source: "Oracle, Always Free Resources, as quoted since June 2026",
  ocpus: 2,
  memoryGb: 12,
};

/** The one that the roadmap was written under. */
export const allowance202105: Allowance = {
  ...always,
  name: "always-free-2021-05",
  from: "2021-05-01",
  source: "Oracle, Always Free Resources, until June 2026",
  ocpus: 4,
  memoryGb: 24,
};
