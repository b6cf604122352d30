/** What the performance suite makes of a load run, for all endpoints together: in the bench they have one latency. No I/O, no clock. */
import type { LoadRun } from "../../probes/load/load-run.ts";
import { latencyByEndpoint } from "../../suites/performance/latency.judge.ts";
import { percentilesBy, type Measured } from "./load-comparison.ts";

const every = "every endpoint";

/** Percentiles of the expected answers on the plateau, by the suite's own code, and how many requests were not answered as expected. */
export function evaluated(run: LoadRun): { readonly measured: Measured; readonly failed: number } {
  const samples = run.samples.map((sample) => ({ ...sample, endpoint: every }));
  const [all] = latencyByEndpoint({ ...run, samples }, [every]);
  const answered = all?.answered;
  return {
    measured: {
      answers: answered?.count ?? 0,
      percentiles: percentilesBy((percent) => answered?.percentile(percent) ?? Number.NaN),
    },
    failed: all?.failed ?? 0,
  };
}
