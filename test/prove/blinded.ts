/** A ServiceAccount that may know which cluster it looks at, and nothing else. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeconfigForServiceAccount } from "../../environments/local/access.ts";
import type { PlantingCluster } from "../../fixtures/planting-cluster.ts";

const name = "oke-proof-blinded";
const namespace = "oke-proof";
const rbac = "rbac.authorization.k8s.io";
const account = { apiVersion: "v1", kind: "ServiceAccount", name, namespace };
const role = { apiVersion: `${rbac}/v1`, kind: "ClusterRole", name };
const binding = { apiVersion: `${rbac}/v1`, kind: "ClusterRoleBinding", name };

/** Makes the account and returns the path of its kubeconfig. */
export async function blindHarness(cluster: PlantingCluster): Promise<string> {
  await restoreSight(cluster);
  await cluster.create({ ...account, metadata: { name, namespace } });
  await cluster.create({
    ...role,
    metadata: { name },
    rules: [{ apiGroups: [""], resources: ["namespaces"], resourceNames: ["kube-system"], verbs: ["get"] }],
  });
  await cluster.create({
    ...binding,
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  });
  const file = join(tmpdir(), `oke-proof-blinded-${process.pid}.kubeconfig`);
  await kubeconfigForServiceAccount(namespace, name, file);
  return file;
}

/** Makes an account without any right at all and returns the path of its kubeconfig. */
export async function strangerKubeconfig(cluster: PlantingCluster): Promise<string> {
  const stranger = { ...account, name: "oke-proof-stranger" };
  await cluster.remove(stranger);
  await cluster.create({ ...stranger, metadata: { name: stranger.name, namespace } });
  const file = join(tmpdir(), `oke-proof-stranger-${process.pid}.kubeconfig`);
  await kubeconfigForServiceAccount(namespace, stranger.name, file);
  return file;
}

/** Takes both accounts and their rights away; harmless where they are not there. */
export async function restoreSight(cluster: PlantingCluster): Promise<void> {
  for (const reference of [binding, role, account, { ...account, name: "oke-proof-stranger" }])
    await cluster.remove(reference);
}
