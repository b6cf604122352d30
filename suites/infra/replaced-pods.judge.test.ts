import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import { ago, now, origins, pod } from "./pod-examples.ts";
import {
  eventsKeptSeconds,
  graceSeconds,
  replacedPods,
  scalingSeconds,
  stepSecondsMax,
  type Origins,
} from "./replaced-pods.judge.ts";

const day = 86_400;
const refused = unread<never>("GET /apis: 403, the harness has no right", "the API server", now);
const namespace = "health-platform";
const setOwner = { kind: "StatefulSet", name: "db", uid: "set" };
const daemonOwner = { kind: "DaemonSet", name: "agent", uid: "daemon" };

function judged(
  pods: readonly Pod[],
  found: Partial<Origins> = {},
  windowSeconds = day,
): { replaced: string[]; gaps: number } {
  const { replaced, gaps } = replacedPods(pods, origins(found), windowSeconds, now);
  return { replaced: replaced.map(({ name }) => name), gaps: gaps.length };
}

/** A ReplicaSet that came so long ago, and was last changed so long ago. */
function replicaSet(sinceSeconds: number, changedSeconds = sinceSeconds): Partial<Origins> {
  const times = { since: ago(sinceSeconds), changedAt: ago(changedSeconds) };
  return {
    replicaSets: read([{ namespace, name: "api-1", uid: "rs-1", owner: undefined, ...times }], "replicasets", now),
  };
}

const scaling = (secondsAgo: number, name = "api-1"): Partial<Origins> => ({
  scalings: read([{ namespace, replicaSet: name, times: [ago(secondsAgo)], added: 1 }], "events", now),
});

/** An autoscaler that took its Deployment from two to three so many times between two moments, and how many pods came of it. */
function upAndDown(times: number, created: number, first = 2000, last = 500): Partial<Origins> {
  const creation = (secondsAgo: number) => ({ namespace, replicaSet: "api-1", times: [ago(secondsAgo)], count: 1 });
  return {
    ...replicaSet(day, last),
    scalings: read([{ namespace, replicaSet: "api-1", times: [ago(first), ago(last)], added: times }], "events", now),
    creations: read(
      [
        ...Array.from({ length: created }, (_, index) => creation(first - index)),
        creation(first + scalingSeconds + 1),
        creation(last - scalingSeconds - 1),
        { ...creation(last), replicaSet: "web-1" },
      ],
      "events",
      now,
    ),
  };
}

const young = (seconds: number, readySeconds = seconds): Pod =>
  pod({ name: "young", createdAt: ago(seconds), readyAt: ago(readySeconds) });

const none = { replaced: [], gaps: 0 };
const untold = { replaced: [], gaps: 1 };
const theYoung = { replaced: ["young"], gaps: 0 };

test.each<[string, Pod[], Partial<Origins>, { replaced: string[]; gaps: number }]>([
  ["came with its revision", [young(1000)], replicaSet(1000), none],
  ["came within the grace", [young(1000)], replicaSet(1000 + graceSeconds), none],
  ["came after the grace", [young(1000)], replicaSet(1001 + graceSeconds), theYoung],
  [
    "followed a step of the roll-out",
    [pod({ name: "first", createdAt: ago(1600), readyAt: ago(1100) }), young(1000)],
    replicaSet(1600),
    none,
  ],
  [
    "followed a late recovery",
    [pod({ name: "first", createdAt: ago(day), readyAt: ago(1100) }), young(1000)],
    replicaSet(day),
    theYoung,
  ],
  [
    "followed a step by its utmost",
    [pod({ name: "first", createdAt: ago(2000), readyAt: ago(1) }), young(2000 - stepSecondsMax - graceSeconds)],
    replicaSet(2000),
    none,
  ],
  [
    "followed later than that",
    [pod({ name: "first", createdAt: ago(2000), readyAt: ago(1) }), young(1999 - stepSecondsMax - graceSeconds)],
    replicaSet(2000),
    theYoung,
  ],
  ["came by the last scaling", [young(1000)], replicaSet(day, 1000 + scalingSeconds), none],
  ["came later than the last scaling", [young(1000)], replicaSet(day, 1001 + scalingSeconds), theYoung],
  ["came by an earlier scaling", [young(1000)], scaling(1000 + scalingSeconds), none],
  ["came later than an earlier scaling", [young(1000)], scaling(1001 + scalingSeconds), theYoung],
  ["came amid scalings that account for all pods", [young(1000)], upAndDown(3, 3), none],
  [
    "came amid scalings that began as long ago as events are kept",
    [young(1000)],
    upAndDown(3, 3, eventsKeptSeconds),
    untold,
  ],
  ["came amid scalings that began a second later", [young(1000)], upAndDown(3, 3, eventsKeptSeconds - 1), none],
  ["came amid scalings, one pod too many", [young(1000)], upAndDown(3, 4), theYoung],
  ["came amid scalings, one pod too few", [young(1000)], upAndDown(3, 2), untold],
  ["came before the first of many scalings", [young(2001 + scalingSeconds)], upAndDown(3, 3), theYoung],
  ["came after the last of many scalings", [young(499 - scalingSeconds)], upAndDown(3, 3), theYoung],
  [
    "came amid scalings, and what was made may not be read",
    [young(1000)],
    { ...upAndDown(3, 3), creations: refused },
    untold,
  ],
  [
    "came amid scalings that do not say their size",
    [young(1000)],
    {
      ...upAndDown(3, 3),
      scalings: read(
        [{ namespace, replicaSet: "api-1", times: [ago(2000), ago(500)], added: undefined }],
        "events",
        now,
      ),
    },
    untold,
  ],
  ["came when another was scaled", [young(1000)], scaling(1000, "web-1"), theYoung],
  ["came when events were still kept, before a scaling", [young(eventsKeptSeconds - 1)], replicaSet(day, 10), theYoung],
  ["came before what events tell and before a scaling", [young(eventsKeptSeconds)], replicaSet(day, 10), untold],
  ["came before what events tell, but after every scaling", [young(eventsKeptSeconds)], {}, theYoung],
  [
    "came before a scaling, and events may not be read",
    [young(1000)],
    { ...replicaSet(day, 10), scalings: refused },
    untold,
  ],
  ["came after every scaling, and events may not be read", [young(1000)], { scalings: refused }, theYoung],
  ["came with its revision, without events", [young(1000)], { ...replicaSet(1000), scalings: refused }, none],
  ["has a ReplicaSet that is gone", [young(1000)], { replicaSets: read([], "replicasets", now) }, untold],
  ["has one that may not be read", [young(1000)], { replicaSets: refused }, untold],
  ["is of a Job", [pod({ createdAt: ago(10), owner: { kind: "Job", name: "j", uid: "j" } })], {}, none],
  ["is of the node itself", [pod({ createdAt: ago(10), owner: { kind: "Node", name: "n", uid: "n" } })], {}, none],
  [
    "is of an owner without known revisions",
    [pod({ createdAt: ago(10), owner: { kind: "Kafka", name: "k", uid: "k" } })],
    {},
    untold,
  ],
  ["is of nobody", [pod({ createdAt: ago(10), owner: undefined })], {}, none],
])("a pod of a Deployment that %s", (_, pods, found, expected) => {
  expect(judged(pods, found)).toEqual(expected);
});

test("only pods younger than the window count", () => {
  expect(judged([young(999)], {}, 1000).replaced).toEqual(["young"]);
  expect(judged([young(1000)], { replicaSets: refused }, 1000)).toEqual(none);
});

function revision(owner: Pod["owner"], name: string, secondsAgo: number): Partial<Origins> {
  return { revisions: read([{ namespace, name, owner, since: ago(secondsAgo) }], "revisions", now) };
}

function set(changedSeconds: number): Partial<Origins> {
  const named = { kind: "StatefulSet", namespace, name: "db", uid: "set", changedAt: ago(changedSeconds) };
  return {
    workloads: read(
      [{ ...named, wanted: 1, ready: 1, observed: true, containers: [], initContainers: [] }],
      "workloads",
      now,
    ),
  };
}

const ofSet = (name: string, seconds: number, readySeconds = seconds): Pod =>
  pod({ name, owner: setOwner, revision: "db-5f", createdAt: ago(seconds), readyAt: ago(readySeconds) });

test.each<[string, Pod[], Partial<Origins>, { replaced: string[]; gaps: number }]>([
  [
    "came in order",
    [ofSet("db-0", 5000, 4700), ofSet("db-1", 4690, 4400), ofSet("db-2", 4390)],
    revision(setOwner, "db-5f", 5000),
    none,
  ],
  [
    "was killed",
    [ofSet("db-0", 1000), ofSet("db-1", 4690, 4400)],
    revision(setOwner, "db-5f", 5000),
    { replaced: ["db-0"], gaps: 1 },
  ],
  [
    "died with its node, one after the other",
    [ofSet("db-0", 1000, 900), ofSet("db-1", 890)],
    revision(setOwner, "db-5f", 5000),
    { replaced: ["db-1"], gaps: 1 },
  ],
  ["was added", [ofSet("db-1", 1000)], { ...revision(setOwner, "db-5f", 5000), ...set(1000) }, none],
  ["came by an old revision that was taken up again", [ofSet("db-0", 1000)], revision(setOwner, "db-5f", 1010), none],
  ["is of a revision that is gone", [ofSet("db-0", 1000)], revision(setOwner, "db-6a", 5000), untold],
  ["is of a revision that may not be read", [ofSet("db-0", 1000)], { revisions: refused }, untold],
  [
    "is of a set that may not be read",
    [ofSet("db-0", 1000)],
    { ...revision(setOwner, "db-5f", 5000), workloads: refused },
    untold,
  ],
])("a pod of a StatefulSet that %s", (_, pods, found, expected) => {
  expect(judged(pods, found)).toEqual(expected);
});

const node = (seconds: number) => ({
  name: "worker",
  createdAt: ago(seconds),
  cordoned: false,
  repels: [],
  conditions: [],
});
const agent = pod({ name: "agent-x", owner: daemonOwner, revision: "7c9", createdAt: ago(1000), readyAt: ago(990) });

test.each<[string, number, string[]]>([
  ["came with its new node", 1000 + graceSeconds, []],
  ["came later than its node", 1001 + graceSeconds, ["agent-x"]],
])("a pod of a DaemonSet that %s", (_, nodeSeconds, expected) => {
  const found = { ...revision(daemonOwner, "agent-7c9", 5000), nodes: read([node(nodeSeconds)], "nodes", now) };
  expect(judged([agent], found)).toEqual({ replaced: expected, gaps: 0 });
});

test("a pod that was made a second time is found among its unharmed siblings", () => {
  const siblings = Array.from({ length: 20 }, (_, index) => pod({ name: `old-${index}` }));
  expect(judged([...siblings, young(1000)]).replaced).toEqual(["young"]);
});
