/** Delivery: what stands in Git is what runs, and a push changes what runs. */
import { conclude, fail, pass, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Pushed } from "../../fixtures/git-push.ts";
import type { Application } from "../../probes/argocd/applications.ts";

export type ApplicationReadings = {
  readonly applications: Reading<readonly Application[]>;
  /** The newest commit of each application's branch, by the application's name. */
  readonly heads: ReadonlyMap<string, Reading<string>>;
};

const nameOf = ({ name }: Pick<Application, "name">): string => `application ${name}`;
const shortOf = (commit: string): string => (commit === "" ? "no commit" : commit.slice(0, 10));

/**
 * Every expected application is there; every one that is there is Synced, Healthy and at the newest commit of its branch, which the repository
 * itself was asked for. What Argo CD says of one that it has not looked at lately is old: a controller that is dead goes on saying Synced.
 */
export function judgeApplications(
  readings: ApplicationReadings,
  wanted: { readonly applications: readonly string[]; readonly lookedWithinSeconds: number },
  now: Date,
): Verdict {
  const { applications, heads } = readings;
  if (!applications.ok) return unproven(applications.why);
  const { source, at } = applications;
  const missing = wanted.applications.filter((name) => !applications.value.some((one) => one.name === name));
  const judged = applications.value.map((one) => ({
    one,
    faults: faultsOf(one, heads.get(one.name)),
    gaps: gapsOf(one, heads.get(one.name), wanted.lookedWithinSeconds, now),
  }));
  const faulty = judged.filter(({ faults }) => faults.length > 0);
  const facts: Fact[] = [
    ...[...faulty, ...judged.filter((each) => !faulty.includes(each))]
      .slice(0, applicationsShownAtMost)
      .map(({ one }) => ({
        what: nameOf(one),
        value: `${one.sync === "" ? "never compared" : one.sync}, ${one.health === "" ? "health not said" : one.health}, at ${shortOf(one.revision)}`,
        limit: "Synced, Healthy, at the newest commit",
        source,
        at,
      })),
    {
      what: "applications missing, not synced, not healthy or behind",
      value: missing.length + faulty.length,
      unit: "applications",
      limit: `0 of ${missing.length + judged.length}`,
      source,
      at,
    },
  ];
  return conclude({
    faults: [
      ...missing.map((name) => `application ${name} does not exist`),
      ...faulty.map(({ one, faults }) => `${nameOf(one)} ${faults.join(" and ")}`),
    ],
    gaps: [
      ...judged.flatMap(({ one, gaps }) => gaps.map((gap) => `${nameOf(one)} ${gap}`)),
      ...(judged.length === 0 ? ["there is no application: there is nothing to judge"] : []),
    ],
    facts,
    held: `all ${judged.length} applications are Synced and Healthy at the newest commit of their branch`,
  });
}

const applicationsShownAtMost = 50;

/** Ends of a sentence that begins with the application's name. */
function faultsOf(one: Application, head: Reading<string> | undefined): readonly string[] {
  const complaint = one.complaints[0] === undefined ? "" : ` (${one.complaints[0].slice(0, 200)})`;
  const behind = head?.ok === true && one.revision !== head.value;
  return [
    ...(one.sync === "Synced" ? [] : [`is ${one.sync === "" ? "not compared with Git yet" : one.sync}${complaint}`]),
    ...(one.health === "Healthy" ? [] : [`is ${one.health === "" ? "of no health that Argo CD says" : one.health}`]),
    ...(behind
      ? [`is at ${shortOf(one.revision)}, not at ${shortOf(head.value)}, the newest of ${one.branch ?? ""}`]
      : []),
  ];
}

function gapsOf(one: Application, head: Reading<string> | undefined, secondsMax: number, now: Date): readonly string[] {
  const age = one.lookedAt === undefined ? undefined : (now.getTime() - Date.parse(one.lookedAt)) / 1000;
  return [
    ...(one.repository === undefined ? ["has several sources, which no one commit stands for"] : []),
    ...(head === undefined
      ? ["has no branch that could be asked for"]
      : head.ok
        ? []
        : [`is at a commit that may be old: ${head.why}`]),
    ...(age === undefined ? ["was never looked at by Argo CD"] : []),
    // Past the second limit the controller's clock is ahead of ours, and its times say nothing.
    ...(age !== undefined && !(age <= secondsMax && age >= -secondsMax)
      ? [`was last looked at by Argo CD ${Math.round(age)} s ago (limit ${secondsMax} s): what it says is old`]
      : []),
  ];
}

export type PushReadings = {
  readonly permitted: boolean;
  /** The application before anything was pushed. */
  readonly before: Reading<Application>;
  /** The version that answered before. */
  readonly answered: Reading<string>;
  /** Absent where nothing was pushed, since what came before did not hold. */
  readonly pushed?: Reading<Pushed>;
  /** The last version that answered, and when, after the push. */
  readonly delivered?: Reading<{ readonly version: string; readonly afterSeconds: number }>;
  readonly after?: Reading<Application>;
};

/** Whether the application stands still at what Git has: only then a change after a push is the push's. */
export function isSteady(application: Application): boolean {
  return application.sync === "Synced" && application.health === "Healthy";
}

/** The version that a push wrote into Git answers through the ingress within the limit. */
export function judgePush(
  readings: PushReadings,
  limit: { readonly application: string; readonly secondsMax: number },
): Verdict {
  const { permitted, before, answered, pushed, delivered, after } = readings;
  if (!permitted) return unproven("the profile permits no rollout: nothing was pushed");
  if (!before.ok) return unproven(before.why);
  if (!isSteady(before.value)) {
    const { sync, health } = before.value;
    return unproven(
      `application ${limit.application} was ${sync || "not compared"} and ${health || "of no health"} before: nothing was pushed`,
    );
  }
  if (!answered.ok) return unproven(`before the push: ${answered.why}`);
  if (pushed === undefined) return unproven("nothing was pushed");
  if (!pushed.ok) return unproven(pushed.why);
  if (delivered === undefined) return unproven("the answer after the push was not looked at");
  if (!delivered.ok) return unproven(`after the push: ${delivered.why}`);
  const { commit, version } = pushed.value;
  const { afterSeconds } = delivered.value;
  const facts = [
    {
      what: "time from push to the new version answering",
      value: Math.round(afterSeconds * 10) / 10,
      unit: "s",
      limit: `at most ${limit.secondsMax}`,
      source: delivered.source,
      at: delivered.at,
      samples: 1,
    },
    { what: "commit pushed", value: commit, source: pushed.source, at: pushed.at },
    { what: "version before", value: answered.value, source: answered.source, at: answered.at },
  ] as const;
  if (delivered.value.version === version && afterSeconds <= limit.secondsMax) {
    return pass(`a push answered as version ${version} after ${Math.round(afterSeconds)} s`, facts);
  }
  const state = after?.ok === true ? `${after.value.sync} and ${after.value.health}` : "not to be read";
  const says =
    delivered.value.version === version ? "came too late" : `the canary still says ${delivered.value.version}`;
  return fail(
    `the pushed version ${version} (commit ${shortOf(commit)}) did not answer within ${limit.secondsMax} s: ${says}; application ${limit.application} is ${state}`,
    facts,
  );
}
