/** grafana-dashboards-answer: the dashboards that Grafana has, and each of their panels asked as Grafana asks it. */
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import type { Watchers } from "../../probes/observability/ask.ts";
import { readDashboard, readDashboardUids } from "../../probes/observability/grafana.ts";
import { readPanelData } from "../../probes/observability/panel-data.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import { check } from "../check.ts";
import { judgeDashboards, type AnsweredPanel, type DeclaredDashboard } from "./dashboards.judge.ts";

const askedAtOnce = 4;

check("grafana-dashboards-answer", async ({ cluster, profile }) => {
  const { observability } = profile;
  const known = await readDashboardUids(cluster, observability);
  const dashboards: DeclaredDashboard[] = [];
  // One dashboard after the other: Prometheus and Loki have others to answer too.
  for (const { uid, panels } of observability.dashboards) {
    const isKnown = known.ok && known.value.includes(uid);
    const found = isKnown ? { found: await askPanels(cluster, observability, uid) } : {};
    dashboards.push({ uid, panelsMin: panels, ...found });
  }
  return judgeDashboards({ known, dashboards });
});

async function askPanels(
  cluster: Cluster,
  watchers: Watchers,
  uid: string,
): Promise<Reading<readonly AnsweredPanel[]>> {
  const panels = await readDashboard(cluster, watchers, uid);
  if (!panels.ok) return panels;
  const answered = await fewAtATime(panels.value, askedAtOnce, async ({ title, queries }) => ({
    title,
    answers: await fewAtATime(queries, 1, async (query) => ({
      refId: query.refId,
      source: query.source?.type ?? "nobody",
      data: await readPanelData(cluster, watchers, query, new Date()),
    })),
  }));
  return read(answered, panels.source, new Date(panels.at));
}
