/** The limits that most criteria share, so that they read alike in every report. */
import type { Limit } from "../harness/criterion.ts";

/** Not one of `what` may be found; `unit` is the plural of what is counted. */
export function none(what: string, unit: string): Limit {
  return { what, comparison: "exactly", value: 0, unit };
}

/** `what` may reach `value`: a number, or the profile's field that holds it (`profile.nodes.count`). */
export function atMost(what: string, value: number | string, unit: string): Limit {
  return { what, comparison: "at most", value, unit };
}

/** `what` must reach `value`. */
export function atLeast(what: string, value: number | string, unit: string): Limit {
  return { what, comparison: "at least", value, unit };
}

/** `what` must stay under `value` and may not reach it. */
export function below(what: string, value: number | string, unit: string): Limit {
  return { what, comparison: "below", value, unit };
}

/** `what` must be `value`. */
export function exactly(what: string, value: number | string, unit: string): Limit {
  return { what, comparison: "exactly", value, unit };
}
