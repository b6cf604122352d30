/** The broker as the prober in the cluster sees it, without Dapr. */
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { timestamp } from "../kubernetes/shapes.ts";
import { askDaprProber, tellDaprProber, type EventBus } from "./ask.ts";

const offset = z.string().regex(/^\d+$/, { error: "is not an offset" });

export const topicsAnswer = z.object({
  at: timestamp,
  topics: z.array(z.object({ name: z.string().min(1), partitions: z.int().min(0) })),
});

export const demandAnswer = z.object({
  at: timestamp,
  topic: z.string().min(1),
  answer: z.string(),
  existsAfterwards: z.boolean(),
});

export const boundsAnswer = z.object({
  at: timestamp,
  topic: z.string().min(1),
  partitions: z.array(z.object({ partition: z.int().min(0), first: offset, next: offset })).min(1),
});

const message = z.object({ partition: z.int().min(0), offset, value: z.string() });

export const producedAnswer = z.object({
  at: timestamp,
  topic: z.string().min(1),
  acknowledged: z.array(message),
});

export const foundAnswer = z.object({
  at: timestamp,
  topic: z.string().min(1),
  /** Whether the log was read to its end. */
  complete: z.boolean(),
  messages: z.array(message),
});

export type Topics = Readonly<z.output<typeof topicsAnswer>>;
export type Demand = Readonly<z.output<typeof demandAnswer>>;
export type LoggedMessage = Readonly<z.output<typeof message>>;
export type Produced = Readonly<z.output<typeof producedAnswer>>;
export type Found = Readonly<z.output<typeof foundAnswer>>;
export type Bounds = Readonly<z.output<typeof boundsAnswer>>;

/** The topics that the broker lists. Asking makes none. */
export async function readTopics(cluster: Cluster, bus: EventBus): Promise<Reading<Topics>> {
  return askDaprProber(cluster, bus, { path: "/kafka/topics" }, topicsAnswer);
}

/** Asks the broker for a topic that nobody made, as a client does that would have it made; what is made is taken away again. @param topic begins with `oke-proof-` */
export async function demandTopic(cluster: Cluster, bus: EventBus, topic: string): Promise<Reading<Demand>> {
  return tellDaprProber(cluster, bus, { path: "/kafka/demand", body: { topic } }, demandAnswer);
}

/** Where each partition's log begins and ends now. */
export async function readBounds(cluster: Cluster, bus: EventBus, topic: string): Promise<Reading<Bounds>> {
  return tellDaprProber(cluster, bus, { path: "/kafka/bounds", body: { topic } }, boundsAnswer);
}

/** Sends messages, one partition after the other; those that the broker acknowledged, with the offset that it gave them. */
export async function produce(
  cluster: Cluster,
  bus: EventBus,
  topic: string,
  values: readonly string[],
): Promise<Reading<Produced>> {
  return tellDaprProber(cluster, bus, { path: "/kafka/produce", body: { topic, values } }, producedAnswer);
}

/** Reads the topic's log from where it ended before, and gives the messages that contain a text. */
export async function findSince(
  cluster: Cluster,
  bus: EventBus,
  before: Bounds,
  text: string,
): Promise<Reading<Found>> {
  const from = before.partitions.map(({ partition, next }) => ({ partition, offset: next }));
  return tellDaprProber(cluster, bus, { path: "/kafka/find", body: { topic: before.topic, text, from } }, foundAnswer);
}

/** An event that the platform's applications know for a probe and pass by. @param nonce found in the log by this text */
export function probeEvent(nonce: string, index: number): string {
  const data = { nonce };
  return JSON.stringify({
    specversion: "1.0",
    type: "oke-proof.probe",
    source: "oke-proof",
    id: `${nonce}-${index}`,
    datacontenttype: "application/json",
    data,
  });
}
