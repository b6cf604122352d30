/** The rights that drills need, by disturbance: helm/harness-access/drill-rights.yaml grants them, and a unit test compares the two. */
import type { Posture } from "./posture.ts";
import type { Profile } from "./profile.ts";

type Disturbance = Profile["permits"]["disturbances"][number];

/** `inject` is the harness's alone, `undo` the dead man's too. */
export type DrillRights = { readonly inject: readonly string[]; readonly undo: readonly string[] };

const named = (resource: string, names: readonly string[]): string =>
  names.map((name) => `${resource}:${name}`).join(",");

/** All that makes pods in the namespace that the drill of a restore destroys; the harness's own probers in it too. What is not here it must not destroy: it could not roll it. */
export const restoredWorkloads = {
  deployments: ["health-api", "etl-engine", "webauthn-server", "redis-health", "redis-webauthn"],
  statefulsets: [
    "postgres-health-data",
    "postgres-webauthn-auth",
    "rabbitmq",
    "minio",
    "service-prober",
    "flow-prober",
    "connects-as-health-api",
    "connects-as-webauthn-server",
    "connects-as-etl-engine",
    "connects-as-postgres-health-data",
    "connects-as-database-backup",
    "connects-as-health-stranger",
  ],
} as const;
const policies = "backendtrafficpolicies.gateway.envoyproxy.io";

/** Disturbances that are not here need none: the local cluster is rebuilt by who made it. */
export const drillRights: Readonly<Partial<Record<Disturbance, DrillRights>>> = {
  pod: {
    inject: ["delete pods @health-platform", "delete pods @todo-chatbot"],
    undo: [
      "get,update horizontalpodautoscalers.autoscaling:health-api @health-platform",
      "get,update horizontalpodautoscalers.autoscaling:todo-backend @todo-chatbot",
      "get,update deployments.apps/scale:health-api @health-platform",
      `get,update ${named("deployments.apps/scale", ["todo-backend", "notification-service"])} @todo-chatbot`,
    ],
  },
  rollout: { inject: [], undo: ["get,update deployments.apps:health-api @health-platform"] },
  dependency: {
    inject: [],
    undo: [
      `get,update ${named("statefulsets.apps/scale", ["postgres-health-data", "rabbitmq", "minio"])} @health-platform`,
      `get,update ${named("deployments.apps/scale", ["redis-health", "redis-webauthn"])} @health-platform`,
      "get,update statefulsets.apps/scale:kafka @kafka",
      `get,update ${named("deployments.apps/scale", ["dapr-operator", "dapr-sentry", "dapr-sidecar-injector"])} @dapr-system`,
      "get,update statefulsets.apps/scale:dapr-placement-server @dapr-system",
    ],
  },
  network: { inject: [], undo: ["get,update networkpolicies.networking.k8s.io:redis-health @health-platform"] },
  dns: { inject: [], undo: ["get,update deployments.apps/scale:coredns @kube-system"] },
  traffic: {
    inject: [`list,create ${policies} @health-platform`],
    undo: [`get,delete ${named(policies, ["oke-proof-http-delay", "oke-proof-http-abort"])} @health-platform`],
  },
  resources: {
    inject: ["create deployments.apps @oke-proof"],
    undo: [
      `get,delete ${named("deployments.apps", ["oke-proof-cpu-pressure", "oke-proof-memory-pressure"])} @oke-proof`,
    ],
  },
  storage: {
    inject: ["create deployments.apps @oke-proof", "create deployments.apps @health-platform"],
    undo: [
      "get,delete deployments.apps:oke-proof-disk-full @oke-proof",
      "get,delete deployments.apps:oke-proof-volume-full @health-platform",
    ],
  },
  certificate: {
    inject: ["create secrets @oke-proof"],
    undo: ["get,delete secrets:oke-proof-kept-tls @oke-proof", "get,update secrets:platform-tls @health-platform"],
  },
  "control-plane": {
    inject: ["list leases.coordination.k8s.io @platform-gateway", "delete pods @platform-gateway"],
    undo: [],
  },
  node: {
    inject: ["health-platform", "todo-chatbot", "kafka", "observability"].map(
      (namespace) => `create pods/eviction @${namespace}`,
    ),
    undo: ["get,update nodes @cluster"],
  },
  // Velero brings back whatever a backup holds, the Roles of the namespace with it, by which its pods are then made anew.
  backup: {
    inject: [
      "create backups.velero.io @velero",
      "delete namespaces:health-platform @cluster",
      "create jobs.batch @health-platform",
    ],
    undo: [
      "get,create restores.velero.io @velero",
      "get namespaces:health-platform @cluster",
      "get,update schedules.velero.io:platform,schedules.velero.io:velero-daily @velero",
      `get,update ${named("deployments.apps", restoredWorkloads.deployments)} @health-platform`,
      `get,update ${named("statefulsets.apps", restoredWorkloads.statefulsets)} @health-platform`,
      // The restore of one database: its writers, the schedule of its dumps, and the Job beside it.
      `get,update ${named("deployments.apps/scale", ["health-api", "etl-engine"])} @health-platform`,
      "get,update cronjobs.batch:postgres-health-data-backup @health-platform",
      "get,delete jobs.batch:oke-proof-database-restore @health-platform",
    ],
  },
};

/** By what the dead man knows whom it guards and what it puts back: helm/harness-access/templates/dead-man.yaml. */
const deadManReads: readonly string[] = [
  "get,list,create,delete configmaps @oke-proof",
  "get leases.coordination.k8s.io:oke-proof-drill @oke-proof",
];

/** A posture that also states what the permitted disturbances need. */
export function withDrillRights(posture: Posture, disturbances: readonly Disturbance[]): Posture {
  const granted = disturbances.flatMap((disturbance) => drillRights[disturbance] ?? []);
  const undo = granted.flatMap((each) => each.undo);
  const accounts: Posture["rights"]["accounts"] = [
    ...posture.rights.accounts,
    {
      namespace: "oke-proof",
      name: "oke-proof-reader",
      rights: [...granted.flatMap((each) => each.inject), ...undo, "create,delete jobs.batch @oke-proof"],
      why: "drills disturb what the profile permits, and nothing besides it",
    },
    {
      namespace: "oke-proof",
      name: "oke-proof-dead-man",
      rights: [...undo, ...deadManReads],
      why: "puts back what a drill has changed whose harness fell silent",
    },
  ];
  return {
    ...posture,
    rights: { ...posture.rights, accounts: disturbances.length === 0 ? posture.rights.accounts : accounts },
  };
}
