/** What the probers' own sidecars do for them: publish, keep state, read secrets, call others. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { timestamp } from "../kubernetes/shapes.ts";
import { askDaprProber, tellDaprProber, type EventBus, type Vantage } from "./ask.ts";

/** An answer of a sidecar, whatever its status. */
const answer = z.object({ status: z.int().min(100).max(599), body: z.string(), backend: z.string() });

export const publishedAnswer = z.object({ at: timestamp, topic: z.string().min(1), published: answer });

export const sidecarAnswer = z.object({ at: timestamp, health: answer });

const stored = z.union([
  z.object({ ok: z.literal(true), value: z.string().nullable() }),
  z.object({ ok: z.literal(false), why: z.string().min(1) }),
]);

export const stateAnswer = z.object({
  at: timestamp,
  saved: answer,
  storedAfterSave: stored,
  readBack: answer,
  deleted: answer,
  storedAfterDelete: stored,
  readAfterDelete: answer,
});

export const secretAnswer = z.object({
  at: timestamp,
  secret: z.string().min(1),
  status: z.int().min(100).max(599),
  refusal: z.string(),
  /** `same`: the value is the one that Kubernetes gave the prober; a text says why that could not be told. */
  keys: z.array(z.object({ key: z.string().min(1), same: z.union([z.boolean(), z.string()]) })),
});

export const askedSecretAnswer = z.object({
  at: timestamp,
  store: z.string().min(1),
  secret: z.string().min(1),
  status: z.int().min(100).max(599),
  refusal: z.string(),
  /** How many keys came with it. */
  given: z.int().min(0),
});

export const foreignStateAnswer = z.object({
  at: timestamp,
  saved: z.object({ status: z.int(), code: z.string() }),
  ways: z.array(
    z.object({
      way: z.string().min(1),
      key: z.string(),
      /** 0 where the sidecar did not answer; `why` says it then. */
      status: z.int().min(0).max(599),
      texts: z.array(z.string()),
      code: z.string(),
      why: z.string().optional(),
    }),
  ),
});

export const keysHoldingAnswer = z.object({ at: timestamp, text: z.string(), keys: z.array(z.string()) });

const knock = z.object({ spoke: z.boolean(), how: z.string() });

export const invokedAnswer = z.object({
  at: timestamp,
  app: z.string().min(1),
  invoked: answer,
  peer: z.object({
    /** Names in the certificate that the called sidecar showed, as `URI:spiffe://…`; empty where it showed none. */
    names: z.string(),
    withoutCertificate: knock,
    inClearText: knock,
  }),
});

export type Published = Readonly<z.output<typeof publishedAnswer>>;
export type SidecarHealth = Readonly<z.output<typeof sidecarAnswer>>;
export type StateTrip = Readonly<z.output<typeof stateAnswer>>;
export type SecretRead = Readonly<z.output<typeof secretAnswer>>;
export type AskedSecret = Readonly<z.output<typeof askedSecretAnswer>>;
export type Invoked = Readonly<z.output<typeof invokedAnswer>>;

export type ForeignState = Readonly<z.output<typeof foreignStateAnswer>>;
export type KeysHolding = Readonly<z.output<typeof keysHoldingAnswer>>;

/** Asks a prober's sidecar for states and secrets that are not its own, in every way, and for one that is. */
export async function askForForeignState(
  cluster: Cluster,
  bus: EventBus,
  asked: {
    readonly as: Vantage;
    readonly keys: readonly string[];
    readonly texts: readonly string[];
    readonly secrets: readonly string[];
    readonly ownKey: string;
    readonly ownText: string;
  },
): Promise<Reading<ForeignState>> {
  const { as, ...body } = asked;
  return tellDaprProber(cluster, bus, { path: "/dapr/foreign-state", body, as }, foreignStateAnswer);
}

/** The keys in the store itself of the states that hold a check's text. */
export async function readKeysHolding(cluster: Cluster, bus: EventBus, text: string): Promise<Reading<KeysHolding>> {
  return tellDaprProber(cluster, bus, { path: "/dapr/keys-holding", body: { text } }, keysHoldingAnswer);
}

/** Publishes an event through the prober's sidecar. */
export async function publish(
  cluster: Cluster,
  bus: EventBus,
  event: { readonly topic: string; readonly nonce: string; readonly as: Vantage },
): Promise<Reading<Published>> {
  const { as, ...body } = event;
  return tellDaprProber(cluster, bus, { path: "/dapr/publish", body, as }, publishedAnswer);
}

/** The health that a prober's own sidecar tells it. */
export async function readOwnSidecar(cluster: Cluster, bus: EventBus, as: Vantage): Promise<Reading<SidecarHealth>> {
  return askDaprProber(cluster, bus, { path: "/dapr/sidecar", as }, sidecarAnswer);
}

/** Saves a state, reads it, deletes it, and looks into the store's own table after each step. */
export async function tripOfState(
  cluster: Cluster,
  bus: EventBus,
  state: { readonly key: string; readonly value: string },
): Promise<Reading<StateTrip>> {
  return tellDaprProber(cluster, bus, { path: "/dapr/state", body: state }, stateAnswer);
}

/** Reads a secret through the prober's sidecar; its values stay with the prober. */
export async function readSecret(cluster: Cluster, bus: EventBus, secret: string): Promise<Reading<SecretRead>> {
  return tellDaprProber(cluster, bus, { path: "/dapr/secret", body: { secret } }, secretAnswer);
}

/** Asks a prober's sidecar for a secret of a store, which it may refuse; values stay with the prober. */
export async function askSecret(
  cluster: Cluster,
  bus: EventBus,
  asked: { readonly store: string; readonly secret: string; readonly as: Vantage },
): Promise<Reading<AskedSecret>> {
  const { as, ...body } = asked;
  return tellDaprProber(cluster, bus, { path: "/dapr/ask-secret", body, as }, askedSecretAnswer);
}

/** Calls an application's /healthz through both sidecars, and looks at who answers at the called one's internal port. */
export async function invoke(cluster: Cluster, bus: EventBus, app: string): Promise<Reading<Invoked>> {
  return tellDaprProber(cluster, bus, { path: "/dapr/invoke", body: { app } }, invokedAnswer);
}
