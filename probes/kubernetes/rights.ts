/** What roles give to accounts, as the API server has them: every rule of every role that is bound to an account or to a group that it is in. */
import { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "./cluster.ts";

/**
 * One thing that may be done. `resource` is RESOURCE[.GROUP][/SUBRESOURCE][:NAME], or a path such as /metrics; "*.*" is all of all groups.
 * `where` is a namespace or "cluster"; `via` names the role and what binds it.
 */
export type Right = {
  readonly verb: string;
  readonly resource: string;
  readonly where: string;
  readonly via: string;
};

export type Account = { readonly namespace: string; readonly name: string };
export type AccountRights = Account & { readonly rights: readonly Right[] };

const rule = z.object({
  verbs: z.array(z.string()),
  apiGroups: z.array(z.string()).optional(),
  resources: z.array(z.string()).optional(),
  resourceNames: z.array(z.string()).optional(),
  nonResourceURLs: z.array(z.string()).optional(),
});
const role = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  // An aggregated role without a part has null.
  rules: z.array(rule).nullish(),
});
const binding = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  roleRef: z.object({ kind: z.enum(["Role", "ClusterRole"]), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
});
const account = z
  .object({ metadata: z.object({ name: z.string(), namespace: z.string() }) })
  .transform(({ metadata: { name, namespace } }): Account => ({ namespace, name }));

type Binding = z.output<typeof binding>;
type Role = z.output<typeof role>;

/** What every account of every cluster may do: what of the API there is, and what it is itself. */
const everybodys = [
  "system:basic-user",
  "system:discovery",
  "system:public-info-viewer",
  "system:service-account-issuer-discovery",
];

/** All accounts of the cluster, each with its rights besides those that Kubernetes itself gives to everybody. */
export async function readAccountRights(cluster: Cluster): Promise<Reading<readonly AccountRights[]>> {
  const api = "/apis/rbac.authorization.k8s.io/v1";
  const [accounts, roles, clusterRoles, bindings, clusterBindings] = await Promise.all([
    cluster.list("/api/v1/serviceaccounts", account),
    cluster.list(`${api}/roles`, role),
    cluster.list(`${api}/clusterroles`, role),
    cluster.list(`${api}/rolebindings`, binding),
    cluster.list(`${api}/clusterrolebindings`, binding),
  ]);
  if (!accounts.ok) return accounts;
  if (!roles.ok) return roles;
  if (!clusterRoles.ok) return clusterRoles;
  if (!bindings.ok) return bindings;
  if (!clusterBindings.ok) return clusterBindings;
  const known = [...roles.value, ...clusterRoles.value];
  const bound = [...bindings.value, ...clusterBindings.value].filter(
    ({ metadata, roleRef }) => metadata.namespace !== undefined || !everybodys.includes(roleRef.name),
  );
  const found = accounts.value.map((one) => ({
    ...one,
    rights: bound.filter((each) => binds(each, one)).flatMap((each) => rightsOf(each, known)),
  }));
  return read(found, `${cluster.server}${api}`, new Date(clusterBindings.at));
}

function binds({ metadata, subjects }: Binding, { namespace, name }: Account): boolean {
  return (subjects ?? []).some((subject) => {
    if (subject.kind === "ServiceAccount")
      return subject.name === name && (subject.namespace ?? metadata.namespace) === namespace;
    if (subject.kind === "User") return subject.name === userOf({ namespace, name });
    return subject.kind === "Group" && groupsOf(namespace).includes(subject.name);
  });
}

/** The name that an account signs in with. */
export function userOf({ namespace, name }: Account): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** The groups that every account of a namespace is in. */
export function groupsOf(namespace: string): string[] {
  return ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
}

function rightsOf(bound: Binding, roles: readonly Role[]): Right[] {
  const { metadata, roleRef } = bound;
  const namespace = roleRef.kind === "Role" ? metadata.namespace : undefined;
  const found = roles.find((one) => one.metadata.name === roleRef.name && one.metadata.namespace === namespace);
  const kind = metadata.namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
  const via = `${roleRef.kind} ${roleRef.name} by ${kind} ${metadata.name}`;
  const where = metadata.namespace ?? "cluster";
  return (found?.rules ?? []).flatMap(({ verbs, ...of }) =>
    verbs.flatMap((verb) => resourcesOf(of).map((resource) => ({ verb, resource, where, via }))),
  );
}

function resourcesOf({
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: Omit<z.output<typeof rule>, "verbs">): string[] {
  const names = resourceNames.length === 0 ? [""] : resourceNames.map((name) => `:${name}`);
  const grouped = apiGroups.flatMap((group) => resources.map((resource) => inGroup(resource, group)));
  return [
    ...grouped.flatMap((resource) => names.map((name) => `${resource}${name}`)),
    ...nonResourceURLs.map((path) => (path === "*" ? "/*" : path)),
  ];
}

function inGroup(resource: string, group: string): string {
  const [base = "", ...sub] = resource.split("/");
  return [group === "" ? base : `${base}.${group}`, ...sub].join("/");
}
