/** What keeps a drill from being made, against an API server that keeps objects in memory: every one of them before anything is written. */
import { expect, test } from "vitest";
import { builtInProfile } from "../environments/load.ts";
import type { Profile } from "../environments/profile.ts";
import type { Drill, DrillContext, PlannedDrill } from "../fixtures/faults/drill.ts";
import { read, unread, type Reading } from "../harness/verdict.ts";
import { withObjects } from "../test/memory-api.ts";
import type { Objects } from "../test/object-api.ts";
import { uncheckedCriterion } from "../test/report/example.ts";
import { prepareDrill, type Prepared } from "./prepare-drill.ts";

const now = new Date("2026-11-22T08:00:00.000Z");
const catalogue = [
  uncheckedCriterion("pod-restart-survived", { trial: { topic: "dr/pod-restart", drills: ["pod-kill"] } }),
  uncheckedCriterion("other"),
];

function drillOf(plan: (context: DrillContext) => Promise<Reading<PlannedDrill>>): Drill {
  return { name: "pod-kill", about: "Kills a pod.", disturbance: "pod", criteria: ["pod-restart-survived"], plan };
}

function plannedWith(
  change: Partial<PlannedDrill> = {},
  targets: Reading<readonly string[]> = read(["Pod a"], "api", now),
) {
  const act = async (): Promise<never> => {
    throw new Error("a drill that is prepared touches nothing");
  };
  const fault = {
    name: "pod-kill",
    disturbance: "pod",
    targets,
    undo: { how: "delete" },
    inject: act,
    felt: act,
    remove: act,
  };
  const times = { feltWithinMs: 1, observeMs: 10, recoverWithinMs: 100, lostMsMax: 0 };
  const steps = ["It deletes Pod a.", "Its Deployment makes another."];
  return drillOf(async () =>
    read({ fault, namespaces: ["health-platform"], steps, singleReplicas: [], ...times, ...change }, "api", now),
  );
}

type Asked = {
  readonly drill?: Drill;
  readonly name?: string;
  readonly singleReplica?: boolean;
  readonly clusterUid?: string;
  readonly change?: (profile: Profile) => Partial<Profile>;
};

/** Prepares against a cluster whose UID is uid-1, and says what was written to it: nothing. */
async function prepare({ drill = plannedWith(), name = "pod-kill", singleReplica = false, clusterUid, change }: Asked) {
  const methods: string[] = [];
  const interfere = ({ method }: { readonly method: string }): undefined => {
    methods.push(method);
  };
  return withObjects(async ({ cluster, timeouts }, objects: Objects): Promise<Prepared> => {
    objects.set("/api/v1/namespaces/kube-system", { metadata: { name: "kube-system", uid: "uid-1" } });
    objects.set("/version", { metadata: { name: "version" }, gitVersion: "v1.34.1" });
    const builtIn = builtInProfile("local");
    const named: Profile = { ...builtIn, cluster: { ...cluster, expectedUid: "uid-1" }, timeouts };
    const profile: Profile = { ...named, ...change?.(named) };
    try {
      const meant = clusterUid === undefined ? {} : { clusterUid };
      const wanted = { name, profile, runId: "run-1", singleReplica, ...meant };
      return await prepareDrill(wanted, new AbortController().signal, { drills: [drill], catalogue });
    } finally {
      expect(methods.filter((method) => method !== "GET")).toEqual([]);
    }
  }, interfere);
}

test("a drill that may be made says what it will touch, how it undoes it and what it decides", async () => {
  const { lines, decided, drill, planned } = await prepare({});
  expect(planned.ok).toBe(true);
  expect(decided.map(({ id }) => id)).toEqual(["pod-restart-survived"]);
  expect(drill.announced).toMatchObject({ name: "pod-kill", targets: ["Pod a"], namespaces: ["health-platform"] });
  expect(lines).toEqual([
    "drill pod-kill on 'local', cluster uid-1: Kills a pod.",
    "  touches: Pod a",
    "  1. It deletes Pod a.",
    "  2. Its Deployment makes another.",
    "  decides: pod-restart-survived",
  ]);
});

test.each<[string, Asked, RegExp]>([
  ["an unknown name", { name: "pod-kil" }, /^unknown drill 'pod-kil'/],
  [
    "a disturbance that the profile does not permit",
    { change: ({ permits }) => ({ permits: { ...permits, disturbances: ["node"] } }) },
    /^drill pod-kill: nothing was touched: the profile 'local' does not permit disturbance 'pod'/,
  ],
  [
    "production as it is built in",
    { change: () => ({ name: "oke-production", permits: builtInProfile("oke-production").permits }) },
    /'oke-production' does not permit .* looked at, never disturbed/,
  ],
  [
    "a cluster that nobody named",
    { change: ({ cluster: { kubeconfig } }) => ({ cluster: { kubeconfig } }) },
    /names no cluster UID.*'oke-proof up'/,
  ],
  [
    "a cluster that must be named, and is not",
    { drill: { ...plannedWith(), agreement: { local: "named" } } },
    /must be agreed to twice: the profile permits 'pod', and the command must name the cluster \(--cluster-uid UID\)$/,
  ],
  [
    "another cluster than the command names",
    { clusterUid: "uid-2" },
    /the command names cluster uid-2, and this is uid-1/,
  ],
  [
    "an environment that it is never made on",
    { drill: { ...plannedWith(), agreement: { local: "never" } }, clusterUid: "uid-1" },
    /it is never made on 'local', whatever its profile permits/,
  ],
  [
    "the wrong cluster",
    { change: ({ cluster }) => ({ cluster: { ...cluster, expectedUid: "uid-2" } }) },
    /wrong cluster: kubeconfig .* reaches cluster uid-1, not uid-2/,
  ],
  [
    "a cluster that does not answer",
    { change: ({ cluster }) => ({ cluster: { ...cluster, kubeconfig: "/nowhere" } }) },
    /which cluster it is could not be read/,
  ],
  [
    "a namespace that is not permitted",
    { drill: plannedWith({ namespaces: ["health-platform", "kube-public"] }) },
    /it touches kube-public, which the profile 'local' does not permit/,
  ],
  [
    "a target with one replica",
    { drill: plannedWith({ singleReplicas: ["Deployment etl-engine"] }) },
    /Deployment etl-engine has one replica only.*--single-replica/,
  ],
])("refused: %s", async (_, asked, message) => {
  await expect(prepare(asked)).rejects.toMatchObject({ name: "UsageError", message: expect.stringMatching(message) });
});

test("a target with one replica, where it is wanted all the same", async () => {
  const drill = plannedWith({ singleReplicas: ["Deployment etl-engine"] });
  expect((await prepare({ drill, singleReplica: true })).drill.announced.singleReplica).toBe(true);
});

test.each([
  ["the drill cannot be planned", drillOf(async () => unread("403", "api", now))],
  ["its targets cannot be read", plannedWith({}, unread("403", "api", now))],
])("unproven, and nothing to begin with: %s", async (_, drill) => {
  expect((await prepare({ drill })).planned).toMatchObject({ ok: false, why: "403" });
});

test("a drill that no criterion names decides nothing", async () => {
  const drill: Drill = { ...plannedWith(), name: "stray" };
  const { decided, lines } = await prepare({ drill, name: "stray" });
  expect([decided, lines.at(-1)]).toEqual([[], expect.stringContaining("decides: nothing that is in scope here")]);
});
