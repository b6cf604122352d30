/** A production cluster of eight days on loopback: behind its API server is a Prometheus that was told by a prober outside. */
import { okeProduction } from "../../environments/oke-production.ts";
import { withProductionCluster, type ProductionCluster } from "../production-cluster.ts";
import { answerOfDays, type HeldDays } from "../prometheus-of-days.ts";

/** The three criteria that speak of days. */
export const idsOfDays = ["uptime", "first-week-without-incident", "cutover-watched"] as const;

/**
 * Serves it while `work` runs.
 * @param options.held what differs from good days
 * @param options.mayAsk whether the harness may ask Prometheus: where it may not the API server refuses, as it does without the right
 */
export async function withClusterOfDays<T>(
  {
    uid,
    held = {},
    mayAsk = true,
  }: { readonly uid: string; readonly held?: Partial<HeldDays>; readonly mayAsk?: boolean },
  work: (cluster: ProductionCluster) => Promise<T>,
): Promise<T> {
  const { availability } = okeProduction;
  if (availability === undefined) throw new Error("the production profile names no prober outside");
  const { outside, ruleGroups } = availability;
  const days: HeldDays = { ...outside, ruleGroups, ...held };
  const answer = ({ path }: { readonly path: string }) => {
    if (!path.includes("/proxy/api/v1/query?")) return undefined;
    return mayAsk ? ([200, answerOfDays(days, path)] as const) : ([403, { kind: "Status", code: 403 }] as const);
  };
  return withProductionCluster({ uid, answer }, work);
}
