import { describe, expect, test } from "vitest";
import type { Incident, IncidentLog } from "../../harness/incident-log.ts";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import { judgeFirstWeek, type Week, type WeekReadings } from "./first-week.judge.ts";
import { control, from, probed, series, until, weekOf, window } from "./probe-examples.ts";

const now = new Date("2026-11-17T00:30:00.000Z");
const [first = "", second = ""] = probed.targets;
const week: Week = { window, days: 7, probed, ruleGroups: ["cluster", "services"], clusterUid: "uid-1" };
const quiet = [series(second, weekOf(1)), series(control, weekOf(1, { failed: 10_080 }))];

const log: IncidentLog = {
  schemaVersion: 1,
  clusterUid: "uid-1",
  attestedBy: "A. Person, on call",
  attestedAt: "2026-11-17T00:10:00.000Z",
  from,
  until,
  incidents: [],
};

/** When a group was evaluated: once a minute, but for some minutes. */
function group(name: string, without: readonly number[] = []) {
  const minutes = Array.from({ length: 10_080 }, (_, minute) => minute).filter((minute) => !without.includes(minute));
  return { name, evaluatedMs: minutes.map((minute) => Date.parse(from) + minute * 60_000 + 7) };
}

const good: WeekReadings = {
  probes: read([series(first, weekOf(2)), ...quiet], "Prometheus", now),
  alerts: read([], "Prometheus", now),
  groups: read([group("cluster"), group("services"), group("synthetic", [1, 2, 3])], "Prometheus", now),
  log: read(log, "incidents.json", now),
};

const refused = unread<never>("403, the harness has no right to read this", "Prometheus", now);
const judge = (changes: Partial<WeekReadings>, ofWeek: Partial<Week> = {}, at = now) =>
  judgeFirstWeek({ ...good, ...changes }, { ...week, ...ofWeek }, at);
const logged = (changes: Partial<IncidentLog>): Partial<WeekReadings> => ({
  log: read({ ...log, ...changes }, "incidents.json", now),
});
const incident = (began: string, ended?: string): Incident => ({
  id: "INC-7",
  from: began,
  ...(ended === undefined ? {} : { until: ended }),
  summary: "no sign-in",
});

test("a quiet week that all three speak of is a pass", () => {
  const verdict = judge({});
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: "7 days after the cutover without a critical alert, a minute without an answer, or an incident on record",
  });
  expect(verdict.evidence.flatMap(({ samples }) => samples ?? [])).toEqual([10_080, 10_080]);
  expect(verdict.evidence[0]?.what).toBe(
    "incidents on record, attested by A. Person, on call on 2026-11-17T00:10:00.000Z",
  );
});

describe("an incident", () => {
  test.each<readonly [string, Incident]>([
    ["within the week", incident("2026-11-12T10:00:00.000Z", "2026-11-12T10:20:00.000Z")],
    ["in its first instant", incident(from, from)],
    ["that lasts into it", incident("2026-11-09T23:00:00.000Z", "2026-11-10T00:00:00.001Z")],
    ["in its last millisecond", incident("2026-11-16T23:59:59.999Z")],
    ["that has lasted since before", incident("2026-10-01T00:00:00.000Z")],
  ])("%s is one of the week", (_, one) => {
    expect(judge(logged({ incidents: [one] }))).toMatchObject({
      outcome: "fail",
      because: `incident INC-7 of ${one.from} is on record: no sign-in`,
    });
  });

  test.each<readonly [string, Incident]>([
    ["that ended as it began", incident("2026-11-09T23:00:00.000Z", from)],
    ["before the week", incident("2026-11-09T23:00:00.000Z", "2026-11-09T23:10:00.000Z")],
    ["right after it", incident(until, until)],
  ])("%s is none of the week", (_, one) => {
    expect(judge(logged({ incidents: [one] })).outcome).toBe("pass");
  });
});

describe("a log", () => {
  test.each<readonly [string, Partial<WeekReadings>, RegExp]>([
    [
      "that is not there",
      { log: unread("no incident log is attested", "profile", now) },
      /^no incident log is attested$/,
    ],
    ["of another cluster", logged({ clusterUid: "uid-2" }), /speaks of cluster uid-2, not of this one/],
    [
      "that begins a second late",
      logged({ from: "2026-11-10T00:00:01.000Z" }),
      /speaks of 2026-11-10T00:00:01\.000Z to .* only/,
    ],
    ["that ends a second early", logged({ until: "2026-11-16T23:59:59.000Z" }), /speaks of .* only/],
    ["attested in the future", logged({ attestedAt: "2026-11-17T00:31:01.000Z" }), /attested in the future/],
  ])("%s proves nothing", (_, changes, because) => {
    expect(judge(changes)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
  });

  test("of another cluster has no incidents of ours", () => {
    const other = logged({ clusterUid: "uid-2", incidents: [incident("2026-11-12T10:00:00.000Z")] });
    expect(judge(other).outcome).toBe("unproven");
  });

  test("that does not speak of all of it may still tell of an incident", () => {
    const short = { until: "2026-11-13T00:00:00.000Z", incidents: [incident("2026-11-12T10:00:00.000Z")] };
    expect(judge(logged(short)).outcome).toBe("fail");
  });
});

test("a critical alert is a fault, whatever the log says", () => {
  const [fromMs, untilMs] = [Date.parse(from) + 15_000, Date.parse(from) + 75_000];
  const labels = { alertname: "ServiceErrorRateHigh", namespace: "health-platform", app: "health-api" };
  const alerts = read([{ name: "ServiceErrorRateHigh", labels, fromMs, untilMs }], "Prometheus", now);
  expect(judge({ alerts })).toMatchObject({
    outcome: "fail",
    because:
      "ServiceErrorRateHigh of health-platform health-api fired from 2026-11-10T00:00:15.000Z to 2026-11-10T00:01:15.000Z",
  });
});

describe("no alert is no news", () => {
  test.each<readonly [string, Partial<WeekReadings>, RegExp]>([
    [
      "where a group was not evaluated for a minute",
      { groups: read([group("cluster", [99]), group("services")], "Prometheus", now) },
      /^evaluations of the alert rules cluster: 1 of 10080 minutes have none, the first is 2026-11-10T01:39:00\.000Z$/,
    ],
    [
      "where a group is missing",
      { groups: read([group("cluster")], "Prometheus", now) },
      /alert rules services: there are none/,
    ],
    ["where evaluations cannot be read", { groups: refused }, /403/],
    ["where alerts cannot be read", { alerts: refused }, /403/],
  ])("%s", (_, changes, because) => {
    expect(judge(changes)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
  });

  test("where no group is named", () => {
    expect(judge({}, { ruleGroups: [] })).toMatchObject({
      outcome: "unproven",
      because: expect.stringMatching(/no group/),
    });
  });
});

describe("probes", () => {
  const probes = (...found: Parameters<typeof series>): Partial<WeekReadings> => ({
    probes: read([series(...found), ...quiet], "Prometheus", now),
  });
  test.each<readonly [string, Partial<WeekReadings>, Outcome, RegExp]>([
    // Two probes a minute: the first minute has one answer of two, or none.
    ["one of two failed in a minute", probes(first, weekOf(2, { failed: 1 })), "pass", /without/],
    [
      "none answered in a minute",
      probes(first, weekOf(2, { failed: 2 })),
      "fail",
      /^https:\/\/health\.example\/ did not answer once in 1 minutes, the first of them 2026-11-10T00:00:00\.000Z$/,
    ],
    ["a minute is missing", probes(first, weekOf(1, { without: [4] })), "unproven", /1 of 10080 minutes have none/],
    [
      "they stand in the cluster",
      probes(first, weekOf(1), { inside: "pod-1" }),
      "unproven",
      /come from pod-1 of the cluster/,
    ],
    ["cannot be read", { probes: refused }, "unproven", /403/],
  ])("%s", (_, changes, outcome, because) => {
    expect(judge(changes)).toMatchObject({ outcome, because: expect.stringMatching(because) });
  });

  test("of no address", () => {
    const none = { probed: { targets: [], control } };
    expect(judge({}, none)).toMatchObject({
      outcome: "unproven",
      because: expect.stringMatching(/no address is named/),
    });
  });
});

test("a week that is not over is not proven, and an incident in it fails already", () => {
  const early = { window: { from: window.from, until: new Date("2026-11-13T06:00:00.000Z") } };
  expect(judge({}, early, early.window.until)).toMatchObject({
    outcome: "unproven",
    because: expect.stringMatching(/^3\.25 of the 7 days after the cutover are over/),
  });
  const incidents = [incident("2026-11-12T10:00:00.000Z")];
  expect(judge(logged({ incidents }), early, early.window.until).outcome).toBe("fail");
  expect(judge({}, { window: { from: window.from, until: window.from } })).toMatchObject({
    outcome: "unproven",
    because: "the week after the cutover has not begun",
  });
});
