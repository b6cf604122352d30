/** The layer "core": data services, the gateway with sign-in, the Health API and the ETL engine. */
import type { Engine } from "./engine.ts";
import type { ImageMode, ImageSet } from "./image-set.ts";
import { installNetworkPolicies } from "./install-network-policies.ts";
import { applyCertificate, imageValues, installChart, makeNamespaces } from "./platform.ts";
import { signInUsers } from "./authenticators.ts";

const namespace = "health-platform";
/** The parts of the umbrella chart; each release enables some. */
const parts = ["infrastructure", "webauthn-stack", "health-api", "etl-engine", "observability"] as const;
export type Part = (typeof parts)[number];

/** The values that enable these parts of the umbrella chart and no others. */
export function onlyParts(wanted: readonly Part[]): Record<string, boolean> {
  return Object.fromEntries(parts.map((part) => [`${part}.enabled`, wanted.includes(part)]));
}

/** Users and groups of the images that their makers publish; the values for this cluster name those of our own. */
const pulledUsers = {
  "infrastructure.postgresImage.runAsUser": 999,
  "infrastructure.postgresImage.runAsGroup": 999,
  "infrastructure.redisImage.runAsUser": 999,
  "infrastructure.redisImage.runAsGroup": 999,
  "infrastructure.rabbitmqImage.runAsUser": 999,
  "infrastructure.rabbitmqImage.runAsGroup": 999,
  "infrastructure.rabbitmqImage.server": "/opt/rabbitmq/sbin/rabbitmq-server",
};

/** Makes the namespaces, the certificate and both releases, and waits until their pods are Ready. */
export async function installCore(engine: Engine, set: ImageSet, mode: ImageMode, signal: AbortSignal): Promise<void> {
  await makeNamespaces(engine, signal);
  await applyCertificate(engine, signal);
  await installNetworkPolicies(engine, signal);
  const data = {
    ...imageValues(set, ["redis", "rabbitmq", "minio"]),
    "global.images.postgres": set.postgres,
    ...(mode === "pull" ? pulledUsers : {}),
    ...onlyParts(["infrastructure"]),
  };
  await installChart({ name: "health-infrastructure", namespace, chart: "health-platform", set: data }, signal);
  const services = {
    ...imageValues(set, []),
    "global.images.envoy": set.envoy,
    "webauthn-stack.server.users": await signInUsers(),
    ...onlyParts(["webauthn-stack", "health-api", "etl-engine"]),
  };
  await installChart({ name: "health-platform", namespace, chart: "health-platform", set: services }, signal);
}
