/** Whether every service reaches what it depends on: by its own word, and by a call that needs it. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { PodReadiness, ServiceReadiness } from "../../probes/kubernetes/readiness.ts";
import { settleSeconds, tooNew } from "./too-new.judge.ts";

/** A call of a service that it can only answer with its dependencies. */
export type OwnCall = {
  readonly service: string;
  readonly call: string;
  /** "done", or in words what came instead. */
  readonly came: Reading<string>;
};

/**
 * Fails for each dependency that a pod does not reach, or says nothing of, for a pod that is not ready for reasons of its own, for a service
 * without a pod, and for a call that did not succeed. A pod that could not be asked is a gap, and so is one that is not Ready within a minute
 * after it was made, whatever it says.
 */
export function judgeDependencies(
  services: readonly ServiceReadiness[],
  calls: readonly OwnCall[],
  now: Date,
): Verdict {
  const faults: string[] = [];
  const gaps: string[] = [];
  const facts: Fact[] = [];
  for (const { namespace, service, needs, pods } of services) {
    if (!pods.ok) {
      gaps.push(pods.why);
      continue;
    }
    if (pods.value.length === 0) faults.push(`${namespace}/${service} has no pod`);
    const [young = [], grown = []] = [true, false].map((wanted) =>
      pods.value.filter((pod) => isNew(pod, now) === wanted),
    );
    gaps.push(...young.map(({ pod }) => `${namespace}/${pod} ${tooNew} be asked`));
    const heard = grown.flatMap(({ pod, said }) => (said.ok ? [{ pod, told: said.value }] : []));
    gaps.push(...grown.flatMap(({ said }) => (said.ok ? [] : [said.why])));
    const missed = heard.flatMap(({ pod, told }) => unreached(needs, told).map((why) => `${namespace}/${pod} ${why}`));
    faults.push(...missed);
    const limit = `0 of ${needs.length * heard.length}`;
    const what = `dependencies that ${service} does not reach`;
    facts.push({ what, value: missed.length, unit: "dependencies", limit, source: pods.source, at: pods.at });
  }
  for (const { service, call, came } of calls) {
    if (!came.ok) {
      gaps.push(came.why);
      continue;
    }
    if (came.value !== "done") faults.push(`${service} ${call}: ${came.value}`);
    facts.push({ what: `${service} ${call}`, value: came.value, limit: "done", source: came.source, at: came.at });
  }
  if (services.length === 0 || calls.length === 0) gaps.push("no service was asked, or none was called");
  const needed = services.reduce((sum, { needs }) => sum + needs.length, 0);
  return conclude({
    faults: [...new Set(faults)],
    gaps: [...new Set(gaps)],
    facts,
    held: `${services.length} services reach all of their ${needed} dependencies, and ${calls.length} calls through them succeeded`,
  });
}

function isNew({ ready, createdAt }: PodReadiness, now: Date): boolean {
  return !ready && now.getTime() - Date.parse(createdAt) < settleSeconds * 1000;
}

function unreached(needs: readonly string[], told: Readonly<Record<string, string>>): string[] {
  const silent = needs.filter((name) => told[name] === undefined).map((name) => `says nothing of ${name}`);
  const failed = Object.entries(told).flatMap(([name, state]) => {
    if (state === "ok") return [];
    return [name === "itself" ? `is not ready: ${state}` : `does not reach ${name}: ${state}`];
  });
  // Without its dependencies' names it told why it is not ready at all.
  return told["itself"] === undefined ? [...failed, ...silent] : failed;
}
