/** What a restore drill shows: how long until the data were verified, whether all of them came back, and how old the newest is that did. */
import { conclude, type Fact, type Verdict } from "../../harness/verdict.ts";
import type { FoundPart, Marker, Moment, RestoreRun } from "../../probes/restore/restore-run.ts";
import { inSeconds, weighStages, type Found } from "./restore-stages.judge.ts";

/** What must be looked at in both ways: what users get, and what lies behind it. */
const ways = ["route", "sql"] as const;

/**
 * `restore-within-two-hours` and `rebuild-within-four-hours`: from declared to data verified, stage by stage. Data that are not intact were never
 * verified, however fast that was.
 * @param limits.stages names of all stages in their order; `secondsMax` may not be reached
 */
export function judgeRestoreTime(
  run: RestoreRun,
  limits: { readonly stages: readonly string[]; readonly secondsMax: number },
): Verdict {
  const { faults, gaps, facts } = weighStages(run, limits);
  const data = weighData(run);
  return conclude({
    faults: [...faults, ...data.faults],
    gaps: [...gaps, ...data.gaps],
    facts: [...facts, ...data.facts],
    held: `${run.what} was restored and its data verified in less than ${limits.secondsMax} s`,
  });
}

/** `restore-data-intact`: every row and object that was accepted before the backup was asked for is there, by its checksum. */
export function judgeRestoreData(run: RestoreRun, limits: { readonly samplesMin: number }): Verdict {
  const { faults, gaps, facts, verified } = weighData(run);
  const few =
    verified < limits.samplesMin
      ? [`${verified} rows and objects were verified, where ${limits.samplesMin} are asked for`]
      : [];
  return conclude({
    faults,
    gaps: [...gaps, ...few],
    facts,
    held: `${verified} rows and objects of before the backup came back unaltered`,
  });
}

/** A marker is written every second: without one for longer than this nobody knows what was lost last. */
const silentSecondsMax = 30;

/**
 * `restore-recovery-point`: the age of the newest marker that came back, at the time of the loss. Beside it stands what was lost: from that marker
 * to the newest that was accepted.
 */
export function judgeRecoveryPoint(run: RestoreRun, limits: { readonly hoursMax: number }): Verdict {
  const { lossBegan } = run;
  const gaps = [...proofGaps(run), ...clockGaps(run)];
  const accepted = run.markers.filter(({ accepted: { ms } }) => ms <= lossBegan.ms).toSorted(byTime);
  const newest = accepted.at(-1);
  const states = statesOf(run);
  const unknown = accepted.filter((marker) => stateOf(marker, states) === "unread");
  const back = accepted.findLast((marker) => stateOf(marker, states) === "intact");
  if (newest === undefined)
    return conclude({ faults: [], gaps: ["no marker was accepted before the loss", ...gaps], facts: [], held: "" });
  const silentMs = lossBegan.ms - newest.accepted.ms;
  if (silentMs > silentSecondsMax * 1000) {
    gaps.push(
      `the newest marker was accepted ${inSeconds(silentMs)} s before the loss: what was lost since is not known`,
    );
  }
  if (back === undefined) {
    const [first] = unknown;
    if (first !== undefined) gaps.push(`which markers came back is not known: ${unknown.length} could not be read`);
    const fact = factOf(run, "markers that came back", 0, {
      unit: "markers",
      limit: `at least 1 of ${accepted.length}`,
    });
    return conclude({
      faults: first === undefined ? [`none of ${accepted.length} markers came back`] : [],
      gaps,
      facts: [fact],
      held: "",
    });
  }
  // What could not be read may be newer than what is known to be there: the true age is this one or less.
  const ageMs = lossBegan.ms - back.accepted.ms;
  const isOld = ageMs > limits.hoursMax * 3_600_000;
  const newer = unknown.filter(({ accepted: { ms } }) => ms > back.accepted.ms).length;
  if (isOld && newer > 0) gaps.push(`${newer} markers that are newer could not be read`);
  const holes = accepted.filter(
    (marker) => marker.accepted.ms < back.accepted.ms && stateOf(marker, states) === "missing",
  );
  const limit = { unit: "h", limit: `at most ${limits.hoursMax}`, samples: accepted.length };
  return conclude({
    faults:
      isOld && newer === 0
        ? [`the newest marker that came back was ${inHours(ageMs)} h old at the loss, at most ${limits.hoursMax} h`]
        : [],
    gaps,
    facts: [
      factOf(run, "age of the newest marker that came back", inHours(ageMs), limit),
      factOf(run, "time of which the writes were lost", inSeconds(newest.accepted.ms - back.accepted.ms), {
        unit: "s",
      }),
      factOf(run, "older markers that did not come back", holes.length, { unit: "markers" }),
    ],
    held: `what was written up to ${inSeconds(ageMs)} s before the loss came back`,
  });
}

type DataFound = Found & { readonly verified: number };

/** What speaks against the data, without the number of samples. */
function weighData(run: RestoreRun): DataFound {
  const { markers, backup } = run;
  const before = markers.filter(({ accepted }) => accepted.ms < backup.requested.ms);
  const gaps = [...proofGaps(run), ...clockGaps(run)];
  if (markers.length === 0) gaps.push("no marker was accepted");
  else if (before.length === 0) gaps.push("no marker was accepted before the backup");
  const restore = restoreFaults(run);
  const states = statesOf(run);
  const parts = before.flatMap(({ id, parts: own }) =>
    own.map((part) => ({ id, part, found: states.get(`${id} ${part}`) })),
  );
  const wrong = parts.flatMap(({ found }) => (found?.state === "missing" || found?.state === "altered" ? [found] : []));
  const unread = parts.filter(({ found }) => found === undefined || found.state === "unread");
  const verified = parts.filter(({ found }) => found?.state === "intact").length;
  if (unread.length > 0) {
    gaps.push(
      `${unread.length} of ${parts.length} rows and objects were not verified: ${unread[0]?.found?.said ?? "nobody looked at them"}`,
    );
  }
  return {
    faults: [...restore, ...lossesOf(wrong, parts.length)],
    gaps,
    facts: [
      factOf(run, "rows and objects lost or altered", wrong.length, {
        unit: "rows and objects",
        limit: `0 of ${parts.length}`,
        samples: verified,
      }),
      ...(run.restore.ok
        ? [factOf(run, `phase of restore ${run.restore.value.name}`, run.restore.value.phase, { limit: "Completed" })]
        : []),
      ...(run.destroyed.ok ? [run.destroyed.value] : []),
    ],
    verified,
  };
}

function lossesOf(wrong: readonly FoundPart[], of: number): string[] {
  return (["missing", "altered"] as const).flatMap((state) => {
    const some = wrong.filter((one) => one.state === state);
    const [first] = some;
    return first === undefined
      ? []
      : [`${some.length} of ${of} rows and objects are ${state}, as ${first.id}: ${first.said}`];
  });
}

/** A restore that is Completed over an empty volume has restored nothing, and says that all is well. */
function restoreFaults({ restore }: RestoreRun): string[] {
  if (!restore.ok) return [];
  const { name, phase, errors, volumes } = restore.value;
  const empty = volumes.filter(
    ({ restoredBytes, backedUpBytes }) => restoredBytes !== backedUpBytes || !(restoredBytes > 0),
  );
  return [
    ...(phase === "Completed" ? [] : [`restore ${name} ended as ${phase === "" ? "nothing" : phase}`]),
    ...(errors > 0 ? [`restore ${name} had ${errors} errors`] : []),
    ...empty.map(
      ({ claim, restoredBytes, backedUpBytes }) =>
        `restore ${name} is ${phase} with ${restoredBytes} of ${backedUpBytes} bytes in the volume of ${claim}`,
    ),
  ];
}

/** What must have been seen for anything to be shown. */
function proofGaps({ destroyed, restore, verifications, what }: RestoreRun): string[] {
  return [
    ...(destroyed.ok ? [] : [`whether ${what} was gone could not be told: ${destroyed.why}`]),
    ...(restore.ok ? [] : [`the restore could not be read: ${restore.why}`]),
    ...(restore.ok && restore.value.volumes.length === 0 ? ["no volume was restored"] : []),
    ...ways.flatMap((way) => {
      const own = verifications.filter((one) => one.way === way);
      if (own.length === 0) return [`nobody verified the data by ${way}`];
      return own.flatMap(({ found }) => (found.ok ? [] : [`the data could not be verified by ${way}: ${found.why}`]));
    }),
  ];
}

/** The two clocks may part so far. */
const partMsMax = 2_000;

/** A clock that was set during the run makes every time beside it doubtful. */
function clockGaps({ lossBegan, backup, ended, markers }: RestoreRun): string[] {
  const moments: readonly (readonly [string, Moment])[] = [
    ...markers.slice(0, 1).map((marker) => ["the first marker", marker.accepted] as const),
    ["the backup", backup.requested],
    ["the loss", lossBegan],
    ["the end", ended],
  ];
  return moments.flatMap(([name, moment], index) => {
    const before = moments[index - 1]?.[1];
    if (before === undefined) return [];
    const [ms, wallMs] = [moment.ms - before.ms, Date.parse(moment.at) - Date.parse(before.at)];
    return ms >= 0 && Math.abs(wallMs - ms) <= partMsMax
      ? []
      : [`the clock stepped before ${name}: its times prove nothing`];
  });
}

/** The worst that any way saw of each part, by `id part`. A part that one way did not look at is left to the other. */
export function statesOf({ verifications }: Pick<RestoreRun, "verifications">): ReadonlyMap<string, FoundPart> {
  const rank = { intact: 0, unread: 1, altered: 2, missing: 3 } as const;
  const states = new Map<string, FoundPart>();
  for (const { found } of verifications) {
    for (const one of found.ok ? found.value : []) {
      const key = `${one.id} ${one.part}`;
      const known = states.get(key);
      if (known === undefined || rank[one.state] > rank[known.state]) states.set(key, one);
    }
  }
  return states;
}

/** Of a whole marker: intact where all of its parts are. */
function stateOf({ id, parts }: Marker, states: ReadonlyMap<string, FoundPart>): "intact" | "missing" | "unread" {
  const own = parts.map((part) => states.get(`${id} ${part}`)?.state ?? "unread");
  if (own.some((state) => state === "missing" || state === "altered")) return "missing";
  return own.length > 0 && own.every((state) => state === "intact") ? "intact" : "unread";
}

function byTime(one: Marker, other: Marker): number {
  return one.accepted.ms - other.accepted.ms;
}

function factOf(
  { what: of, ended, file }: RestoreRun,
  what: string,
  value: Fact["value"],
  more: Pick<Fact, "unit" | "limit" | "samples">,
): Fact {
  return { what, value, ...more, source: of, at: ended.at, file };
}

/** Milliseconds as hours, to the hundredth. */
function inHours(ms: number): number {
  return Math.round(ms / 36_000) / 100;
}
