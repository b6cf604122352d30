/** What the two documents count on in sizes, so that it can be held against the allowance in force. */
import type { Source } from "../harness/criterion.ts";
import { roadmap, task } from "./sources.ts";

/** What a statement needs, in the allowance's terms; a field that it does not speak of is absent. */
export type SeedSize = {
  readonly source: Source;
  readonly needs: {
    readonly ocpus?: number;
    readonly memoryGb?: number;
    /** Boot volumes and claims at what Oracle makes of them. */
    readonly blockVolumeGb?: number;
    readonly loadBalancers?: number;
  };
  /** How the needs follow from the words. */
  readonly arithmetic: string;
};

/** A node of OKE has at least one processor and a boot volume of 50 GB; a claim becomes 50 GB. */
export const seedSizes: readonly SeedSize[] = [
  {
    source: roadmap("What We're Building", "4 vCPU, 24 GB RAM total (ARM Ampere A1)"),
    needs: { ocpus: 4, memoryGb: 24 },
    arithmetic: "4 OCPUs and 24 GB, free until June 2026",
  },
  {
    source: roadmap("Week 1", "kubectl get nodes shows 3 nodes"),
    needs: { ocpus: 3, blockVolumeGb: 150 },
    arithmetic: "3 nodes of 1 OCPU, the smallest, with 3 boot volumes of 50 GB",
  },
  {
    source: roadmap("What We're Building", "200 GB block storage, 20 GB object storage"),
    needs: { blockVolumeGb: 350 },
    arithmetic: "200 GB for data, and 3 boot volumes of 50 GB that Oracle counts with them",
  },
  {
    source: roadmap("Week 1", "All stateful services running"),
    needs: { blockVolumeGb: 450 },
    arithmetic: "6 services of module 2 with a claim of 50 GB each, and 3 boot volumes of 50 GB",
  },
  {
    source: task("T052"),
    needs: { blockVolumeGb: 250 },
    arithmetic: "the broker's claim, three of Dapr's scheduler (its chart's default) and one boot volume, 50 GB each",
  },
  {
    source: roadmap("What We're Building", "Free load balancer, 10 TB bandwidth/month"),
    needs: { loadBalancers: 1 },
    arithmetic: "one, of 10 Mbps",
  },
];
