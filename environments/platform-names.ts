/** What the platform's charts call things, wherever they are installed. */
import type { Profile } from "./profile.ts";

/** The response header by which the reference Health API is known from any other backend. */
export const healthApi = { header: "x-oke-proof-backend", value: "health-api" };

/** The same for the server that people sign in at. */
export const webauthnServer = { header: "x-oke-proof-backend", value: "webauthn-server" };

/** The same for the todo platform's page. */
export const todoFrontend = { header: "x-oke-proof-backend", value: "todo-frontend" };

/** The namespaces of our charts: helm/health-platform, helm/todo-chatbot with its broker, and helm/harness-access. */
export const platformNamespaces = [
  "health-platform",
  "todo-chatbot",
  "kafka",
  "observability",
  "observability-nodes",
  "oke-proof",
];

/** Names that must resolve inside the cluster. */
export const inClusterRecords: Profile["dns"]["inCluster"] = [
  { namespace: "default", name: "kubernetes" },
  { namespace: "health-platform", name: "health-api" },
  { namespace: "todo-chatbot", name: "todo-backend" },
].map((service) => ({
  name: `${service.name}.${service.namespace}.svc.cluster.local`,
  type: "A",
  answers: { service },
}));

/** The harness's own pod beside the data services (serviceProbers of helm/harness-access). */
export const serviceProber: Profile["serviceProber"] = {
  namespace: "health-platform",
  pod: "service-prober-0",
  port: 8080,
};

/** The harness's own pod that finds an upload of the Health API at each station of its way (flowProber of helm/harness-access). */
export const flowProber: Profile["health"]["prober"] = {
  namespace: "health-platform",
  pod: "flow-prober-0",
  port: 8080,
};

/** What each role of the reference Health API may do, as its document says in words. */
export const healthRoles: Profile["health"]["roles"] = {
  "GET /api/v1/records": { member: "own", admin: "tenant" },
  "POST /api/v1/records": { member: "own", admin: "own" },
  "POST /api/v1/records/search": { member: "own", admin: "tenant" },
  "GET /api/v1/records/totals": { member: "own", admin: "tenant" },
  "GET /api/v1/records/export": { member: "own", admin: "tenant" },
  "POST /api/v1/records/bulk-delete": { member: "own", admin: "tenant" },
  "GET /api/v1/records/{id}": { member: "own", admin: "tenant" },
  "PATCH /api/v1/records/{id}": { member: "own", admin: "own" },
  "DELETE /api/v1/records/{id}": { member: "own", admin: "tenant" },
  "GET /api/v1/records/{id}/narrative": { member: "own", admin: "tenant" },
};

/** The users that an installation begins with (webauthn-stack.server.users), by tenant. */
export const tenants: Profile["tenants"] = [
  { name: "clinic-a", admin: "alice-a", member: "bob-a" },
  { name: "clinic-b", admin: "alice-b", member: "bob-b" },
];

/** The databases of helm/health-platform, which its CronJobs dump. */
export const databases: Profile["databases"] = [
  { namespace: "health-platform", name: "postgres-health-data" },
  { namespace: "health-platform", name: "postgres-webauthn-auth" },
];

/** What the WebAuthn server looks up before it knows who asks: there is no tenant to name yet. */
export const rowSecurityExempt: Profile["rowSecurityExempt"] = [
  { table: "webauthn.users", why: "read to learn which tenant a credential is of; names and roles only" },
  { table: "webauthn.invitations", why: "found by the digest of a secret, by somebody who is not signed in yet" },
];

const operation = (line: string): Profile["protectedServices"][number]["operations"][number] => {
  const [method, path = ""] = line.split(" ");
  if (method !== "GET" && method !== "POST" && method !== "PATCH" && method !== "DELETE") throw new Error(line);
  return { method, path };
};

/** What a token is asked for, at the hosts of the two platforms. */
export function protectedServices(host: string, todoHost: string): Profile["protectedServices"] {
  const records = "/api/v1/records";
  const tasks = "/api/v1/tasks";
  const notifications = "/api/v1/notifications";
  return [
    {
      host,
      service: "health-api",
      gateway: true,
      document: "/openapi.json",
      operations: [
        `GET ${records}`,
        `POST ${records}`,
        `GET ${records}/{id}`,
        `DELETE ${records}/{id}`,
        `GET ${records}/{id}/narrative`,
      ].map(operation),
    },
    {
      host,
      service: "webauthn-server",
      gateway: false,
      operations: [
        "GET /auth/users",
        "DELETE /auth/users/{id}",
        "POST /auth/invitations",
        "POST /auth/register/options",
      ].map(operation),
    },
    {
      host: todoHost,
      service: "todo-backend",
      gateway: true,
      document: "/api/openapi.json",
      operations: [
        `GET ${tasks}`,
        `POST ${tasks}`,
        `GET ${tasks}/{id}`,
        `PATCH ${tasks}/{id}`,
        `DELETE ${tasks}/{id}`,
        `GET ${notifications}`,
        `DELETE ${notifications}/{id}`,
      ].map(operation),
    },
  ];
}

/** How soon a session that was ended is refused: services believe what they know of it for two seconds. */
export const revokedWithinSeconds = 5;

/** The pods that network policies are tried on (networkProbers of helm/harness-access). */
export const enforcement: Profile["enforcement"] = {
  namespaces: { x: "oke-proof-network-x", y: "oke-proof-network-y", z: "oke-proof-network-z" },
  port: 9000,
  portRanges: "enforced",
  outside: true,
};

/** The harness's own pods, one a node. */
export const prober: Profile["prober"] = {
  namespace: "oke-proof",
  selector: "app.kubernetes.io/name=prober",
  port: 8080,
};

const labelled = (job: string, namespace: string, names: readonly string[], label = "app.kubernetes.io/name") =>
  names.map((name) => ({ job, namespace, selector: `${label}=${name}` }));

/** Services of both platforms that answer HTTP. */
const services = [
  ...["health-api", "webauthn-server", "etl-engine"].map((name) => ({ namespace: "health-platform", name })),
  ...["todo-frontend", "todo-backend", "notification-service", "recurring-task-service"].map((name) => ({
    namespace: "todo-chatbot",
    name,
  })),
];

/** What helm/health-platform/charts/observability makes, and whom it must see. */
export const observability: Profile["observability"] = {
  namespace: "observability",
  services: {
    prometheus: "prometheus:http",
    alertReceiver: "alert-receiver:http",
    loki: "loki:http",
    jaeger: "jaeger:query",
    grafana: "grafana:http",
  },
  scraped: [
    ...services.flatMap(({ namespace, name }) => labelled("pods", namespace, [name])),
    ...labelled("pods", "platform-gateway", ["envoy"]),
    ...labelled("pods", "platform-gateway", ["envoy-gateway"], "control-plane"),
    ...labelled("pods", "dapr-system", ["dapr-operator", "dapr-sentry", "dapr-placement-server"], "app"),
    ...labelled("pods", "dapr-system", ["dapr-sidecar-injector"], "app"),
    ...labelled("pods", "observability", ["prometheus", "alertmanager", "loki", "otel-collector"]),
    ...labelled("alert-receiver", "observability", ["alert-receiver"]),
    ...labelled("pods", "observability-nodes", ["log-agent"]),
    ...labelled("node-exporter", "observability-nodes", ["node-exporter"]),
  ],
  logged: services.map(({ namespace, name }) => ({ namespace, service: `${name}:http` })),
  traced: ["health-api", "etl-engine"],
  alertRules: [
    "TargetDown",
    "NodeMetricsMissing",
    "NodeCpuHigh",
    "NodeMemoryHigh",
    "NodeDiskHigh",
    "VolumeHigh",
    "ContainerRestarts",
    "ContainerMemoryNearLimit",
    "ServiceErrorRateHigh",
    "ServiceSlow",
    "GatewayErrorRateHigh",
    "GatewayDown",
    "DaprSidecarDown",
    "BackupMissing",
    "AlertsNotDelivered",
    "RuleInError",
    "LogsNotDelivered",
    "OkeProofSynthetic",
  ],
  dashboards: [
    { uid: "cluster", panels: 8 },
    { uid: "dapr", panels: 6 },
    { uid: "health-platform", panels: 6 },
    { uid: "logs", panels: 3 },
    { uid: "todo-platform", panels: 5 },
  ],
};

const inTodo = (service: string, needs: readonly string[]) => ({
  namespace: "todo-chatbot",
  service,
  needs: [...needs],
});

/** The services of both platforms, each with what it depends on, by the names that its /readyz tells them by. */
export const dependencies: Profile["dependencies"] = [
  { namespace: "health-platform", service: "health-api", needs: ["postgres", "minio", "rabbitmq", "redis"] },
  { namespace: "health-platform", service: "webauthn-server", needs: ["postgres", "redis"] },
  { namespace: "health-platform", service: "etl-engine", needs: ["postgres", "minio", "rabbitmq"] },
  inTodo("todo-backend", ["statestore", "pubsub", "secretstore"]),
  inTodo("notification-service", ["statestore", "pubsub", "secretstore", "reminder-schedule"]),
  inTodo("recurring-task-service", ["pubsub", "secretstore", "todo-backend"]),
];

const topic = (name: string) => ({ name, partitions: 3 });

/** What helm/todo-chatbot, its chart kafka, and daprProber of helm/harness-access make. */
export const eventBus: Profile["eventBus"] = {
  namespace: "todo-chatbot",
  controlPlaneNamespace: "dapr-system",
  controlPlane: ["dapr-operator", "dapr-sentry", "dapr-placement-server", "dapr-sidecar-injector"],
  daysLeftMin: 21,
  probers: { inScope: "dapr-prober:80", outOfScope: "dapr-outsider:80" },
  topics: ["task-events", "reminders", "task-updates"].map(topic),
  probeTopic: "task-updates",
  apps: ["todo-frontend", "todo-backend", "notification-service", "recurring-task-service"],
  secrets: {
    allowed: ["oke-proof-probe"],
    guarded: "todo-settings",
    readers: ["todo-backend", "notification-service", "recurring-task-service"],
  },
};
