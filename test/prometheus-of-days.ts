/** What a Prometheus that has watched for days answers to the questions of availability: samples in the middle of every minute. */
const minuteMs = 60_000;

/** What it holds. Whatever a test leaves out is as on a good platform: every address answered but the control, every rule evaluated, no alert. */
export type HeldDays = {
  readonly targets: readonly string[];
  readonly control: string;
  readonly ruleGroups: readonly string[];
  /** Whether an address was asked at all at an instant, and whether it answered then. */
  readonly isProbed?: (target: string, atMs: number) => boolean;
  readonly isAnswered?: (target: string, atMs: number) => boolean;
  readonly isEvaluated?: (ruleGroup: string, atMs: number) => boolean;
  /** Whether the critical alert NodeDown fired. */
  readonly isFiring?: (atMs: number) => boolean;
  /** Labels of the probes besides their address: a pod's, where the prober stands in the cluster. */
  readonly probeLabels?: Readonly<Record<string, string>>;
};

type Series = { readonly metric: Readonly<Record<string, string>>; readonly values: readonly [number, string][] };

/** The body of its answer. @param url path and query of `api/v1/query`, whose expression is a metric with a range in seconds */
export function answerOfDays(held: HeldDays, url: string): object {
  const { searchParams } = new URL(url, "http://prometheus");
  const [, metric = "", seconds = ""] = /^([A-Za-z_]+).*\[(\d+)s\]$/.exec(searchParams.get("query") ?? "") ?? [];
  const untilMs = Number(searchParams.get("time")) * 1000;
  const fromMs = untilMs - Number(seconds) * 1000;
  const first = Math.floor(fromMs / minuteMs);
  const times = Array.from({ length: Math.ceil((untilMs - fromMs) / minuteMs) + 1 }, (_, index) => first + index)
    .map((minute) => minute * minuteMs + minuteMs / 2)
    .filter((atMs) => atMs > fromMs && atMs <= untilMs);
  const result = (seriesOf[metric]?.(held, times) ?? []).filter(({ values }) => values.length > 0);
  return { status: "success", data: { resultType: "matrix", result } };
}

const seriesOf: Readonly<Record<string, (held: HeldDays, times: readonly number[]) => readonly Series[]>> = {
  probe_success: (held, times) => {
    const { targets, control, isProbed = () => true, isAnswered = () => true, probeLabels = {} } = held;
    return [...new Set([...targets, control])].map((instance) => ({
      metric: { instance, ...probeLabels },
      values: times
        .filter((atMs) => isProbed(instance, atMs))
        .map((atMs) => [atMs / 1000, instance !== control && isAnswered(instance, atMs) ? "1" : "0"]),
    }));
  },
  ALERTS: ({ isFiring = () => false }, times) => [
    { metric: { alertname: "NodeDown" }, values: times.filter(isFiring).map((atMs) => [atMs / 1000, "1"]) },
  ],
  prometheus_rule_group_last_evaluation_timestamp_seconds: ({ ruleGroups, isEvaluated = () => true }, times) =>
    ruleGroups.map((name) => ({
      metric: { rule_group: `/rules/${name}.yaml;${name}` },
      values: times.filter((atMs) => isEvaluated(name, atMs)).map((atMs) => [atMs / 1000, String(atMs / 1000 - 0.2)]),
    })),
};
