/** What Grafana shows: the dashboards it knows, and what each of their panels asks of whom. Asked as its anonymous viewer, with GET alone. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { askWatcher, type Watchers } from "./ask.ts";

/** The most that one search gives where no other limit is asked for. */
const hitsMax = 1000;

const hit = z.object({ uid: z.string().min(1), type: z.literal("dash-db") });

/** The uids of all dashboards. An answer as long as its limit may have been cut short there, and is `ok: false`. */
export async function readDashboardUids(cluster: Cluster, watchers: Watchers): Promise<Reading<readonly string[]>> {
  const path = `/api/search?type=dash-db&limit=${hitsMax}`;
  const found = await askWatcher(cluster, watchers, "grafana", path, z.array(hit));
  if (!found.ok) return found;
  const at = new Date(found.at);
  if (found.value.length >= hitsMax) return unread(`Grafana holds ${hitsMax} dashboards or more`, found.source, at);
  return read(
    found.value.map(({ uid }) => uid),
    found.source,
    at,
  );
}

const source = z.object({ type: z.string().min(1), uid: z.string().min(1) });

const target = z.object({
  refId: z.string().min(1),
  hide: z.boolean().optional(),
  datasource: source.optional(),
  expr: z.string().min(1),
});

const panel = z.object({
  id: z.int(),
  type: z.string().min(1),
  title: z.string().optional(),
  datasource: source.nullish(),
  targets: z.array(target).optional(),
});

/** A row that is folded up holds its panels; one that is not is followed by them. Rows hold no rows. */
const placed = panel.extend({ panels: z.array(panel).optional() });

const answer = z.object({ dashboard: z.object({ uid: z.string().min(1), panels: z.array(placed) }) });

export type PanelQuery = {
  readonly refId: string;
  readonly expression: string;
  /** Type and uid of the data source. Absent: neither query nor panel names one. */
  readonly source?: Readonly<z.output<typeof source>>;
};

export type Panel = {
  readonly title: string;
  /** What the panel asks; hidden queries are left out. */
  readonly queries: readonly PanelQuery[];
};

/** The panels of a dashboard without its rows, in its order; empty where it has none. A reply about another dashboard is `ok: false`. */
export async function readDashboard(
  cluster: Cluster,
  watchers: Watchers,
  uid: string,
): Promise<Reading<readonly Panel[]>> {
  const path = `/api/dashboards/uid/${encodeURIComponent(uid)}`;
  const found = await askWatcher(cluster, watchers, "grafana", path, answer);
  if (!found.ok) return found;
  const { dashboard } = found.value;
  const at = new Date(found.at);
  if (dashboard.uid !== uid) {
    return unread(`Grafana was asked for dashboard ${uid} and answered with ${dashboard.uid}`, found.source, at);
  }
  const panels = dashboard.panels.flatMap((one) => (one.type === "row" ? (one.panels ?? []) : [one]));
  return read(panels.map(panelOf), found.source, at);
}

function panelOf({ id, title, datasource, targets = [] }: z.output<typeof panel>): Panel {
  const asked = targets.filter(({ hide }) => hide !== true);
  return {
    title: title === undefined || title === "" ? `number ${id}` : title,
    queries: asked.map(({ refId, expr, datasource: own = datasource ?? undefined }) => ({
      refId,
      expression: expr,
      ...(own === undefined ? {} : { source: own }),
    })),
  };
}
