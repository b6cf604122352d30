/** Latency under load: a percentile of every endpoint's expected answers on the plateau, the slowest one against the limit. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { LoadRun, Sample } from "../../probes/load/load-run.ts";
import { bandwidthUsed } from "./bandwidth.judge.ts";
import { usersAtOnce } from "./load-generator.judge.ts";
import { validityOf, type LoadNeeds } from "./load.judge.ts";
import { rank, type Ranked } from "./percentile.judge.ts";
import { during, isWhole, plateauOf, rounded, secondsOf } from "./plateau.judge.ts";

export type LatencyLimits = {
  /** 95 or 99. */
  readonly percent: number;
  /** The percentile must be below, and may not reach it. */
  readonly latencyMsMax: number;
  /** Expected answers that an endpoint needs on the plateau (`criteria/evidence.ts`). */
  readonly samplesMin: number;
  /** Share of an endpoint's requests that may fail: they are no part of its latency, and the slowest may be among them. */
  readonly failedPercentMax: number;
  /** Endpoints that the load is made of: one that was never asked is not fast, but unknown. */
  readonly endpoints: readonly string[];
};

const factsAtMost = 50;

/** One endpoint on the plateau; only expected answers have a latency. */
export type EndpointLatency = {
  readonly endpoint: string;
  readonly asked: number;
  readonly failed: number;
  readonly answered: Ranked | undefined;
};

/**
 * A run that proves nothing gives no verdict, neither pass nor fail; nor does latency behind a balancer that was full. Else an endpoint whose percentile
 * reaches the limit fails, whatever the others lack; one with too few expected answers, or too many failed requests, is not proven.
 */
export function judgeLatency(reading: Reading<LoadRun>, needs: LoadNeeds, limits: LatencyLimits): Verdict {
  const { reasons, facts } = validityOf(reading, needs);
  if (!reading.ok || reasons.length > 0) return conclude({ faults: [], gaps: reasons, facts, held: "" });
  const { value: run, source, at } = reading;
  const bandwidth = bandwidthUsed(run, plateauOf(run));
  const ofRun = [...facts, ...bandwidth.facts.map((fact): Fact => ({ ...fact, source, at }))];
  if (bandwidth.reasons.length > 0) return conclude({ faults: [], gaps: bandwidth.reasons, facts: ofRun, held: "" });
  const { percent, latencyMsMax } = limits;
  const found = latencyByEndpoint(run, limits.endpoints).map((one) => ({
    ...one,
    gap: gapOf(one, limits),
    ms: one.answered?.percentile(percent),
  }));
  const slowestFirst = found.toSorted((one, other) => (other.ms ?? -1) - (one.ms ?? -1));
  const [slowest] = slowestFirst;
  return conclude({
    faults: slowestFirst.flatMap(({ endpoint, ms, gap, answered }) =>
      gap === undefined && ms !== undefined && answered !== undefined && !(ms < latencyMsMax)
        ? [
            `${endpoint} has a p${percent} of ${rounded(ms)} ms in ${answered.count} answers, not below ${latencyMsMax} ms`,
          ]
        : [],
    ),
    gaps: [
      ...found.flatMap(({ gap }) => gap ?? []),
      ...(found.length === 0 ? ["nothing was asked on the plateau"] : []),
    ],
    facts: [
      ...slowestFirst.slice(0, factsAtMost).flatMap(({ endpoint, ms, answered }): readonly Fact[] =>
        ms === undefined || answered === undefined
          ? []
          : [
              {
                what: `p${percent} latency of ${endpoint}`,
                value: rounded(ms, 2),
                unit: "ms",
                limit: `below ${latencyMsMax} ms`,
                source,
                at,
                file: needs.evidenceFile,
                samples: answered.count,
              },
            ],
      ),
      ...ofRun,
    ],
    held: `the slowest of ${found.length} endpoints, ${slowest?.endpoint ?? ""}, has a p${percent} of ${rounded(slowest?.ms ?? Number.NaN)} ms with ${loadWords(run, needs)}`,
  });
}

/** What the platform bore, as measured, and what it was not asked to bear. */
export function loadWords(run: LoadRun, { usersRoadmap }: LoadNeeds): string {
  const plateau = plateauOf(run);
  const users = usersAtOnce(run, plateau) ?? 0;
  const rate = rounded(during(plateau, run.samples).length / secondsOf(plateau));
  const words = `${users} users at once and ${rate} requests a second`;
  return users < usersRoadmap ? `${words}, where the roadmap asks for ${usersRoadmap} users` : words;
}

/** All endpoints that were expected or seen on the plateau, in this order. */
export function latencyByEndpoint(run: LoadRun, expected: readonly string[]): readonly EndpointLatency[] {
  const seen = Map.groupBy(during(plateauOf(run), run.samples).filter(isWhole), ({ endpoint }) => endpoint);
  return [...new Set([...expected, ...seen.keys()])].map((endpoint) => {
    const asked: readonly Sample[] = seen.get(endpoint) ?? [];
    const answered = asked.filter((sample) => sample.expected).map(({ durationMs }) => durationMs);
    return {
      endpoint,
      asked: asked.length,
      failed: asked.length - answered.length,
      answered: answered.length === 0 ? undefined : rank(answered),
    };
  });
}

function gapOf(
  { endpoint, asked, failed, answered }: EndpointLatency,
  { samplesMin, failedPercentMax, percent }: LatencyLimits,
): string | undefined {
  if (failed * 100 > failedPercentMax * asked)
    return `${rounded((failed / asked) * 100)} % of ${asked} requests to ${endpoint} failed, more than ${failedPercentMax} %: the others do not tell its latency`;
  const count = answered?.count ?? 0;
  return count < samplesMin
    ? `${endpoint} has ${count} expected answers on the plateau, a p${percent} needs ${samplesMin}`
    : undefined;
}
