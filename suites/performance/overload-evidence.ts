/** What a surge and the looks around it were, for the scorecard to draw: on one time axis, whose zero is the beginning of the surge. */
import type { OverloadLimits, OverloadReadings } from "./overload.judge.ts";

export const overloadEvidenceFile = "overload-surge.json";

type Counts = { readonly right: number; readonly refused: number; readonly neither: number };

export type OverloadEvidence = {
  readonly schemaVersion: 1;
  readonly surgeSeconds: number;
  /** Answers by the second in which they were asked for. */
  readonly steps: readonly (Counts & { readonly fromSeconds: number })[];
  /** Latency in ms of each look at the platform before the surge and after it; null where its answer was not right. */
  readonly looks: readonly (readonly [atSeconds: number, durationMs: number | null])[];
  readonly limits: { readonly latencyMs: number; readonly recoverySeconds: number };
};

/** Undefined where no surge was made: there is nothing to draw. */
export function overloadEvidence(
  { before, surge, after }: OverloadReadings,
  limits: Pick<OverloadLimits, "latencyMsMax" | "recoverySecondsMax">,
): OverloadEvidence | undefined {
  if (!surge.ok) return undefined;
  const { answers, startedAt, seconds } = surge.value;
  const steps = Array.from({ length: Math.ceil(seconds) }, (_, fromSeconds) => {
    const own = answers.filter(({ atMs }) => Math.min(Math.floor(atMs / 1000), seconds - 1) === fromSeconds);
    const count = (wanted: keyof Counts): number => own.filter(({ outcome }) => outcome === wanted).length;
    return { fromSeconds, right: count("right"), refused: count("refused"), neither: count("neither") };
  });
  const zero = Date.parse(startedAt);
  return {
    schemaVersion: 1,
    surgeSeconds: seconds,
    steps,
    looks: [...before, ...after].map(({ at, right, durationMs }) => [
      (Date.parse(at) - zero) / 1000,
      right ? durationMs : null,
    ]),
    limits: { latencyMs: limits.latencyMsMax, recoverySeconds: limits.recoverySecondsMax },
  };
}
