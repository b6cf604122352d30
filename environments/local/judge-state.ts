/** What stands, judged from what was seen. Pure. */
export type NodeState = "running" | "paused" | "stopped" | "missing";

export type Seen = {
  /** Containers of the cluster's name by node, whoever made them. */
  readonly nodes: Readonly<Record<string, NodeState>>;
  /** Whether the nodes' network carries our label; undefined where there is no such network. */
  readonly networkIsOurs: boolean | undefined;
  readonly recordedUid: string | undefined;
  /** UID of kube-system and the names of its Node objects as the API server gave them, or why they could not be read. */
  readonly uid:
    | { readonly ok: true; readonly value: string; readonly registered: readonly string[] }
    | { readonly ok: false; readonly why: string };
};

export type LocalState = "absent" | "healthy" | "half-dead" | "foreign" | "building";

/**
 * absent: no node of the name. foreign: nodes that are not on our network, so not made by `up`.
 * half-dead: ours, but a node does not run, the API server does not answer, or it is not the cluster that was written down
 * (an interrupted `up` leaves that too). healthy: all nodes run and the recorded cluster answers.
 */
export function judgeState(seen: Seen): { readonly state: LocalState; readonly because: string } {
  const entries = Object.entries(seen.nodes);
  const present = entries.filter(([, state]) => state !== "missing");
  if (present.length === 0) return { state: "absent", because: "no node of the local cluster is there" };
  if (seen.networkIsOurs !== true) {
    return {
      state: "foreign",
      because: `${present.map(([name]) => name).join(", ")}: not on a network that 'oke-proof up' made`,
    };
  }
  const down = entries.filter(([, state]) => state !== "running");
  if (down.length > 0)
    return { state: "half-dead", because: down.map(([name, state]) => `${name} is ${state}`).join(", ") };
  if (!seen.uid.ok)
    return { state: "half-dead", because: `every node runs, but the API server does not answer: ${seen.uid.why}` };
  if (seen.recordedUid === undefined)
    return { state: "half-dead", because: "the nodes run, but 'up' was interrupted before it was done" };
  if (seen.recordedUid !== seen.uid.value) {
    return {
      state: "half-dead",
      because: `the API server is that of cluster ${seen.uid.value}, not of ${seen.recordedUid} as written down`,
    };
  }
  const { registered } = seen.uid;
  const unknown = entries.map(([name]) => name).filter((name) => !registered.includes(name));
  if (unknown.length > 0) return { state: "half-dead", because: `the API server has no node ${unknown.join(", ")}` };
  return { state: "healthy", because: `${entries.length} nodes run and the API server answers` };
}

/** True where nothing of the cluster runs any more, as after a reboot: nobody can have planted that as a fault. */
export function isAllStopped(nodes: Readonly<Record<string, NodeState>>): boolean {
  return Object.values(nodes).every((state) => state === "stopped" || state === "missing");
}

/** Reads `NAME<tab>STATE<tab>PID` lines of the engine; `isAlive` says whether a process is there. */
export function parseContainers(
  text: string,
  names: readonly string[],
  isAlive: (pid: number) => boolean,
): Record<string, NodeState> {
  const states: Record<string, NodeState> = Object.fromEntries(names.map((name) => [name, "missing"]));
  for (const line of text.split("\n")) {
    const [name = "", state = "", pid = ""] = line.trim().replace(/^\//, "").split("\t");
    if (!names.includes(name)) continue;
    if (state === "paused") states[name] = "paused";
    else states[name] = state === "running" && isAlive(Number(pid)) ? "running" : "stopped";
  }
  return states;
}
