/** Every right of the harness's own account (helm/harness-access): it is judged as all others are. */
import type { Posture } from "./posture.ts";

type Account = Posture["rights"]["accounts"][number];

const connectsAs = (namespace: string, names: readonly string[]): string =>
  `create ${names.map((name) => `pods/proxy:connects-as-${name}-0:8079`).join(",")} @${namespace}`;
const asks = (namespace: string, services: readonly string[]): string =>
  `get ${services.map((service) => `services/proxy:${service}`).join(",")} @${namespace}`;
const policyNamespaces = ["oke-proof-network-x", "oke-proof-network-y", "oke-proof-network-z"];

/** What the harness reads of the whole cluster. */
const reads = [
  "nodes,namespaces,pods,services,endpoints,events,persistentvolumes,persistentvolumeclaims",
  "deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,controllerrevisions.apps",
  "jobs.batch,cronjobs.batch,endpointslices.discovery.k8s.io,storageclasses.storage.k8s.io",
  "networkpolicies.networking.k8s.io,apiservices.apiregistration.k8s.io,horizontalpodautoscalers.autoscaling",
  "gatewayclasses.gateway.networking.k8s.io,gateways.gateway.networking.k8s.io,httproutes.gateway.networking.k8s.io",
  "nodes.metrics.k8s.io,pods.metrics.k8s.io,applications.argoproj.io,components.dapr.io,configurations.dapr.io",
].map((resources) => `get,list ${resources} @cluster`);

/** @param namespaces those of the platform: asked by dry runs what pods they would take, and their ConfigMaps searched for secrets */
export function harnessRights(namespaces: readonly string[]): Account {
  return {
    namespace: "oke-proof",
    name: "oke-proof-reader",
    why: "reads what it judges, asks its own probers, and makes what undo can take away in namespaces of its own",
    rights: [
      ...reads,
      "list roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io @cluster",
      "list clusterroles.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io,serviceaccounts @cluster",
      "create subjectaccessreviews.authorization.k8s.io @cluster",
      "get /readyz @cluster",
      "get validatingadmissionpolicies.admissionregistration.k8s.io:oke-proof-dry-run-only @cluster",
      "get validatingadmissionpolicybindings.admissionregistration.k8s.io:oke-proof-dry-run-only @cluster",
      "get,list leases.coordination.k8s.io @kube-node-lease",
      "get,list backups.velero.io,restores.velero.io,schedules.velero.io,backupstoragelocations.velero.io @velero",
      "get,list podvolumebackups.velero.io,podvolumerestores.velero.io,backuprepositories.velero.io @velero",
      // Held to dry runs by a ValidatingAdmissionPolicy, without which nothing is asked.
      ...namespaces.map((namespace) => `create pods @${namespace}`),
      ...namespaces.map((namespace) => `list configmaps @${namespace}`),
      "get,list,create,update,delete configmaps,leases.coordination.k8s.io @oke-proof",
      "get,create pods/proxy @oke-proof",
      // Held to one Job of pods without an account by a ValidatingAdmissionPolicy.
      "create jobs.batch @oke-proof",
      "delete jobs.batch:load-runners @oke-proof",
      "get pods/proxy @health-platform",
      "get pods/proxy @todo-chatbot",
      "get pods/proxy @dapr-system",
      "create pods/proxy:service-prober-0:8080,pods/proxy:flow-prober-0:8080 @health-platform",
      "get,create services/proxy:dapr-prober:80,services/proxy:dapr-outsider:80 @todo-chatbot",
      "get,create services/proxy:alert-receiver:http @observability",
      asks("observability", ["prometheus:http", "loki:http", "jaeger:query", "grafana:http"]),
      asks("health-platform", ["health-api:http", "webauthn-server:http", "etl-engine:http"]),
      asks("todo-chatbot", [
        "todo-frontend:http",
        "todo-backend:http",
        "notification-service:http",
        "recurring-task-service:http",
      ]),
      connectsAs("health-platform", [
        "database-backup",
        "etl-engine",
        "health-api",
        "health-stranger",
        "postgres-health-data",
        "webauthn-server",
      ]),
      connectsAs("todo-chatbot", [
        "notification-service",
        "recurring-task-service",
        "todo-backend",
        "todo-frontend",
        "todo-stranger",
      ]),
      connectsAs("observability", ["prometheus"]),
      ...policyNamespaces.flatMap((namespace) => [
        `get,list,create,delete networkpolicies.networking.k8s.io @${namespace}`,
        `create pods/proxy:a-0:9000,pods/proxy:b-0:9000,pods/proxy:c-0:9000 @${namespace}`,
      ]),
    ],
  };
}
