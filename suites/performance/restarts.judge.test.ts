import { expect, test } from "vitest";
import type { ContainerRun } from "../../probes/kubernetes/container-runs.ts";
import { containerRun } from "./resource-examples.ts";
import { restartsWithin } from "./restarts.judge.ts";

const fromMs = Date.parse("2026-11-22T12:00:00.000Z");
const span = { fromMs, untilMs: fromMs + 180_000 };
const at = (seconds: number): string => new Date(fromMs + seconds * 1000).toISOString();
const ended = (seconds: number, reason = "Error") => ({ ends: [{ reason, at: at(seconds) }] });

test.each<readonly [string, Partial<ContainerRun>, readonly string[]]>([
  ["none", {}, []],
  ["within", { restarts: 1, startedAt: at(61), ...ended(60) }, ["restarted 1 times (Error), runs since 12:01:01"]],
  ["before", { restarts: 1, startedAt: at(-1), ...ended(-2) }, []],
  [
    "ended before, back within",
    { restarts: 1, startedAt: at(1), ...ended(-2) },
    ["restarted 1 times (Error), runs since 12:00:01"],
  ],
  ["after", { restarts: 1, startedAt: at(190), ...ended(181) }, []],
  [
    "ended within, back after",
    { restarts: 1, startedAt: at(190), ...ended(179) },
    ["restarted 1 times (Error), runs since 12:03:10"],
  ],
  [
    "twice, the last after",
    { restarts: 2, startedAt: at(190), ...ended(181) },
    ["restarted 2 times (Error), runs since 12:03:10"],
  ],
  ["and not back", { restarts: 1, startedAt: undefined, ...ended(60, "OOMKilled") }, ["restarted 1 times (OOMKilled)"]],
  ["at a time that nobody knows", { restarts: 1, ends: [], startedAt: undefined }, ["restarted 1 times"]],
  ["replaced within", { podUid: "uid-b", createdAt: at(30) }, ["was replaced at 12:00:30"]],
  ["replaced after", { podUid: "uid-b", createdAt: at(181) }, []],
])("a restart: %s", (_, changes, what) => {
  const found = restartsWithin(span, [containerRun()], [containerRun(changes)]);
  expect(found.map((one) => one.what)).toEqual(what);
  expect(
    found.every(({ name, workload }) => `${name} of ${workload}` === "health-platform/api-1-a, container main of api"),
  ).toBe(true);
});

test("pods that come and go by scaling are no restarts; a new one that restarts is", () => {
  const added = containerRun({ pod: "api-1-b", createdAt: at(30), startedAt: at(35) });
  expect(restartsWithin(span, [], [added])).toEqual([]);
  expect(restartsWithin(span, [added], [])).toEqual([]);
  expect(restartsWithin(span, [], [{ ...added, restarts: 1, startedAt: at(60), ...ended(59) }])).toHaveLength(1);
});
