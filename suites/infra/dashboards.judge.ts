/** Grafana's dashboards: every declared one is there with its panels, and every query of every panel brings data. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { PanelData } from "../../probes/observability/panel-data.ts";

export type AnsweredPanel = {
  readonly title: string;
  readonly answers: readonly {
    readonly refId: string;
    /** Type of the data source, as Grafana calls it. */
    readonly source: string;
    readonly data: Reading<PanelData>;
  }[];
};

export type DeclaredDashboard = {
  readonly uid: string;
  /** How many panels the chart gives it. */
  readonly panelsMin: number;
  /** Absent: Grafana does not know it, so it was not asked for. */
  readonly found?: Reading<readonly AnsweredPanel[]>;
};

export type DashboardReadings = {
  /** The uids of the dashboards that Grafana has. */
  readonly known: Reading<readonly string[]>;
  readonly dashboards: readonly DeclaredDashboard[];
};

/** "from metrics and from logs" (the criterion's sentence), by the type of the data source. */
const kinds = [
  { kind: "metrics", type: "prometheus" },
  { kind: "logs", type: "loki" },
] as const;

type Found = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

/** A panel that asks nothing, whose query is refused, or any of whose queries brings no series is without data. */
export function judgeDashboards({ known, dashboards }: DashboardReadings): Verdict {
  if (!known.ok) return unproven(known.why);
  const judged = dashboards.map((one) => judgeDashboard(one, known.value));
  const faults = judged.flatMap((one) => one.faults);
  const panels = dashboards.flatMap(({ found }) => (found?.ok === true ? found.value : []));
  const answered = panels.filter((panel) => isAnswered(panel));
  const { source, at } = known;
  const from = kinds.map(({ kind, type }) => ({
    kind,
    count: answered.filter(({ answers }) => answers.some((one) => one.source === type)).length,
  }));
  const expected = dashboards.reduce((sum, { panelsMin }) => sum + panelsMin, 0);
  return conclude({
    faults,
    gaps: [
      ...judged.flatMap(({ gaps }) => gaps),
      ...(dashboards.length === 0 ? ["no dashboard is declared"] : []),
      ...from.flatMap(({ kind, count }) => (count === 0 ? [`no panel got data from ${kind}`] : [])),
    ],
    facts: [
      {
        what: "dashboards missing and panels without data",
        value: faults.length,
        unit: "panels",
        limit: `0 of ${expected} panels of ${dashboards.length} dashboards`,
        source,
        at,
      },
      ...from.map(({ kind, count }) => ({
        what: `panels with data from ${kind}`,
        value: count,
        unit: "panels",
        source,
        at,
      })),
    ],
    held: `${dashboards.length} dashboards are there, and each of their ${panels.length} panels gets data`,
  });
}

function isAnswered({ answers }: AnsweredPanel): boolean {
  return answers.length > 0 && answers.every(({ data }) => data.ok && "series" in data.value && data.value.series > 0);
}

function judgeDashboard({ uid, panelsMin, found }: DeclaredDashboard, known: readonly string[]): Found {
  if (!known.includes(uid)) return { faults: [`dashboard ${uid} is not in Grafana`], gaps: [] };
  if (found === undefined) return { faults: [], gaps: [`dashboard ${uid} was not looked at`] };
  if (!found.ok) return { faults: [], gaps: [`dashboard ${uid} could not be read: ${found.why}`] };
  const panels = found.value.map((panel) => judgePanel(panel, uid));
  const missing = panelsMin - found.value.length;
  return {
    faults: [
      ...(missing > 0 ? [`dashboard ${uid} has ${found.value.length} of ${panelsMin} panels`] : []),
      ...panels.flatMap(({ faults }) => faults),
    ],
    gaps: panels.flatMap(({ gaps }) => gaps),
  };
}

/** One fault a panel, however many of its queries bring nothing: panels are what is counted. */
function judgePanel({ title, answers }: AnsweredPanel, uid: string): Found {
  const name = `panel ${title} of dashboard ${uid}`;
  if (answers.length === 0) return { faults: [`${name} asks nothing`], gaps: [] };
  const faults = answers.flatMap(({ refId, source, data }) => {
    if (!data.ok) return [];
    if ("refused" in data.value) return [`query ${refId} was refused: ${data.value.refused}`];
    return data.value.series > 0 ? [] : [`query ${refId} got no data from ${source}`];
  });
  return {
    faults: faults.length === 0 ? [] : [`${name}: ${faults.join(", ")}`],
    gaps: answers.flatMap(({ refId, data }) => (data.ok ? [] : [`${name}: query ${refId}: ${data.why}`])),
  };
}
