/** The limits that most criteria share, so that they read alike in every report. */
import type { Limit } from "../harness/criterion.ts";

/** Not one of `what` may be found; `unit` is the plural of what is counted. */
export function none(what: string, unit: string): Limit {
  return { what, comparison: "exactly", value: 0, unit };
}

export function atMost(what: string, value: number | string, unit: string): Limit {
  return { what, comparison: "at most", value, unit };
}

export function atLeast(what: string, value: number | string, unit: string): Limit {
  return { what, comparison: "at least", value, unit };
}

export function below(what: string, value: number | string, unit: string): Limit {
  return { what, comparison: "below", value, unit };
}

export function exactly(what: string, value: number | string, unit: string): Limit {
  return { what, comparison: "exactly", value, unit };
}
