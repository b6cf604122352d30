/** What an account may do, by the API server's own answer: all its authorizers have a say, and not only the roles that can be read. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";
import { groupsOf, userOf, type Account, type Right } from "./rights.ts";

export type Asked = Pick<Right, "verb" | "resource" | "where">;

const answer = z.object({
  kind: z.literal("SubjectAccessReview"),
  status: z.object({ allowed: z.boolean(), denied: z.boolean().optional(), evaluationError: z.string().optional() }),
});

/** Asks whether an account may do something. An answer that comes with an error of its evaluation and no yes is no reading. */
export async function mayDo(cluster: Cluster, account: Account, asked: Asked): Promise<Reading<boolean>> {
  const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user: userOf(account), groups: groupsOf(account.namespace), ...attributesOf(asked) },
  };
  const found = await cluster.postJson(path, body, answer);
  if (!found.ok) return found;
  const { allowed, evaluationError } = found.value.status;
  const at = new Date(found.at);
  return !allowed && evaluationError !== undefined
    ? unread(`POST ${path}: ${evaluationError}`, found.source, at)
    : read(allowed, found.source, at);
}

/** RESOURCE[.GROUP][/SUBRESOURCE][:NAME] taken apart; a path stays whole. */
export function attributesOf({ verb, resource, where }: Asked): Readonly<Record<string, unknown>> {
  if (resource.startsWith("/")) return { nonResourceAttributes: { verb, path: resource === "/*" ? "*" : resource } };
  const [, full = "", name] = /^([^:]*)(?::(.*))?$/.exec(resource) ?? [];
  const [, base = "", subresource] = /^([^/]*)(?:\/(.*))?$/.exec(full) ?? [];
  const [, plural = "", group = ""] = /^([^.]*)(?:\.(.*))?$/.exec(base) ?? [];
  return {
    resourceAttributes: {
      verb,
      group,
      resource: plural,
      ...(subresource === undefined ? {} : { subresource }),
      ...(name === undefined ? {} : { name }),
      ...(where === "cluster" ? {} : { namespace: where }),
    },
  };
}

const rbac = "rbac.authorization.k8s.io";
const workloads = ["deployments.apps", "daemonsets.apps", "statefulsets.apps", "jobs.batch", "cronjobs.batch"];
const each = (verbs: readonly string[], resources: readonly string[]) =>
  resources.flatMap((resource) => verbs.map((verb) => ({ verb, resource })));

/** Rights in a namespace that lead to more than they say: to other accounts, to other pods, to what is secret. The first are asked of every account. */
export const powersInNamespace = [
  ...each(["*"], ["*.*"]),
  ...each(["get", "list"], ["secrets"]),
  ...each(["create"], ["pods", "pods/exec", "serviceaccounts/token", `rolebindings.${rbac}`]),
  // The rest, of those that roles give something.
  ...each(["watch", "update", "patch"], ["secrets"]),
  ...each(["create"], ["pods/attach", "pods/portforward"]),
  // An exec over a WebSocket begins with a GET.
  ...each(["get"], ["pods/exec", "pods/attach"]),
  ...each(["patch", "update"], ["pods", "pods/ephemeralcontainers"]),
  ...each(["create", "patch"], workloads),
  ...each(["create", "patch", "update", "bind", "escalate"], [`roles.${rbac}`]),
  ...each(["patch", "update"], [`rolebindings.${rbac}`]),
  ...each(["impersonate"], ["serviceaccounts"]),
  ...each(["create", "patch", "delete"], ["networkpolicies.networking.k8s.io"]),
] as const;

/** The same of the whole cluster. */
export const powersInCluster = [
  ...each(["*"], ["*.*"]),
  ...each(["impersonate"], ["users", "groups"]),
  ...each(["create"], [`clusterrolebindings.${rbac}`]),
  ...each(["get"], ["nodes/proxy"]),
  // The rest, of those that roles give something.
  ...each(["create", "patch", "update", "bind", "escalate"], [`clusterroles.${rbac}`]),
  ...each(["patch", "update"], [`clusterrolebindings.${rbac}`]),
  ...each(["create"], ["nodes/proxy"]),
  ...each(["patch", "update"], ["nodes", "namespaces"]),
  ...each(["create"], ["persistentvolumes"]),
  ...each(["update"], ["certificatesigningrequests.certificates.k8s.io/approval"]),
  ...each(["approve", "sign"], ["signers.certificates.k8s.io"]),
  ...each(
    ["create", "patch", "delete"],
    ["validatingwebhookconfigurations", "mutatingwebhookconfigurations", "validatingadmissionpolicybindings"].map(
      (name) => `${name}.admissionregistration.k8s.io`,
    ),
  ),
] as const;

/** How many of each are asked of an account that no role gives anything: the rest would take the API server many seconds. */
export const powersOfAll = { inNamespace: 7, inCluster: 5 } as const;
