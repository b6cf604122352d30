/** From where and to where connections are tried, to compare what is reached with what helm/network-policies declares. */
import { join } from "node:path";
import { z } from "zod";
import { projectRoot } from "./settings.ts";

const port = z.int().min(1).max(65_535);
const name = z.string().min(1);

export const networkIntentSchema = z.strictObject({
  /** Values of helm/network-policies, the later over the earlier: what is declared. */
  declaration: z.array(name).min(1),
  /** Where the probers listen (connectionProbers of helm/harness-access). */
  proberPort: port,
  /** How long a connection may take before it counts as not answered; no connection inside a cluster takes near as long. */
  timeoutMs: z.int().min(1_000).max(5_000),
  /** Every place has a prober `connects-as-PLACE-0`. `alone`: nobody else is in that place, or not all the time. */
  places: z.array(z.strictObject({ place: name, namespace: name, alone: z.boolean() })).min(2),
  targets: z
    .array(
      z.strictObject({
        name,
        host: name,
        port,
        /** The peer of the declaration, and the port of its pods. Absent: an address that nobody may listen at; an answer of any kind means that it was reached. */
        peer: z.strictObject({ name, port }).optional(),
      }),
    )
    .min(2),
});

export type NetworkIntent = z.infer<typeof networkIntentSchema>;

type Place = NetworkIntent["places"][number];
type Target = NetworkIntent["targets"][number];

const inNamespace = (namespace: string, places: readonly string[], alone = false): readonly Place[] =>
  places.map((place) => ({ place, namespace, alone }));

/** A Service whose port may be another than its pods'. */
const service = (namespace: string, of: string, served: number, podPort: number, peer = of): Target => ({
  name: of,
  host: `${of}.${namespace}.svc.cluster.local`,
  port: served,
  peer: { name: peer, port: podPort },
});

const web = (namespace: string, services: readonly string[]): readonly Target[] =>
  services.map((each) => service(namespace, each, 80, 8080));

/** @param environment the ending of the chart's values file */
export function networkIntentOf(environment: "local" | "kind" | "oke-staging" | "oke-production"): NetworkIntent {
  const chart = join(projectRoot, "helm", "network-policies");
  return {
    declaration: [join(chart, "values.yaml"), join(chart, `values-${environment}.yaml`)],
    proberPort: 8079,
    timeoutMs: 4_000,
    places: [
      ...inNamespace("health-platform", ["health-api", "webauthn-server", "etl-engine", "postgres-health-data"]),
      ...inNamespace("health-platform", ["database-backup", "health-stranger"], true),
      ...inNamespace("todo-chatbot", ["todo-frontend", "todo-backend"]),
      ...inNamespace("todo-chatbot", ["notification-service", "recurring-task-service"]),
      ...inNamespace("todo-chatbot", ["todo-stranger"], true),
      ...inNamespace("observability", ["prometheus"]),
      ...inNamespace("oke-proof", ["outsider", "neighbour"], true),
    ],
    targets: [
      service("health-platform", "postgres-health-data", 5432, 5432),
      service("health-platform", "postgres-webauthn-auth", 5432, 5432),
      service("health-platform", "redis-health", 6379, 6379),
      service("health-platform", "redis-webauthn", 6379, 6379),
      service("health-platform", "rabbitmq", 5672, 5672),
      // Staging's data lake is Oracle's own object storage.
      ...(environment === "oke-staging" ? [] : [service("health-platform", "minio", 9000, 9000)]),
      ...web("health-platform", ["health-api", "webauthn-server", "etl-engine"]),
      ...web("todo-chatbot", ["todo-frontend", "todo-backend", "notification-service", "recurring-task-service"]),
      service("todo-chatbot", "postgres-todo", 5432, 5432),
      service("kafka", "kafka", 9092, 9092),
      service("dapr-system", "dapr-sentry", 443, 50_001),
      service("dapr-system", "dapr-api", 443, 6_500, "dapr-operator"),
      service("dapr-system", "dapr-placement-server", 50_005, 50_005, "dapr-placement"),
      service("observability", "alertmanager", 9093, 9093),
      service("observability", "loki", 3100, 3100),
      service("observability", "otel-collector", 4318, 4318),
      service("default", "kubernetes", 443, 6_443, "api-server"),
      // In another tenant's place: it lets everybody in, so that only the other side's own policy can hold a connection back.
      service("oke-proof", "connects-as-outsider", 8079, 8079, "outsider"),
      { name: "metadata service", host: "169.254.169.254", port: 80 },
      // Of the range kept for documentation: nobody is there.
      { name: "internet", host: "203.0.113.1", port: 443 },
    ],
  };
}

/** What a profile leaves out of the built-in one. */
export function triesLess(builtIn: NetworkIntent, ours: NetworkIntent): string[] {
  const left = (what: string, mine: readonly string[], wanted: readonly string[]): string[] => {
    const missing = wanted.filter((each) => !mine.includes(each));
    return missing.length === 0 ? [] : [`networkIntent.${what} leaves out ${missing.join(", ")}`];
  };
  const places = ({ places: all }: NetworkIntent): string[] => all.map(({ place }) => place);
  const targets = ({ targets: all }: NetworkIntent): string[] => all.map((target) => target.name);
  return [
    ...left("places", places(ours), places(builtIn)),
    ...left("targets", targets(ours), targets(builtIn)),
    ...(ours.timeoutMs < builtIn.timeoutMs
      ? [`networkIntent.timeoutMs is ${ours.timeoutMs}, not ${builtIn.timeoutMs}`]
      : []),
  ];
}
