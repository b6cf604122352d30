/** What the posture scan may find, by test, workload and container, each with its reason. One that nothing needs keeps the criterion from being proven. */
import { z } from "zod";

const name = z.string().min(1);

/** One exception. Without `containers` it is of the whole object, such as a pod that no policy is for. */
export const scanExceptionSchema = z.strictObject({
  /** The scanner's id of the test. */
  test: z.string().regex(/^[a-z0-9-]+$/, { error: "is not a test's id" }),
  namespace: name,
  /** Name of the Deployment, StatefulSet, DaemonSet, CronJob or Job; of the pod where nothing makes it. */
  workload: name,
  /** Containers that may have the finding: one of them must have it somewhere. */
  containers: z.array(name).min(1).optional(),
  /** A Job that is there now and then: that it is not there does not make the exception an old one. */
  comesAndGoes: z.literal(true).optional(),
  /** A reason that somebody can judge. */
  why: z.string().min(20),
});

export type ScanException = z.infer<typeof scanExceptionSchema>;

const writable = "container-security-context-readonlyrootfilesystem";
const lowUser = "container-security-context-user-group-id";
const unbounded = "container-resources";

type Row = readonly [namespace: string, workload: string, containers: readonly string[]];

function exceptions(test: string, why: string, rows: readonly Row[]): ScanException[] {
  return rows.map(([namespace, workload, containers]) => ({
    test,
    namespace,
    workload,
    containers: [...containers],
    why,
  }));
}

/** Of the same images in every environment: their makers' user is 999 or 1000, that of the local cluster's packages 100 or 101. */
const dataServices: readonly Row[] = [
  ["health-platform", "postgres-health-data", ["initialise", "postgres"]],
  ["health-platform", "postgres-webauthn-auth", ["initialise", "postgres"]],
  ["health-platform", "postgres-health-data-backup", ["dump", "upload"]],
  ["health-platform", "postgres-webauthn-auth-backup", ["dump", "upload"]],
  ["health-platform", "redis-health", ["redis"]],
  ["health-platform", "redis-webauthn", ["redis"]],
  ["health-platform", "rabbitmq", ["rabbitmq"]],
  ["todo-chatbot", "postgres-todo", ["initialise", "postgres"]],
  ["kafka", "kafka", ["format", "kafka"]],
  ["kafka", "kafka-topics", ["reminders", "task-events", "task-updates"]],
];

const dapr: readonly Row[] = [
  ["dapr-system", "dapr-operator", ["dapr-operator"]],
  ["dapr-system", "dapr-sentry", ["dapr-sentry"]],
  ["dapr-system", "dapr-sidecar-injector", ["dapr-sidecar-injector"]],
  ["dapr-system", "dapr-placement-server", ["dapr-placement-server"]],
];
/** Dapr's chart makes it with no replicas where the scheduler is off. */
const daprScheduler: readonly Row[] = [["dapr-system", "dapr-scheduler-server", ["dapr-scheduler-server"]]];

const argocd: readonly Row[] = [
  ["argocd", "argocd-application-controller", ["argocd-application-controller"]],
  ["argocd", "argocd-repo-server", ["copyutil", "argocd-repo-server"]],
  ["argocd", "argocd-redis", ["secret-init", "redis"]],
];

/** By the two names that the local installation and the chart give it. */
const veleroPlugin = ["velero-plugin-for-aws", "oke-proof-velero-plugin-for-aws"];
const velero: readonly Row[] = [
  ["velero", "velero", ["velero", ...veleroPlugin]],
  ["velero", "node-agent", ["node-agent"]],
];

/** Jobs that Velero makes every hour for the repository of each namespace's volumes, and takes away again. */
const veleroMaintenance: readonly Row[] = ["health-platform", "todo-chatbot"].map((namespace) => [
  "velero",
  `${namespace}-default-kopia-maintain-job`,
  ["velero-repo-maintenance-container"],
]);

export const platformScanExceptions: readonly ScanException[] = [
  ...exceptions(
    lowUser,
    "the image's own user, whom its files and its entry of users name; not root, in a namespace that admits no host path",
    dataServices,
  ),
  ...exceptions(lowUser, "Dapr's own chart sets no number: its images name another user than root", dapr),
  ...exceptions(
    lowUser,
    "wants no pod: Dapr's chart makes it with no replicas where the scheduler is off",
    daprScheduler,
  ),
  ...exceptions(
    writable,
    "wants no pod: Dapr's chart makes it with no replicas where the scheduler is off",
    daprScheduler,
  ),
  ...exceptions(
    unbounded,
    "wants no pod: Dapr's chart makes it with no replicas where the scheduler is off",
    daprScheduler,
  ),
  ...exceptions(lowUser, "Argo CD's own manifests set runAsNonRoot and no number, or Redis' own user", argocd),
  ...exceptions(lowUser, "the chart of Sealed Secrets sets no group, and its image has the user 1001", [
    ["sealed-secrets", "sealed-secrets-controller", ["controller"]],
  ]),
  ...exceptions(lowUser, "the kubelet's log files belong to root, and nobody else may read them", [
    ["observability-nodes", "log-agent", ["log-agent"]],
  ]),
  ...exceptions(
    lowUser,
    "Velero's own installer sets no user; the node agent must read the files of every pod's volumes",
    velero,
  ),
  ...exceptions(writable, "Velero's own installer sets no security context, and has no value for one", velero),
  ...exceptions(unbounded, "Velero's own installer sets no bounds for what copies its plugin, which ends in a second", [
    ["velero", "velero", veleroPlugin],
  ]),
  ...[lowUser, writable, unbounded].flatMap((test) =>
    exceptions(
      test,
      "Velero makes the Job itself, and takes neither a security context nor bounds from its own server",
      veleroMaintenance,
    ).map((one) => ({ ...one, comesAndGoes: true as const })),
  ),
];
