/** Pod Security: what each namespace refuses, in the API server's own words, and what it admits. */
import type { PodSecurityLevel } from "../../environments/posture.ts";
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Admission } from "../../probes/kubernetes/pod-admission.ts";

/** One pod asked about in one namespace. `words` is the end of "a pod with …", `rule` how Pod Security calls what it breaks. */
export type PodTrial = {
  readonly namespace: string;
  readonly level: PodSecurityLevel;
  readonly words: string;
  readonly rule: string;
  /** The strictest level that admits it. */
  readonly allowedBy: PodSecurityLevel;
  readonly admission: Reading<Admission>;
};

const strictness: readonly PodSecurityLevel[] = ["privileged", "baseline", "restricted"];
const saidAtMost = 200;

type Finding = { readonly fault?: string; readonly gap?: string };

/**
 * Each namespace admits every pod that its level allows and refuses, by Pod Security and for the very rule, every one that it forbids.
 * A refusal by something else (a quota, another policy) proves nothing of Pod Security; a level without a refusal, `privileged`, only admits.
 * @param guard whether the harness is held to dry runs; without it nothing may be asked
 */
export function judgePodSecurity(
  guard: Reading<{ readonly holds: boolean; readonly why: string }>,
  trials: readonly PodTrial[],
): Verdict {
  if (!guard.ok)
    return unproven(`nothing was asked, since no policy is known to hold the harness to dry runs: ${guard.why}`);
  if (!guard.value.holds)
    return unproven(`nothing was asked: the policy that holds the harness to dry runs is weak: ${guard.value.why}`);
  const found = trials.map((trial) => ({ trial, ...findingOf(trial) }));
  const namespaces = [...new Set(trials.map(({ namespace }) => namespace))];
  const [first] = trials;
  const { source, at } = first?.admission ?? guard;
  const faulty = new Set(found.flatMap(({ trial, fault }) => (fault === undefined ? [] : [trial.namespace])));
  return conclude({
    faults: found.flatMap(({ fault }) => fault ?? []),
    gaps: found.flatMap(({ gap }) => gap ?? []),
    facts:
      trials.length === 0
        ? []
        : [
            {
              what: "namespaces that admitted a forbidden pod or refused an allowed one",
              value: faulty.size,
              unit: "namespaces",
              limit: `0 of ${namespaces.length}`,
              samples: trials.length,
              source,
              at,
              file: "pod-security-enforced.json",
            },
            ...namespaces.map((namespace) =>
              factOf(
                namespace,
                trials.filter((trial) => trial.namespace === namespace),
              ),
            ),
          ],
    held: `${namespaces.length} namespaces refused ${count(trials, false)} forbidden pods, each for its own rule, and admitted ${count(trials, true)} allowed ones`,
  });
}

function count(trials: readonly PodTrial[], admitted: boolean): number {
  return trials.filter(({ admission }) => admission.ok && admission.value.admitted === admitted).length;
}

function factOf(namespace: string, trials: readonly PodTrial[]): Fact {
  const [{ level, admission: { source, at } } = { level: "", admission: { source: namespace, at: "" } }] = trials;
  return {
    what: `pods refused by ${namespace} of ${trials.length} asked about (${level})`,
    value: count(trials, false),
    unit: "pods",
    limit: `${trials.filter((trial) => !isAllowed(trial)).length}`,
    source,
    at,
  };
}

function isAllowed({ level, allowedBy }: PodTrial): boolean {
  return strictness.indexOf(level) <= strictness.indexOf(allowedBy);
}

function findingOf(trial: PodTrial): Finding {
  const { namespace, level, words, rule, admission } = trial;
  if (!admission.ok) return { gap: `namespace ${namespace}, a pod with ${words}: ${admission.why}` };
  const { admitted, said } = admission.value;
  const allowed = isAllowed(trial);
  if (admitted) {
    return allowed ? {} : { fault: `namespace ${namespace} admits a pod with ${words}, which '${level}' forbids` };
  }
  const short = said.length > saidAtMost ? `${said.slice(0, saidAtMost)}…` : said;
  const [, violated = ""] = /violates PodSecurity "[^"]+": (.*)$/s.exec(said) ?? [];
  if (violated === "")
    return { gap: `namespace ${namespace} refuses a pod with ${words}, but not by Pod Security: ${short}` };
  if (allowed)
    return { fault: `namespace ${namespace} refuses a pod with ${words}, which '${level}' allows: ${short}` };
  return violated.includes(rule)
    ? {}
    : { gap: `namespace ${namespace} refuses a pod with ${words}, but not for '${rule}': ${short}` };
}
