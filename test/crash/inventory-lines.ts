/** An object of Kubernetes as lines of an inventory: what a drill may change of it, and nothing that moves by itself. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Inventory } from "./inventory.ts";

const texts = z.record(z.string(), z.string()).default({});

/** An object as a list has it. */
export const listedObject = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().default(""),
    labels: texts,
    annotations: texts,
    generation: z.int().optional(),
    ownerReferences: z.array(z.looseObject({ kind: z.string() })).default([]),
  }),
  spec: z.looseObject({}).default({}),
  status: z.looseObject({}).default({}),
});
export type ListedObject = z.output<typeof listedObject>;

/** Annotations that controllers renew: a rollout that was rolled back counts up, and a prove run touches pods. */
const movingAnnotations = ["deployment.kubernetes.io/revision", "oke-proof/touched"];

/** What becomes of what stands under a kind's name: its content, or only that it is there. */
export type Inventoried = "content" | "name" | "workload" | "node";

/**
 * The lines of one object, `Kind NAMESPACE/NAME ASPECT VALUE`: contents are digests, so that no secret is printed.
 * @param autoscaled whose number of pods is an autoscaler's to change
 */
export function linesOfObject(
  kind: string,
  object: ListedObject,
  how: Inventoried,
  autoscaled: ReadonlySet<string> = new Set(),
): readonly string[] {
  const { metadata } = object;
  const title = `${kind} ${metadata.namespace}/${metadata.name}`;
  if (how === "name") return [`${title} is there`];
  const annotations = Object.entries(metadata.annotations).filter(([key]) => !movingAnnotations.includes(key));
  const described = [
    `${title} labels ${digestOf(metadata.labels)}`,
    `${title} annotations ${digestOf(Object.fromEntries(annotations))}`,
  ];
  if (how === "node") return [...described, ...linesOfNode(title, object)];
  if (how === "workload") return [...described, ...linesOfWorkload(title, kind, object, autoscaled)];
  return [...described, `${title} content ${digestOf(contentOf(object))}`];
}

const workload = z.object({ replicas: z.int().optional() });
const readiness = z.object({
  observedGeneration: z.int().default(0),
  readyReplicas: z.int().default(0),
  numberReady: z.int().optional(),
  desiredNumberScheduled: z.int().optional(),
});

/** Without a number of pods that an autoscaler changes; whether all of them are ready is a line of its own. */
function linesOfWorkload(
  title: string,
  kind: string,
  object: ListedObject,
  autoscaled: ReadonlySet<string>,
): readonly string[] {
  const { replicas, ...spec } = object.spec;
  const wanted = workload.parse({ replicas }).replicas;
  const status = readiness.parse(object.status);
  const ready = status.numberReady ?? status.readyReplicas;
  const all = status.desiredNumberScheduled ?? wanted ?? 1;
  const isWhole = status.observedGeneration >= (object.metadata.generation ?? 0) && ready >= all;
  const numbered =
    wanted !== undefined && !autoscaled.has(`${kind} ${object.metadata.namespace}/${object.metadata.name}`);
  return [
    `${title} content ${digestOf(spec)}`,
    ...(numbered ? [`${title} replicas ${wanted}`] : []),
    `${title} ${isWhole ? "whole yes" : `whole no,${ready}-of-${all}`}`,
  ];
}

const nodeSpec = z.object({
  unschedulable: z.boolean().default(false),
  taints: z.array(z.looseObject({ key: z.string(), value: z.string().default(""), effect: z.string() })).default([]),
});
const nodeStatus = z.object({
  conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
});

function linesOfNode(title: string, { spec, status }: ListedObject): readonly string[] {
  const { unschedulable, taints } = nodeSpec.parse(spec);
  const named = taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`).toSorted();
  const ready = nodeStatus.parse(status).conditions.find(({ type }) => type === "Ready")?.status;
  return [
    `${title} cordoned ${unschedulable ? "yes" : "no"}`,
    `${title} taints ${named.join(",") || "none"}`,
    `${title} ready ${ready ?? "unknown"}`,
  ];
}

/** All but what the API server and controllers write. */
function contentOf(object: ListedObject): Readonly<Record<string, unknown>> {
  const { apiVersion: _version, kind: _kind, metadata: _metadata, status: _status, ...content } = object;
  return content;
}

/** Twelve digits of SHA-256 over a value, the same whatever the order of its keys. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex").slice(0, 12);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}

/** What a line is about: all of it but its value. */
export function titleOfLine(line: string): string {
  return line.slice(0, line.lastIndexOf(" "));
}

/** What differs between two inventories with nothing done in between: it moves by itself, and says nothing of a drill. */
export function movingBetween(first: Inventory, second: Inventory): ReadonlySet<string> {
  const moved = Object.keys(first).flatMap((section) => {
    const [earlier = [], later = []] = [first[section], second[section]];
    const differing = [
      ...earlier.filter((line) => !later.includes(line)),
      ...later.filter((line) => !earlier.includes(line)),
    ];
    return differing.map(titleOfLine);
  });
  return new Set(moved);
}
