/** Hardened containers: what each one lacks, and whether an exception by name covers it. */
import type { Hardening, Posture } from "../../environments/posture.ts";
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { ContainerContext } from "../../probes/kubernetes/hardening.ts";

export type HardeningRules = {
  /** Namespaces whose containers are judged, and of these the ones where there must be some. */
  readonly namespaces: readonly string[];
  readonly peopled: readonly string[];
  readonly exceptions: Posture["containers"];
};

const factsAtMost = 40;

/**
 * What a container lacks, by the Pod Security Standards' own words. A process that was seen to run as root lacks another user whatever is
 * declared; without that, a user is another than root where the kubelet is told to refuse root, or a number other than 0 is set.
 */
export function lacksOf(container: ContainerContext): Hardening[] {
  const { uid, runAsUser, runAsNonRoot, readOnlyRoot, escalation, privileged, dropsAll, adds, seccomp } = container;
  const declared = runAsNonRoot ? runAsUser !== 0 : (runAsUser ?? 0) > 0;
  const filtered = seccomp === "RuntimeDefault" || seccomp === "Localhost";
  const all: readonly (readonly [Hardening, boolean])[] = [
    ["another user than root", uid === undefined ? declared : uid !== 0],
    ["a read-only root file system", readOnlyRoot],
    ["no escalation", !escalation],
    ["no privilege", !privileged],
    ["no capabilities", dropsAll && adds.length === 0],
    ["filtered system calls", filtered],
  ];
  return all.flatMap(([hardening, held]) => (held ? [] : [hardening]));
}

/** Every container of the namespaces lacks nothing but what an exception names for it. */
export function judgeContainers(found: Reading<readonly ContainerContext[]>, rules: HardeningRules): Verdict {
  if (!found.ok) return unproven(found.why);
  const { source, at } = found;
  const judged = found.value
    .filter(({ namespace }) => rules.namespaces.includes(namespace))
    .map((container) => ({ container, ...excusedOf(container, rules.exceptions) }));
  const faulty = judged.filter(({ left }) => left.length > 0);
  const excused = judged.filter(({ excuse }) => excuse !== undefined);
  const seen = judged.filter(({ container }) => container.uid !== undefined).length;
  const facts: Fact[] = [
    {
      what: "containers that are not hardened, without a named exception",
      value: faulty.length,
      unit: "containers",
      limit: `0 of ${judged.length}`,
      samples: judged.length,
      source,
      at,
    },
    {
      what: "containers whose user the runtime itself told",
      value: seen,
      unit: "containers",
      source,
      at,
    },
    ...faulty
      .slice(0, factsAtMost)
      .map(({ container, left }) => ({ what: nameOf(container), value: `lacks ${left.join(", ")}`, source, at })),
    ...excused
      .slice(0, factsAtMost)
      .map(({ container, excuse = "" }) => ({ what: `excepted: ${nameOf(container)}`, value: excuse, source, at })),
  ];
  return conclude({
    faults: faulty.map(({ container, left }) => `${nameOf(container)} lacks ${left.join(" and ")}`),
    gaps: rules.peopled
      .filter((name) => !judged.some(({ container }) => container.namespace === name))
      .map((name) => `namespace ${name} holds no pod: there is nothing to judge`),
    facts: judged.length === 0 ? [] : facts,
    held: `${judged.length} containers are hardened, ${excused.length} of them but for what is excepted by name; of ${seen} the runtime told the user`,
  });
}

function excusedOf(
  container: ContainerContext,
  exceptions: Posture["containers"],
): { readonly left: Hardening[]; readonly excuse?: string } {
  const lacks = lacksOf(container);
  const exception = exceptions.find(
    (one) =>
      one.namespace === container.namespace &&
      one.workload === container.workload &&
      one.container === container.container,
  );
  const left = lacks.filter((one) => !(exception?.lacks ?? []).includes(one));
  if (exception === undefined || left.length === lacks.length) return { left };
  return { left, excuse: `lacks ${lacks.filter((one) => !left.includes(one)).join(", ")}: ${exception.why}` };
}

function nameOf({ namespace, pod, container }: ContainerContext): string {
  return `container ${container} of pod ${namespace}/${pod}`;
}
