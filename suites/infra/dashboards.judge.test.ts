import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { PanelData } from "../../probes/observability/panel-data.ts";
import {
  judgeDashboards,
  type AnsweredPanel,
  type DashboardReadings,
  type DeclaredDashboard,
} from "./dashboards.judge.ts";
import { now } from "./pod-examples.ts";

const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const data = (value: PanelData): Reading<PanelData> => read(value, "Grafana", now);

function panel(title: string, source: string, ...answers: readonly Reading<PanelData>[]): AnsweredPanel {
  return { title, answers: answers.map((one, index) => ({ refId: "ABC"[index] ?? "", source, data: one })) };
}

const requests = (...answers: readonly Reading<PanelData>[]) => panel("Requests", "prometheus", ...answers);
const log = (...answers: readonly Reading<PanelData>[]) => panel("Log", "loki", ...answers);
const good = [requests(data({ series: 3 }), data({ series: 1 })), log(data({ series: 1 }))];

/** Grafana with the dashboards `cluster` and `logs`; the first, whose two panels a row gives, is that which the chart declares. */
function readings(panels: readonly AnsweredPanel[], changes: Partial<DeclaredDashboard> = {}): DashboardReadings {
  return {
    known: read(["cluster", "logs"], "Grafana", now),
    dashboards: [{ uid: "cluster", panelsMin: 2, found: read(panels, "Grafana", now), ...changes }],
  };
}

test.each<readonly [string, readonly AnsweredPanel[], Outcome, RegExp]>([
  ["all with data", good, "pass", /^1 dashboards are there, and each of their 2 panels gets data$/],
  ["one more than declared", [...good, log(data({ series: 1 }))], "pass", /each of their 3 panels/],
  ["one fewer", good.slice(1), "fail", /^dashboard cluster has 1 of 2 panels$/],
  ["none", [], "fail", /^dashboard cluster has 0 of 2 panels$/],
  [
    "one without series",
    [requests(data({ series: 1 })), log(data({ series: 0 }))],
    "fail",
    /^panel Log of dashboard cluster: query A got no data from loki$/,
  ],
  [
    "one with one query of two without series",
    [requests(data({ series: 1 }), data({ series: 0 })), good[1] ?? log()],
    "fail",
    /^panel Requests of dashboard cluster: query B got no data from prometheus$/,
  ],
  [
    "one whose query is refused",
    [requests(data({ refused: "parse error" })), log(data({ series: 1 }))],
    "fail",
    /^panel Requests of dashboard cluster: query A was refused: parse error$/,
  ],
  ["one that asks nothing", [...good, panel("Words", "nobody")], "fail", /^panel Words of dashboard cluster asks noth/],
  [
    "one that could not be asked",
    [requests(data({ series: 1 })), log(refused)],
    "unproven",
    /^panel Log of dashboard cluster: query A: GET \/x: 403/,
  ],
  ["none of logs", [good[0] ?? log(), requests(data({ series: 1 }))], "unproven", /^no panel got data from logs$/],
  ["none of metrics", [good[1] ?? log(), log(data({ series: 1 }))], "unproven", /^no panel got data from metrics$/],
])("a dashboard with panels, %s", (_, panels, outcome, because) => {
  expect(judgeDashboards(readings(panels))).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("faulty panels are counted once each, beside those with data", () => {
  const { evidence } = judgeDashboards(
    readings([...good, requests(data({ series: 0 }), data({ series: 0 })), log(data({ series: 2 }))]),
  );
  expect(evidence.map(({ what, value }) => [what, value])).toEqual([
    ["dashboards missing and panels without data", 1],
    ["panels with data from metrics", 1],
    ["panels with data from logs", 2],
  ]);
});

test("a dashboard that Grafana does not know is a fault, whatever else could not be read", () => {
  const { dashboards } = readings(good);
  const absent = { uid: "dapr", panelsMin: 6 };
  const blind = { uid: "logs", panelsMin: 3, found: refused };
  const known = read(["cluster", "logs"], "Grafana", now);
  expect(judgeDashboards({ known, dashboards: [...dashboards, absent, blind] })).toMatchObject({
    outcome: "fail",
    because: "dashboard dapr is not in Grafana",
  });
  expect(judgeDashboards({ known: read([], "Grafana", now), dashboards })).toMatchObject({
    outcome: "fail",
    because: "dashboard cluster is not in Grafana",
  });
});

test("what cannot be read is unproven", () => {
  const { known, dashboards } = readings(good);
  const outcomeOf = (changed: Partial<DashboardReadings>) => judgeDashboards({ known, dashboards, ...changed }).outcome;
  expect(outcomeOf({})).toBe("pass");
  expect(outcomeOf({ known: refused })).toBe("unproven");
  expect(outcomeOf({ dashboards: [] })).toBe("unproven");
  expect(outcomeOf({ dashboards: [...dashboards, { uid: "logs", panelsMin: 3, found: refused }] })).toBe("unproven");
  expect(outcomeOf({ dashboards: [...dashboards, { uid: "logs", panelsMin: 3 }] })).toBe("unproven");
});
