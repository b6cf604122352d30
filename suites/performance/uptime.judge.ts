/** Uptime: the share of probes from outside that the platform answered, over a window whose every minute was probed. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { ProbeSeries } from "../../probes/observability/availability.ts";
import { coverageOf, daysOf, gapsOf, minuteOf, minutesIn, type Coverage, type Window } from "./minutes.judge.ts";

/** What must have been probed: each target must be answered, and the control, which nobody serves, never. */
export type Probed = { readonly targets: readonly string[]; readonly control: string };

/** One target, from all vantage points together. */
export type TargetProbes = {
  readonly target: string;
  readonly probes: number;
  readonly failed: number;
  /** The most probes that any minute has. */
  readonly most: number;
  /** Minutes that were probed, and not once answered; and when the first of them begins. */
  readonly silent: number;
  readonly firstSilent?: string;
  readonly coverage: Coverage;
};

/**
 * Each target must hold by itself: one that is down for two hours a week is not made good by two that never are. Gaps are unproven, unless
 * what failed breaks the limit even if every missing minute had been answered.
 * @param limit.answeredPercentMin with at most three digits behind the point
 */
export function judgeUptime(
  found: Reading<readonly ProbeSeries[]>,
  probed: Probed,
  limit: { readonly answeredPercentMin: number; readonly days: number; readonly window: Window },
): Verdict {
  if (!found.ok) return unproven(found.why);
  const { window, days, answeredPercentMin } = limit;
  const judged = probed.targets.map((target) => probesOf(found.value, target, window));
  const short = daysOf(minutesIn(window));
  const faulty = judged.filter((one) => isBelow(one, answeredPercentMin));
  const facts = [...faulty, ...judged.filter((one) => !faulty.includes(one))];
  return conclude({
    faults: faulty.map(
      (one) => `${one.target} answered ${answeredOf(one)} % of ${one.probes} probes, not ${answeredPercentMin} %`,
    ),
    gaps: [
      ...(short < days ? [`the window has ${short} of ${days} days`] : []),
      ...judged.flatMap(({ target, coverage }) => gapsOf(`probes of ${target}`, coverage)),
      ...doubtsOf(found.value, probed, window),
    ],
    facts: facts.flatMap((one) => factsOf(one, limit).map((fact) => ({ ...fact, source: found.source, at: found.at }))),
    held: `each of ${judged.length} addresses answered at least ${answeredPercentMin} % of its probes from outside over ${days} days, every minute probed`,
  });
}

/** All probes of one address that were made from outside. */
export function probesOf(series: readonly ProbeSeries[], target: string, window: Window): TargetProbes {
  const samples = series.flatMap((one) => (one.target === target && one.inside === undefined ? one.samples : []));
  const minutes = new Map<number, { probes: number; answered: number }>();
  let failed = 0;
  let probes = 0;
  for (const { atMs, isAnswered } of samples) {
    const minute = minuteOf(atMs, window);
    if (minute === undefined) continue;
    const seen = minutes.get(minute) ?? { probes: 0, answered: 0 };
    minutes.set(minute, { probes: seen.probes + 1, answered: seen.answered + (isAnswered ? 1 : 0) });
    probes += 1;
    failed += isAnswered ? 0 : 1;
  }
  const silent = [...minutes].filter(([, { answered }]) => answered === 0).map(([minute]) => minute);
  const [first] = silent.toSorted((left, right) => left - right);
  return {
    target,
    probes,
    failed,
    most: [...minutes.values()].reduce((most, one) => Math.max(most, one.probes), 0),
    silent: silent.length,
    ...(first === undefined ? {} : { firstSilent: new Date(window.from.getTime() + first * 60_000).toISOString() }),
    coverage: coverageOf(
      samples.map(({ atMs }) => atMs),
      window,
    ),
  };
}

/** Why the prober's word may not be taken: it never said no where it must, or it stands inside of the cluster. */
export function doubtsOf(
  series: readonly ProbeSeries[],
  { control, targets }: Probed,
  window: Window,
): readonly string[] {
  const asked = probesOf(series, control, window);
  const inside = series.find((one) => targets.includes(one.target) && one.inside !== undefined);
  const answered = asked.probes - asked.failed;
  return [
    ...(inside === undefined
      ? []
      : [`probes of ${inside.target} come from ${inside.inside} of the cluster, not from outside`]),
    ...gapsOf(`probes of the control ${control}`, asked.coverage),
    ...(answered === 0
      ? []
      : [`the prober calls ${control} answered ${answered} times, which nobody serves: its word proves nothing`]),
  ];
}

function isBelow({ probes, failed, most, coverage }: TargetProbes, answeredPercentMin: number): boolean {
  // In whole thousandths of a percent, so that the limit itself is met exactly.
  const failedMax = 100_000 - Math.round(answeredPercentMin * 1000);
  return failed * 100_000 > failedMax * (probes + coverage.missing * most);
}

/** Rounded down to a thousandth: what is below a limit must not be shown as the limit. */
function answeredOf({ probes, failed }: TargetProbes): number {
  return probes === 0 ? 0 : Math.floor(((probes - failed) / probes) * 100_000) / 1000;
}

function factsOf(
  one: TargetProbes,
  { answeredPercentMin, days }: { readonly answeredPercentMin: number; readonly days: number },
): readonly Omit<Fact, "source" | "at">[] {
  const { target, coverage, silent } = one;
  return [
    {
      what: `probes of ${target} answered over ${days} days`,
      value: answeredOf(one),
      unit: "%",
      limit: `at least ${answeredPercentMin} %`,
      samples: coverage.minutes - coverage.missing,
    },
    { what: `minutes in which ${target} did not answer once`, value: silent, unit: "minutes" },
  ];
}
