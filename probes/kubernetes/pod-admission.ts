/** What the API server would do with a pod, asked by a dry run: nothing is stored and nothing is started. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { oneLine } from "../why.ts";
import type { Cluster } from "./cluster.ts";
import { podVariants, type PodVariant } from "./pod-variants.ts";

/** `said` is the sentence of the refusal, whole: Pod Security names in it every rule that the pod breaks. */
export type Admission = { readonly admitted: boolean; readonly said: string };

const status = z.object({ kind: z.literal("Status"), message: z.string().min(1) });
const stored = z.object({ kind: z.literal("Pod"), metadata: z.object({ name: z.string().min(1) }) });

/** Asks whether a namespace would take a pod. A refusal by the harness's own lack of rights is no reading: it says nothing of the pod. */
export async function tryPod(cluster: Cluster, namespace: string, variant: PodVariant): Promise<Reading<Admission>> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods?dryRun=All`;
  const answer = await cluster.postText(path, podVariants[variant].pod, [201, 403]);
  if (!answer.ok) return answer;
  const { source, at, value } = answer;
  const when = new Date(at);
  const parsed = (value.status === 201 ? stored : status).safeParse(parseJson(value.text));
  if (!parsed.success) return unread(`POST ${path}: ${value.status} without a Kubernetes answer`, source, when);
  if (parsed.data.kind === "Pod") return read({ admitted: true, said: "" }, source, when);
  const said = parsed.data.message;
  return /cannot create resource/.test(said)
    ? unread(
        `POST ${path}: 403, the harness has no right to read this (helm/harness-access grants it): ${oneLine(said)}`,
        source,
        when,
      )
    : read({ admitted: false, said }, source, when);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const guardName = "oke-proof-dry-run-only";
const policies = "/apis/admissionregistration.k8s.io/v1";
const policy = z.object({
  spec: z.object({
    failurePolicy: z.string(),
    validations: z.array(z.object({ expression: z.string() })).min(1),
    matchConditions: z.array(z.unknown()).optional(),
    matchConstraints: z.object({
      namespaceSelector: z.record(z.string(), z.unknown()).optional(),
      objectSelector: z.record(z.string(), z.unknown()).optional(),
      excludeResourceRules: z.array(z.unknown()).optional(),
      resourceRules: z.array(z.object({ operations: z.array(z.string()), resources: z.array(z.string()) })),
    }),
  }),
});
const binding = z.object({
  spec: z.object({
    policyName: z.string(),
    validationActions: z.array(z.string()),
    matchResources: z.unknown().optional(),
  }),
});

/**
 * Whether the policy stands that refuses the harness every pod that is no dry run: the right to ask is the right to create.
 * @returns `holds` false with the reason where it is weaker than helm/harness-access makes it
 */
export async function readDryRunGuard(
  cluster: Cluster,
): Promise<Reading<{ readonly holds: boolean; readonly why: string }>> {
  const [found, bound] = await Promise.all([
    cluster.getJson(`${policies}/validatingadmissionpolicies/${guardName}`, policy),
    cluster.getJson(`${policies}/validatingadmissionpolicybindings/${guardName}`, binding),
  ]);
  if (!found.ok) return found;
  if (!bound.ok) return bound;
  const { failurePolicy, validations, matchConditions = [], matchConstraints } = found.value.spec;
  const { namespaceSelector = {}, objectSelector = {}, excludeResourceRules = [], resourceRules } = matchConstraints;
  const left = [...Object.keys(namespaceSelector), ...Object.keys(objectSelector), ...excludeResourceRules];
  const isAsked = resourceRules.some(
    ({ operations, resources }) => operations.includes("CREATE") && resources.includes("pods"),
  );
  const { policyName, validationActions, matchResources } = bound.value.spec;
  const weak = [
    ...(failurePolicy === "Fail" ? [] : [`its failurePolicy is ${failurePolicy}`]),
    ...(validations.some(({ expression }) => expression.includes("request.dryRun"))
      ? []
      : ["it does not ask for dry runs"]),
    ...(policyName === guardName && validationActions.includes("Deny") ? [] : ["its binding does not deny"]),
    ...(isAsked && left.length === 0 && matchConditions.length === 0 ? [] : ["it leaves something out"]),
    ...(matchResources === undefined ? [] : ["its binding leaves something out"]),
  ];
  return { ...found, value: { holds: weak.length === 0, why: weak.join(", ") } };
}
