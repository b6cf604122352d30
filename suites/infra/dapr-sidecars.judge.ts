/** Sidecars: every pod that asks for one has it, it is ready, and it serves that very application and no other. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Component } from "../../probes/dapr/components.ts";
import type { DaprPod, SidecarMetadata } from "../../probes/dapr/sidecars.ts";
import { settleSeconds, tooNew } from "./too-new.judge.ts";

export type PodReading = { readonly pod: DaprPod; readonly sidecar: Reading<SidecarMetadata> };

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

/** Pods of each of the applications are there; one that asks and has none, one that is not ready, and one that serves another are faults. */
export function judgeSidecars(pods: Reading<readonly PodReading[]>, apps: readonly string[], now: Date): Verdict {
  if (!pods.ok) return unproven(pods.why);
  const { source, at } = pods;
  const judged = pods.value.map((one) => judgePod(one, now));
  const faults = judged.flatMap((one) => one.faults);
  const absent = apps.filter((app) => !pods.value.some(({ pod }) => pod.appId === app));
  return conclude({
    faults: [...faults, ...absent.map((app) => `no pod asks for a sidecar as ${app}`)],
    gaps: [...judged.flatMap(({ gaps }) => gaps), ...(apps.length === 0 ? ["the profile names no application"] : [])],
    facts: [
      {
        what: "pods without a healthy sidecar",
        value: judged.filter((one) => one.faults.length > 0).length,
        unit: "pods",
        limit: `0 of ${pods.value.length}`,
        source,
        at,
      },
    ],
    held: `all ${pods.value.length} pods that ask for a sidecar have one, ready and connected to its application`,
  });
}

function judgePod({ pod, sidecar }: PodReading, now: Date): Judged {
  const name = `pod ${pod.name}`;
  if (!pod.hasSidecar) return { faults: [`${name} asks for a sidecar and has none`], gaps: [] };
  if (!pod.sidecarReady) return isStarting(pod, now) ?? { faults: [`the sidecar of ${name} is not ready`], gaps: [] };
  if (!sidecar.ok) return { faults: [], gaps: [`the sidecar of ${name}: ${sidecar.why}`] };
  const { id, appConnectionProperties: application } = sidecar.value;
  if (id !== pod.appId) return { faults: [`the sidecar of ${name} serves '${id}', not '${pod.appId}'`], gaps: [] };
  return pod.appPort === "" || String(application?.port ?? "") === pod.appPort
    ? { faults: [], gaps: [] }
    : { faults: [`the sidecar of ${name} is not connected to its application at port ${pod.appPort}`], gaps: [] };
}

/** A pod that was made a moment ago is still starting, not without its sidecar. */
function isStarting({ name, sidecarReady, createdAt }: DaprPod, now: Date): Judged | undefined {
  const isYoung = now.getTime() - Date.parse(createdAt) < settleSeconds * 1000;
  return !sidecarReady && isYoung ? { faults: [], gaps: [`pod ${name} ${tooNew} have its sidecar ready`] } : undefined;
}

/** What each sidecar has loaded is what is declared for its application: nothing missing, nothing more. */
export function judgeComponents(
  components: Reading<readonly Component[]>,
  pods: Reading<readonly PodReading[]>,
  apps: readonly string[],
  now: Date,
): Verdict {
  if (!components.ok) return unproven(components.why);
  if (!pods.ok) return unproven(pods.why);
  const judged = pods.value.map(({ pod, sidecar }): Judged => {
    const starting = isStarting(pod, now);
    if (starting !== undefined) return starting;
    if (!sidecar.ok) return { faults: [], gaps: [`the sidecar of pod ${pod.name}: ${sidecar.why}`] };
    const wanted = components.value.filter(({ scopes }) => scopes.length === 0 || scopes.includes(pod.appId));
    const loaded = sidecar.value.components ?? [];
    const title = ({ name, type }: { readonly name: string; readonly type: string }): string => `${name} (${type})`;
    const has = loaded.map(title);
    const should = wanted.map(title);
    return {
      faults: [
        ...should
          .filter((one) => !has.includes(one))
          .map((one) => `${one} is declared for ${pod.appId} and not loaded by pod ${pod.name}`),
        ...has
          .filter((one) => !should.includes(one))
          .map((one) => `${one} is loaded by pod ${pod.name} and not declared for ${pod.appId}`),
      ],
      gaps: [],
    };
  });
  const faults = judged.flatMap((one) => one.faults);
  const { source, at } = pods;
  return conclude({
    faults,
    gaps: [
      ...judged.flatMap(({ gaps }) => gaps),
      ...apps
        .filter((app) => !pods.value.some(({ pod }) => pod.appId === app))
        .map((app) => `no pod of ${app} was found`),
      ...(components.value.length === 0 ? ["no component is declared: there is nothing to compare"] : []),
    ],
    facts: [
      {
        what: "components declared and not loaded, or loaded and not declared",
        value: faults.length,
        unit: "components",
        limit: "0",
        source,
        at,
      },
      {
        what: "components declared",
        value: components.value
          .map(({ name }) => name)
          .toSorted()
          .join(", "),
        source: components.source,
        at: components.at,
      },
    ],
    held: `${pods.value.length} sidecars have loaded just what is declared for them, of ${components.value.length} components`,
  });
}
