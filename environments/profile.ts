/** What a run needs to know of the cluster it judges. Parsed at the door; unknown keys are refused. Names of secrets may stand here, values never. */
import { z } from "zod";
import { availabilitySchema } from "./availability.ts";
import { backupsSchema } from "./backups.ts";
import { bandsSchema } from "./bands.ts";
import { deliverySchema } from "./delivery.ts";
import { loadPlanSchema } from "./load-plan.ts";
import { networkIntentSchema } from "./network-intent.ts";
import { ociSchema } from "./oci.ts";
import { planSchema } from "./plan.ts";
import { postureSchema } from "./posture.ts";

const port = z.int().min(1).max(65535);
const hostName = z.string().regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, {
  error: "is not a host name",
});

/** An address a listener is reached at: where to connect, whatever the name in the URL says. */
const address = z.strictObject({ host: z.string().min(1), port });

/** One request and the answer that proves it reached the right backend. */
const route = z
  .strictObject({
    host: hostName,
    path: z.string().startsWith("/"),
    status: z.int().min(100).max(599),
    /** A response header that only the right backend sends, and its value. Absent only where no backend may answer (404). */
    backend: z.strictObject({ header: z.string().min(1), value: z.string().min(1) }).optional(),
  })
  .refine(({ status, backend }) => backend !== undefined || status === 404, {
    error: "a status other than 404 needs a backend: anybody may answer with it",
    path: ["backend"],
  });

const dnsRecord = z.strictObject({
  name: hostName,
  type: z.enum(["A", "AAAA", "CNAME"]),
  /** The addresses it must resolve to, all and only these; or the ClusterIP of a Service, read live. */
  answers: z.union([
    z.array(z.string().min(1)).min(1),
    z.strictObject({ service: z.strictObject({ namespace: z.string(), name: z.string() }) }),
  ]),
});

/** What a drill may do to a cluster. Empty means: look, do not touch. */
export const disturbances = [
  "pod",
  "node",
  "network",
  "dns",
  "dependency",
  "traffic",
  "resources",
  "storage",
  "certificate",
  "control-plane",
  "rollout",
  "backup",
  "rebuild",
] as const;

/** A Service and the name of its port, as the API server's proxy is asked for it. */
const proxied = z.string().regex(/^[a-z0-9-]+:[a-z0-9-]+$/, { error: "is not SERVICE:PORT" });

/** What must be seen of the platform from outside of it: helm/health-platform/charts/observability. */
const observability = z.strictObject({
  namespace: z.string().min(1),
  services: z.strictObject({
    prometheus: proxied,
    alertReceiver: proxied,
    loki: proxied,
    jaeger: proxied,
    grafana: proxied,
  }),
  /** Workloads whose every running pod must be a target of that job. */
  scraped: z
    .array(z.strictObject({ job: z.string().min(1), namespace: z.string().min(1), selector: z.string().min(1) }))
    .min(1),
  /** Services whose log must be found: each logs a request that names itself. */
  logged: z.array(z.strictObject({ namespace: z.string().min(1), service: proxied })).min(1),
  /** Services that an uploaded record passes: each has its spans in the record's trace. */
  traced: z.array(z.string().min(1)).min(1),
  /** Names of all alert rules, as the chart declares them. */
  alertRules: z.array(z.string().min(1)).min(1),
  /** Grafana's dashboards by uid, each with the number of panels that the chart gives it. */
  dashboards: z.array(z.strictObject({ uid: z.string().min(1), panels: z.int().min(1) })).min(1),
});

/** The todo platform's event bus: the releases kafka, dapr and todo-chatbot, and what looks through them (daprProber of helm/harness-access). */
const eventBus = z.strictObject({
  /** Where applications and components stand, and where Dapr's control plane does. */
  namespace: z.string().min(1),
  controlPlaneNamespace: z.string().min(1),
  /** Deployments and StatefulSets of the control plane. */
  controlPlane: z.array(z.string().min(1)).min(1),
  /** Days that the certificate must still be good for which the sidecars' own are signed by. */
  daysLeftMin: z.int().min(0),
  probers: z.strictObject({ inScope: proxied, outOfScope: proxied }),
  topics: z.array(z.strictObject({ name: z.string().min(1), partitions: z.int().min(1) })).min(1),
  /** The topic that the prober may publish to. */
  probeTopic: z.string().min(1),
  /** Applications by their Dapr id, which is also what they call themselves in `x-oke-proof-backend`. */
  apps: z.array(z.string().min(1)).min(1),
  secrets: z.strictObject({
    /** Secrets that the prober may read through Dapr, and one that it may not. */
    allowed: z.array(z.string().min(1)).min(1),
    guarded: z.string().min(1),
    /** Applications whose `/readyz` says, as `secretstore`, whether they can read theirs. */
    readers: z.array(z.string().min(1)).min(1),
  }),
});

/** Whose objects a role may do something with: nobody's, the user's own, or all of the tenant. */
const reach = z.enum(["none", "own", "tenant"]);
const rolesMay = z.strictObject({ member: reach, admin: reach });

/** A service that lets in nobody without a valid token, and what it must be asked. */
const protectedService = z.strictObject({
  host: hostName,
  /** Its name: what it says in `x-oke-proof-backend`, and what the prober inside the cluster knows it by (serviceProbers of helm/harness-access). */
  service: z.string().min(1),
  /** Whether the gateway verifies tokens before it does. */
  gateway: z.boolean(),
  /** Path of its OpenAPI document: operations that this declares as secured are asked too. */
  document: z.string().startsWith("/").optional(),
  operations: z
    .array(
      z.strictObject({ method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]), path: z.string().startsWith("/") }),
    )
    .min(1),
});

/** "Storage Usage: < 80%" (roadmap, Technical Metrics). A profile may be stricter, never laxer. */
const usedPercentRoadmap = 80;

/** The nine pods that network policies are tried on, three in each of three namespaces: networkProbers of helm/harness-access. */
const enforcement = z.strictObject({
  namespaces: z.strictObject({ x: z.string().min(1), y: z.string().min(1), z: z.string().min(1) }),
  port,
  /** How the network plugin reads `endPort`: the API allows one that does not support it to take the first port alone. */
  portRanges: z.enum(["enforced", "first port only"]),
  /** Whether policies by address are tried, with an address outside the cluster (`networkProbers.outside`). */
  outside: z.boolean(),
});

const profileShape = z.strictObject({
  name: z.enum(["local", "kind", "oke-staging", "oke-production"]),
  cluster: z.strictObject({
    /** Path of the kubeconfig of the harness's own ServiceAccount. */
    kubeconfig: z.string().min(1),
    context: z.string().min(1).optional(),
    /** UID of the namespace kube-system. Absent: a gate refuses, since it cannot know what it looked at. */
    expectedUid: z.string().min(1).optional(),
  }),
  nodes: z.strictObject({
    count: z.int().min(1).max(1000),
    /** Names of the nodes, where they are known beforehand: a missing one can then be named. */
    names: z.array(z.string().min(1)).optional(),
  }),
  pods: z.strictObject({
    /** Namespaces whose pods must run; "all" takes every namespace of the cluster. */
    namespaces: z.union([z.literal("all"), z.array(z.string().min(1)).min(1)]),
    /** A pod that replaced another of the same revision within this many seconds counts as a restart. */
    replacedWithinSeconds: z.int().min(0),
  }),
  workloads: z.strictObject({
    /** Namespaces whose Deployments, StatefulSets and DaemonSets must have probes, requests and limits. */
    namespaces: z.array(z.string().min(1)).min(1),
  }),
  ingress: z.strictObject({
    https: z.array(address).min(1),
    http: z.array(address).min(1),
    /** PEM of the authority that signs the certificates. Absent: the system's roots. */
    caFile: z.string().min(1).optional(),
    daysLeftMin: z.int().min(0),
    routes: z.array(route).min(1),
  }),
  dns: z.strictObject({
    /** Records asked of every prober inside the cluster. */
    inCluster: z.array(dnsRecord).min(1),
    /** Records of the ingress hosts, and who is asked: the probers, or name servers by address. */
    ingress: z.strictObject({
      resolvers: z.union([z.literal("probers"), z.array(address).min(1)]),
      records: z.array(dnsRecord).min(1),
    }),
  }),
  storage: z.strictObject({
    namespaces: z.array(z.string().min(1)).min(1),
    usedPercentMax: z.number().min(1).max(usedPercentRoadmap),
  }),
  /** The harness's own pods inside the cluster, one a worker node (helm/harness-access). */
  prober: z.strictObject({ namespace: z.string().min(1), selector: z.string().min(1), port }),
  /** The harness's own pod beside the data services, which goes through each of them and back. */
  serviceProber: z.strictObject({ namespace: z.string().min(1), pod: z.string().min(1), port }),
  /** Databases that must be dumped: each a StatefulSet with a CronJob `<name>-backup` beside it, and its dumps below `<name>/` in the prober's bucket of dumps. */
  databases: z.array(z.strictObject({ namespace: z.string().min(1), name: z.string().min(1) })).min(1),
  /** Tables with a column `tenant` that row-level security cannot bind, each with the reason: every other one must be bound. */
  rowSecurityExempt: z.array(z.strictObject({ table: z.string().min(1), why: z.string().min(1) })),
  enforcement,
  load: loadPlanSchema,
  /** Absent: the roadmap's bands of CPU and memory use, as the catalogue has them. */
  bands: bandsSchema.optional(),
  /** What Oracle environments would hold, summed and judged before anything is applied. */
  plans: z.array(planSchema).min(1),
  observability,
  eventBus,
  networkIntent: networkIntentSchema,
  /** Where users sign in, the domain that their credentials are bound to, and the file with the private keys of those whom the harness signs in as. */
  signIn: z.strictObject({
    host: hostName,
    relyingParty: hostName,
    authenticatorsFile: z.string().min(1),
    /** From the end of a session to the refusal of its tokens. */
    revokedWithinSeconds: z.number().min(1).max(60),
  }),
  protectedServices: z.array(protectedService).min(1),
  /** Every service of both platforms, and the dependencies that its /readyz must tell of. */
  dependencies: z
    .array(
      z.strictObject({
        namespace: z.string().min(1),
        /** Label app.kubernetes.io/name of its pods, which serve on port 8080. */
        service: z.string().min(1),
        needs: z.array(z.string().min(1)).min(1),
      }),
    )
    .min(1),
  /** The health platform: the ingress host of its API, and the users (of `signIn`) whose records a check may make and delete. */
  health: z.strictObject({
    host: hostName,
    users: z.array(z.string().min(1)).min(1),
    /** What each role may do, by operation of the API's document, as `GET /api/v1/records`. */
    roles: z.record(z.string().regex(/^[A-Z]+ \//), rolesMay),
    /** The harness's own pod that finds an upload at each station of its way. */
    prober: z.strictObject({ namespace: z.string().min(1), pod: z.string().min(1), port }),
  }),
  /** Tenants that must be kept apart, each with an admin and a member (of `signIn`) whose records and tasks a check may make and delete. */
  tenants: z
    .array(z.strictObject({ name: z.string().min(1), admin: z.string().min(1), member: z.string().min(1) }))
    .min(2),
  /** The todo platform: the ingress host that it is served at, and the user (of `signIn`) whose tasks a check may make and delete. */
  todo: z.strictObject({ host: hostName, user: z.string().min(1) }),
  /** Absent where nothing is backed up: nothing can be said of backups then. */
  backups: backupsSchema.optional(),
  /** Absent where nobody probes from outside: nothing can be said of days then. */
  availability: availabilitySchema.optional(),
  /** Absent where the cluster stands in no tenancy of Oracle's. */
  oci: ociSchema.optional(),
  delivery: deliverySchema,
  posture: postureSchema,
  permits: z.strictObject({ disturbances: z.array(z.enum(disturbances)), namespaces: z.array(z.string().min(1)) }),
  pushgateway: z.url().optional(),
  timeouts: z.strictObject({ requestMs: z.int().min(100).max(60_000), checkMs: z.int().min(1000).max(600_000) }),
});

/** Refused besides wrong fields: routes that no backend answers, and hosts of routes whose name is never asked for. */
export const profileSchema = profileShape
  .refine(({ ingress }) => ingress.routes.some(({ backend }) => backend !== undefined), {
    error: "names no backend: nothing would be routed",
    path: ["ingress", "routes"],
  })
  .superRefine(({ ingress, dns }, context) => {
    const named = new Set(dns.ingress.records.map(({ name }) => name));
    for (const host of new Set(ingress.routes.map((one) => one.host))) {
      if (named.has(host)) continue;
      const message = `has no record of ${host}, which is a host of ingress.routes`;
      context.addIssue({ code: "custom", path: ["dns", "ingress", "records"], message });
    }
  });

export type Profile = z.infer<typeof profileSchema>;
export type Route = z.infer<typeof route>;
export type Address = z.infer<typeof address>;
export type RolesMay = z.infer<typeof rolesMay>;
export type DnsRecord = z.infer<typeof dnsRecord>;
export type ProtectedService = z.infer<typeof protectedService>;
