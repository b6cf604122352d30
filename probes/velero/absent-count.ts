/** A count that Velero leaves out: the API leaves out what is zero, and so does a status that never came so far. */

/** Only where the phase is Completed does the absence of a count mean zero: elsewhere it may never have been counted. */
export function countedAt(phase: string): (value: number | undefined) => number | undefined {
  return (value) => value ?? (phase === "Completed" ? 0 : undefined);
}
