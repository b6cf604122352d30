/** Searches at the size that the table is to have. */
import { sayHowMade } from "../../fixtures/faults/made-by-trial.ts";
import { lookAtWorkloads } from "../dr/steady-workloads.ts";
import { trial } from "../trial.ts";
import { judgeQueries } from "./database-queries.judge.ts";
import { queryLimits } from "./query-limits.ts";
import { tableSearch } from "./searched.ts";
import { shownBy } from "./shown.judge.ts";

trial("database-queries-indexed", "table-filled", async (context) => {
  const { cluster, planned, run } = context;
  const limits = queryLimits();
  const search = tableSearch(context, { rows: limits.rowsMin, samples: limits.samplesMin });
  sayHowMade(run.id, search.making);
  const observed = await context.perform(async () => lookAtWorkloads(cluster, planned.namespaces));
  return shownBy(observed, search.searched(), (searched) => judgeQueries(searched, limits));
});
