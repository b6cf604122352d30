/** overload-degrades-gracefully: beyond its size the platform refuses in so many words, keeps what it took, and is soon itself again. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Accepted, SurgeAnswer, SurgeRun } from "../../probes/load/surge-run.ts";

/** One look with one small request: whether its answer was right, and how long it took. */
export type SteadyLook = { readonly at: string; readonly right: boolean; readonly durationMs: number };

export type OverloadReadings = {
  /** Before anything was done. */
  readonly before: readonly SteadyLook[];
  readonly surge: Reading<SurgeRun>;
  /** From the end of the surge on, one after the other, until the time of recovery is over. */
  readonly after: readonly SteadyLook[];
  /** Of each write that was accepted whether its user finds it as it was sent; `ok: false` where that could not be asked. */
  readonly kept: Reading<readonly { readonly write: Accepted; readonly found: boolean }[]>;
};

export type OverloadLimits = {
  readonly recoverySecondsMax: number;
  /** A look that takes as long is not normal. */
  readonly latencyMsMax: number;
  /** Requests a second that the users of the roadmap make: the surge must be beyond it. */
  readonly usualRatePerSecond: number;
};

/** The surge must have reached so many times what the users of the roadmap ask. */
const beyondFactor = 2;
/** Recovered is who gives this many normal answers in a row, and no other one after them. */
const normalInARow = 5;
const looksBeforeMin = 5;
const acceptedMin = 20;
const kindsAtMost = 5;

/**
 * A write that was accepted and is not found fails, as does an answer that is neither right nor a refusal, and a recovery that takes too long. A surge that was
 * never beyond the platform's size (nothing was refused), or that the generator did not make, proves nothing.
 */
export function judgeOverload({ before, surge, after, kept }: OverloadReadings, limits: OverloadLimits): Verdict {
  const unsteady = before.filter((look) => !isNormal(look, limits));
  if (before.length < looksBeforeMin)
    return unproven(`${before.length} looks before the surge: at least ${looksBeforeMin} are needed`);
  if (unsteady.length > 0)
    return unproven(`${unsteady.length} of ${before.length} looks before the surge were not normal: it was not begun`);
  if (!surge.ok) return unproven(surge.why);
  const run = surge.value;
  const refused = run.answers.filter(({ outcome }) => outcome === "refused");
  const neither = run.answers.filter(({ outcome }) => outcome === "neither");
  const right = run.answers.length - refused.length - neither.length;
  const lost = kept.ok ? kept.value.filter(({ found }) => !found) : [];
  const recovery = recoveryOf(run, after, limits);
  const reached = run.answers.length / run.seconds;
  const source = { source: surge.source, at: surge.at };
  const limit = "none";
  const facts: Fact[] = [
    {
      what: "answers that are neither right nor a refusal",
      value: neither.length,
      unit: "requests",
      limit,
      samples: run.answers.length,
      ...source,
    },
    { what: "right answers", value: right, unit: "requests", ...source },
    { what: "refusals (429 or 503)", value: refused.length, unit: "requests", ...source },
    { what: "rate of the surge", value: rounded(reached), unit: "requests/s", ...source },
    { what: "arrivals that the generator dropped", value: run.dropped, unit: "arrivals", ...source },
    ...(kept.ok
      ? [
          {
            what: "accepted writes lost",
            value: lost.length,
            unit: "writes",
            limit,
            samples: kept.value.length,
            source: kept.source,
            at: kept.at,
          },
        ]
      : []),
    ...(recovery.seconds === undefined
      ? []
      : [
          {
            what: "time from the end of the overload to normal latency",
            value: rounded(recovery.seconds),
            unit: "s",
            limit: `at most ${limits.recoverySecondsMax} s`,
            samples: after.length,
            ...source,
          },
        ]),
  ];
  return conclude({
    faults: [
      ...(lost.length > 0
        ? [`${lost.length} of ${run.accepted.length} accepted writes are lost, as ${namesOf(lost)}`]
        : []),
      ...(neither.length > 0
        ? [`${neither.length} of ${run.answers.length} answers were neither right nor a refusal: ${kindsOf(neither)}`]
        : []),
      ...recovery.faults,
    ],
    gaps: [
      ...(kept.ok ? missingOf(run, kept.value) : [kept.why]),
      ...(run.accepted.length < acceptedMin
        ? [`${run.accepted.length} writes were accepted: at least ${acceptedMin} are needed to know that none is lost`]
        : []),
      ...(reached < beyondFactor * limits.usualRatePerSecond
        ? [
            `the surge reached ${rounded(reached)} requests/s, not ${beyondFactor} times the ${limits.usualRatePerSecond} of the users that are to be served`,
          ]
        : []),
      ...(refused.length === 0 ? ["nothing was refused: whether it is refused well was not seen"] : []),
      ...recovery.gaps,
    ],
    facts,
    held: `${right} of ${run.answers.length} answers at ${rounded(reached)} requests/s were right and all others refusals, ${run.accepted.length} accepted writes are kept, and latency was normal ${rounded(recovery.seconds ?? 0)} s after`,
  });
}

type Recovery = {
  readonly seconds: number | undefined;
  readonly faults: readonly string[];
  readonly gaps: readonly string[];
};

/** Normal from the first of the looks after which every one is normal; a look while the surge's last requests are answered counts too. */
function recoveryOf(run: SurgeRun, after: readonly SteadyLook[], limits: OverloadLimits): Recovery {
  const endMs = Date.parse(run.endedAt);
  const secondsOf = ({ at }: SteadyLook): number => (Date.parse(at) - endMs) / 1000;
  const looks = after.filter((look) => secondsOf(look) >= 0);
  const lastBad = looks.findLastIndex((look) => !isNormal(look, limits));
  const normal = looks.slice(lastBad + 1);
  const [first] = normal;
  const watched = looks.length === 0 ? 0 : Math.max(...looks.map(secondsOf));
  const { recoverySecondsMax } = limits;
  if (first !== undefined && normal.length >= normalInARow) {
    const seconds = secondsOf(first);
    if (seconds <= recoverySecondsMax) return { seconds, faults: [], gaps: [] };
    return {
      seconds,
      faults: [`latency was normal only ${rounded(seconds)} s after the overload, more than ${recoverySecondsMax} s`],
      gaps: [],
    };
  }
  if (watched > recoverySecondsMax)
    return {
      seconds: undefined,
      faults: [`latency was not normal ${rounded(watched)} s after the overload, more than ${recoverySecondsMax} s`],
      gaps: [],
    };
  const why = `it was watched for ${rounded(watched)} s after the overload, and was not normal ${normalInARow} times in a row`;
  return { seconds: undefined, faults: [], gaps: [why] };
}

function isNormal({ right, durationMs }: SteadyLook, { latencyMsMax }: OverloadLimits): boolean {
  return right && durationMs < latencyMsMax;
}

function missingOf(run: SurgeRun, kept: readonly { readonly write: Accepted }[]): string[] {
  const looked = new Set(kept.map(({ write }) => write.id));
  const missing = run.accepted.filter(({ id }) => !looked.has(id)).length;
  return missing === 0 ? [] : [`${missing} of ${run.accepted.length} accepted writes were not looked for`];
}

function namesOf(lost: readonly { readonly write: Accepted }[]): string {
  return lost
    .slice(0, kindsAtMost)
    .map(({ write: { id, user } }) => `${id} of ${user}`)
    .join(", ");
}

/** The most frequent kinds, by name and status, or by why no answer came. */
function kindsOf(answers: readonly SurgeAnswer[]): string {
  const counts = new Map<string, number>();
  for (const { name, status, error } of answers) {
    const kind = status === 0 ? `${name} ${error ?? "without an answer"}` : `${name} ${status}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, kindsAtMost)
    .map(([kind, count]) => `${count} x ${kind}`)
    .join(", ");
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
