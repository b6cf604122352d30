import { describe, expect, it } from "vitest";
import { isAllStopped, judgeState, parseContainers } from "./judge-state.ts";
import type { LocalState, NodeState, Seen } from "./judge-state.ts";

const names = ["control-plane", "worker"];
const nodes = (one: NodeState, other: NodeState) => ({ "control-plane": one, worker: other });
const answers = { ok: true, value: "uid-1", registered: ["worker", "control-plane"] } as const;
const forgotten = { ...answers, registered: ["control-plane"] };
const silent = { ok: false, why: "connection refused" } as const;

describe("judgeState", () => {
  const rows: readonly (readonly [string, Seen, LocalState, string])[] = [
    [
      "nothing there",
      { nodes: nodes("missing", "missing"), networkIsOurs: undefined, recordedUid: undefined, uid: silent },
      "absent",
      "no node",
    ],
    [
      "a record of nothing",
      { nodes: nodes("missing", "missing"), networkIsOurs: true, recordedUid: "uid-1", uid: answers },
      "absent",
      "no node",
    ],
    [
      "all well",
      { nodes: nodes("running", "running"), networkIsOurs: true, recordedUid: "uid-1", uid: answers },
      "healthy",
      "2 nodes run",
    ],
    [
      "no label",
      { nodes: nodes("running", "running"), networkIsOurs: false, recordedUid: "uid-1", uid: answers },
      "foreign",
      "control-plane, worker",
    ],
    [
      "no network",
      { nodes: nodes("stopped", "missing"), networkIsOurs: undefined, recordedUid: undefined, uid: silent },
      "foreign",
      "control-plane",
    ],
    [
      "one stopped",
      { nodes: nodes("running", "stopped"), networkIsOurs: true, recordedUid: "uid-1", uid: answers },
      "half-dead",
      "worker is stopped",
    ],
    [
      "one paused",
      { nodes: nodes("running", "paused"), networkIsOurs: true, recordedUid: "uid-1", uid: answers },
      "half-dead",
      "worker is paused",
    ],
    [
      "one gone",
      { nodes: nodes("running", "missing"), networkIsOurs: true, recordedUid: "uid-1", uid: answers },
      "half-dead",
      "worker is missing",
    ],
    [
      "no answer",
      { nodes: nodes("running", "running"), networkIsOurs: true, recordedUid: "uid-1", uid: silent },
      "half-dead",
      "connection refused",
    ],
    [
      "no record",
      { nodes: nodes("running", "running"), networkIsOurs: true, recordedUid: undefined, uid: answers },
      "half-dead",
      "interrupted",
    ],
    [
      "a Node object deleted",
      { nodes: nodes("running", "running"), networkIsOurs: true, recordedUid: "uid-1", uid: forgotten },
      "half-dead",
      "no node worker",
    ],
    [
      "another cluster",
      { nodes: nodes("running", "running"), networkIsOurs: true, recordedUid: "uid-0", uid: answers },
      "half-dead",
      "uid-0",
    ],
  ];
  it.each(rows)("%s", (_name, seen, state, because) => {
    const judged = judgeState(seen);
    expect(judged.state).toBe(state);
    expect(judged.because).toContain(because);
  });
});

describe("isAllStopped", () => {
  it.each([
    [nodes("stopped", "stopped"), true],
    [nodes("stopped", "missing"), true],
    [nodes("stopped", "paused"), false],
    [nodes("running", "stopped"), false],
  ])("%o is %s", (states, wanted) => {
    expect(isAllStopped(states)).toBe(wanted);
  });
});

describe("parseContainers", () => {
  const alive = (pid: number) => pid === 7;
  const rows: readonly (readonly [string, Record<string, NodeState>])[] = [
    ["", nodes("missing", "missing")],
    ["control-plane\trunning\t7\nworker\texited\t0\n", nodes("running", "stopped")],
    ["/control-plane\trunning\t7\n/worker\tpaused\t7\n", nodes("running", "paused")],
    ["control-plane\trunning\t8\nworker\trunning\tx\n", nodes("stopped", "stopped")],
    ["other\trunning\t7\ncontrol-plane", nodes("stopped", "missing")],
  ];
  it.each(rows)("%j", (text, wanted) => {
    expect(parseContainers(text, names, alive)).toEqual(wanted);
  });
});
