import { describe, expect, test } from "vitest";
import { hoursOf, type Hour } from "./hours.ts";
import type { SoakLook, Traffic } from "./lines.ts";
import { gatewayPod, look, minuteOf, plan } from "./soak-examples.ts";

const all = Array.from({ length: 121 }, (_, minute) => look(minute));

function hours(looks: readonly SoakLook[], from = plan().from, minutes = 120): readonly Hour[] {
  const record = { plan: plan(), sessions: 1, looks, bytes: 0, sum: "" };
  return hoursOf(record, { from: new Date(from), minutes });
}

/** All looks, with those of some minutes changed or left out. */
function changed(changes: Readonly<Record<number, Partial<SoakLook> | undefined>>): readonly SoakLook[] {
  return all.flatMap((one) => {
    if (!(one.minute in changes)) return [one];
    const change = changes[one.minute];
    return change === undefined ? [] : [{ ...one, ...change }];
  });
}

const pods = (...found: Extract<Traffic, { ok: true }>["pods"]): { traffic: Traffic } => ({
  traffic: { ok: true, pods: found, down: [] },
});

test("two good hours hold what was counted in them", () => {
  const good = {
    minutes: 60,
    gaps: [],
    unanswered: [],
    answers: 6000,
    failed: 0,
    unsuccessful: 0,
    busiest: 100,
    podsEnded: 0,
  };
  const [first, second, ...rest] = hours(all);
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ number: 1, from: minuteOf(0), until: minuteOf(60), ...good });
  expect(second).toMatchObject({ number: 2, from: minuteOf(60), until: minuteOf(120), ...good });
  expect([...(first?.withinMs ?? [])]).toEqual([
    ["25", 6000],
    ["500", 6000],
    ["1000", 6000],
    ["+Inf", 6000],
  ]);
});

test("a window inside the record begins with the minute that its first instant lies in", () => {
  const found = hours(all, "2026-11-22T10:10:30.000Z", 90);
  expect(found).toMatchObject([
    { from: minuteOf(10), until: minuteOf(70), minutes: 60, gaps: [] },
    { from: minuteOf(70), until: minuteOf(100), minutes: 30, gaps: [], answers: 3000 },
  ]);
});

test("minutes before and after the record were watched by nobody", () => {
  expect(hours(all, "2026-11-22T09:59:00.000Z", 60)[0]?.gaps).toEqual([{ at: minuteOf(-1), why: "nobody watched" }]);
  expect(hours(all, minuteOf(61), 60)[0]?.gaps).toEqual([{ at: minuteOf(120), why: "nobody watched its end" }]);
});

describe("a minute is not measured", () => {
  test.each<
    readonly [string, Readonly<Record<number, Partial<SoakLook> | undefined>>, readonly (readonly [number, RegExp])[]]
  >([
    [
      "without a look",
      { 10: undefined },
      [
        [9, /nobody watched its end/],
        [10, /nobody watched$/],
      ],
    ],
    ["without its closing look", { 120: undefined }, [[119, /nobody watched its end/]]],
    [
      "where nobody could see the ingress",
      { 10: { ingress: { state: "unseen", because: "no network" } } },
      [[10, /no network/]],
    ],
    [
      "without counters",
      { 10: { traffic: { ok: false, why: "403" } } },
      [
        [9, /its end was not seen: 403/],
        [10, /^403/],
      ],
    ],
    [
      "where counters went back without a restart",
      { 10: pods(gatewayPod(10, { answers: { "2xx": 10, "5xx": 0 } })) },
      [[9, /counters of pod envoy-1 of the gateway went back/]],
    ],
    [
      "where a pod turns up that had counted before",
      { 10: pods(gatewayPod(10), gatewayPod(10, { pod: "envoy-2" })) },
      [[9, /pod envoy-2 of the gateway had not been scraped before/]],
    ],
    [
      "where a known pod cannot be scraped",
      { 10: { traffic: { ok: true, pods: [], down: ["envoy-1", "another"] } } },
      [[9, /pod envoy-1 of the gateway could not be scraped/]],
    ],
  ])("%s", (_, changes, gaps) => {
    const found = hours(changed(changes)).flatMap((hour) => hour.gaps);
    expect(found).toEqual(gaps.map(([minute, why]) => ({ at: minuteOf(minute), why: expect.stringMatching(why) })));
  });
});

test("over the end of an hour a missed look takes a minute from each", () => {
  expect(hours(changed({ 60: undefined })).map((hour) => hour.gaps.length)).toEqual([1, 1]);
});

test("a pod of another kind that cannot be scraped is none of the gateway's", () => {
  const found = hours(changed({ 10: { traffic: { ok: true, pods: [gatewayPod(10)], down: ["another"] } } }));
  expect(found[0]?.gaps).toEqual([]);
});

test("a pod that restarts counts from its beginning, and one that missed a scrape loses nothing", () => {
  // From minute 30 on the pod is another process, which began 20 s before that look's scrape.
  const restarted = all.map((one) =>
    one.minute < 30
      ? one
      : {
          ...one,
          ...pods(gatewayPod(one.minute, { ...countsOf(one.minute - 30), upSeconds: 20 + 60 * (one.minute - 30) })),
        },
  );
  expect(hours(restarted)[0]).toMatchObject({ gaps: [], answers: 2900 + 3000, podsEnded: 1 });
  const missed = changed({ 10: pods(gatewayPod(10, { pod: "envoy-2", upSeconds: 10, ...countsOf(0) })) });
  expect(hours(missed)[0]).toMatchObject({ gaps: [], answers: 6000, podsEnded: 2 });
});

test("no answer, errors and refusals are counted where they happened", () => {
  const bad = all.map((one) =>
    one.minute < 70
      ? one
      : { ...one, ...pods(gatewayPod(one.minute, { answers: { "2xx": 100 * one.minute - 12, "4xx": 5, "5xx": 7 } })) },
  );
  const found = hours(
    bad.map((one) => (one.minute === 3 ? { ...one, ingress: { state: "unanswered", because: "503" } } : one)),
  );
  expect(found).toMatchObject([
    { unanswered: [{ at: minuteOf(3), why: "503" }], gaps: [], failed: 0 },
    { unanswered: [], failed: 7, unsuccessful: 12, answers: 6000 },
  ]);
});

/** Counters after so many minutes of 100 answers. */
function countsOf(minutes: number): Pick<ReturnType<typeof gatewayPod>, "answers" | "withinMs"> {
  const { answers, withinMs } = gatewayPod(minutes);
  return { answers, withinMs };
}
