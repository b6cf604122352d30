/** The limits of database-queries-indexed, from the catalogue. */
import { criterionOf } from "../../criteria/catalogue.ts";
import { rowsOfTenant } from "../../fixtures/faults/table-filled.ts";
import type { QueryLimits } from "./database-queries.judge.ts";

/** @throws Error where the catalogue has no latency in ms for it */
export function queryLimits(): QueryLimits {
  const { limits, evidence } = criterionOf("database-queries-indexed");
  const p95MsBelow = limits.find(({ unit }) => unit === "ms")?.value;
  if (typeof p95MsBelow !== "number")
    throw new Error("criterion database-queries-indexed has no number in ms as a limit: its judge needs one");
  return { p95MsBelow, samplesMin: evidence.samplesMin, rowsMin: rowsOfTenant };
}
