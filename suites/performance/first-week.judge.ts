/** The first week after the cutover: no critical alert, no minute without an answer, and no incident on record. */
import type { IncidentLog, Incident } from "../../harness/incident-log.ts";
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { FiredAlert, ProbeSeries, RuleGroup } from "../../probes/observability/availability.ts";
import { coverageOf, daysOf, gapsOf, minutesIn, type Window } from "./minutes.judge.ts";
import { doubtsOf, probesOf, type Probed } from "./uptime.judge.ts";

export type WeekReadings = {
  readonly probes: Reading<readonly ProbeSeries[]>;
  readonly alerts: Reading<readonly FiredAlert[]>;
  readonly groups: Reading<readonly RuleGroup[]>;
  readonly log: Reading<IncidentLog>;
};

export type Week = {
  /** From the cutover on, up to now where the week is not over. */
  readonly window: Window;
  readonly days: number;
  readonly probed: Probed;
  /** Groups of rules that must have been evaluated in every minute: where none is, no alert fires. */
  readonly ruleGroups: readonly string[];
  readonly clusterUid: string;
};

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[]; readonly facts: readonly Fact[] };

/** An incident that any of the three knows is a fault; what any of the three cannot tell is a gap. The word of a person does not make up for a measurement, nor the other way round. */
export function judgeFirstWeek(readings: WeekReadings, week: Week, now: Date): Verdict {
  const { probes, alerts, groups, log } = readings;
  const { window, days } = week;
  if (window.from.getTime() >= window.until.getTime()) return unproven("the week after the cutover has not begun");
  const passed = daysOf(minutesIn(window));
  const judged = [
    judgeLog(log, week, now),
    judgeAlerts(alerts, groups, week),
    probes.ok ? judgeProbes(probes, week) : unreadable(probes.why),
  ];
  return conclude({
    faults: judged.flatMap(({ faults }) => faults),
    gaps: [
      ...(passed < days ? [`${passed} of the ${days} days after the cutover are over`] : []),
      ...judged.flatMap(({ gaps }) => gaps),
    ],
    facts: judged.flatMap(({ facts }) => facts),
    held: `${days} days after the cutover without a critical alert, a minute without an answer, or an incident on record`,
  });
}

const unreadable = (why: string): Judged => ({ faults: [], gaps: [why], facts: [] });

function judgeLog(log: Reading<IncidentLog>, { window, clusterUid }: Week, now: Date): Judged {
  if (!log.ok) return unreadable(log.why);
  const { attestedBy, attestedAt, from, until, incidents } = log.value;
  if (log.value.clusterUid !== clusterUid) {
    return unreadable(`the incident log speaks of cluster ${log.value.clusterUid}, not of this one`);
  }
  const found = incidents.filter((incident) => isWithin(incident, window));
  const speaksOfAll = Date.parse(from) <= window.from.getTime() && Date.parse(until) >= window.until.getTime();
  return {
    faults: found.map(({ id, from: began, summary }) => `incident ${id} of ${began} is on record: ${summary}`),
    gaps: [
      ...(speaksOfAll ? [] : [`the incident log speaks of ${from} to ${until} only`]),
      ...(Date.parse(attestedAt) > now.getTime() + aheadMsMax ? ["the incident log was attested in the future"] : []),
    ],
    facts: [
      {
        what: `incidents on record, attested by ${attestedBy} on ${attestedAt}`,
        value: found.length,
        unit: "incidents",
        limit: "0",
        source: log.source,
        at: log.at,
      },
    ],
  };
}

/** Two machines' clocks differ. */
const aheadMsMax = 60_000;

/** An incident is from its first instant to before its last; one without length happened, too. */
function isWithin({ from, until }: Incident, window: Window): boolean {
  const began = Date.parse(from);
  const ended = until === undefined ? Number.POSITIVE_INFINITY : Math.max(Date.parse(until), began + 1);
  return began < window.until.getTime() && ended > window.from.getTime();
}

function judgeAlerts(
  alerts: WeekReadings["alerts"],
  groups: WeekReadings["groups"],
  { window, ruleGroups }: Week,
): Judged {
  const coverage = groups.ok
    ? ruleGroups.flatMap((name) => {
        const times = groups.value.find((group) => group.name === name)?.evaluatedMs ?? [];
        return gapsOf(`evaluations of the alert rules ${name}`, coverageOf(times, window));
      })
    : [groups.why];
  const none = ruleGroups.length === 0 ? ["no group of alert rules is named: no alert is no news"] : [];
  if (!alerts.ok) return unreadable(alerts.why);
  const { value, source, at } = alerts;
  const told = value.map(
    ({ name, labels, fromMs, untilMs }) =>
      `${name}${whereOf(labels)} fired from ${new Date(fromMs).toISOString()} to ${new Date(untilMs).toISOString()}`,
  );
  return {
    faults: told,
    gaps: [...none, ...coverage],
    facts: [
      ...told.slice(0, shownAtMost).map((one) => ({ what: "critical alert", value: one, source, at })),
      { what: "critical alerts that fired", value: value.length, unit: "alerts", limit: "0", source, at },
    ],
  };
}

const shownAtMost = 50;

function whereOf(labels: FiredAlert["labels"]): string {
  const where = ["namespace", "pod", "app", "node"].flatMap((label) => labels[label] ?? []);
  return where.length === 0 ? "" : ` of ${where.join(" ")}`;
}

function judgeProbes(
  { value, source, at }: Extract<WeekReadings["probes"], { ok: true }>,
  { probed, window, days }: Week,
): Judged {
  const judged = probed.targets.map((target) => probesOf(value, target, window));
  return {
    faults: judged.flatMap(({ target, silent, firstSilent }) =>
      silent === 0 ? [] : [`${target} did not answer once in ${silent} minutes, the first of them ${firstSilent}`],
    ),
    gaps: [
      ...(judged.length === 0 ? ["no address is named that users ask"] : []),
      ...judged.flatMap(({ target, coverage }) => gapsOf(`probes of ${target}`, coverage)),
      ...doubtsOf(value, probed, window),
    ],
    facts: judged.map(({ target, silent, coverage }) => ({
      what: `minutes of ${days} days in which ${target} did not answer once`,
      value: silent,
      unit: "minutes",
      limit: "0",
      samples: coverage.minutes - coverage.missing,
      source,
      at,
    })),
  };
}
