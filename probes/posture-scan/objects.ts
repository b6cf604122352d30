/** What is given to the scanner: objects of the kinds that it grades, without what the server and tools wrote into them. */

/** Which object is meant. `workload` is the name that its Deployment, CronJob, StatefulSet or DaemonSet has, its own where nothing controls it. */
export type Identity = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly workload: string;
};

/** An object for the scanner. */
export type PostureObject = Identity & { readonly manifest: Readonly<Record<string, unknown>> };

/** Kinds of which pods are made, by their API versions. */
const podKinds: readonly string[] = [
  "apps/v1 Deployment",
  "apps/v1 StatefulSet",
  "apps/v1 DaemonSet",
  "batch/v1 CronJob",
  "batch/v1 Job",
  "v1 Pod",
];
const otherKinds: readonly string[] = ["v1 Service", "networking.k8s.io/v1 NetworkPolicy"];

/** Whether the scanner grades the kind, in the version that the platform uses. It passes over others without a word. */
export function isGraded({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return [...podKinds, ...otherKinds].includes(`${apiVersion} ${kind}`);
}

/** Whether pods are made of the object, or it is one. */
export function holdsPods({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return podKinds.includes(`${apiVersion} ${kind}`);
}

/**
 * An object with its name, labels and spec alone. Annotations are left out everywhere: the scanner would take some of them for a setting
 * that nothing in the cluster reads any more, and others for the wish not to be graded.
 */
export function postureObject(
  found: Identity & { readonly labels: Readonly<Record<string, string>> | undefined; readonly spec: unknown },
): PostureObject {
  const { labels, spec, ...identity } = found;
  const { apiVersion, kind, namespace, name } = identity;
  const metadata = { name, namespace, ...(labels === undefined ? {} : { labels }) };
  return { ...identity, manifest: { apiVersion, kind, metadata, spec: withoutAnnotations(spec) } };
}

function withoutAnnotations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutAnnotations(item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]: [string, unknown]): [string, unknown] => [
    key,
    key === "metadata" ? unannotated(item) : withoutAnnotations(item),
  ]);
  return Object.fromEntries(entries);
}

function unannotated(metadata: unknown): unknown {
  if (typeof metadata !== "object" || metadata === null) return metadata;
  const entries = Object.entries(metadata).map(([key, item]: [string, unknown]): [string, unknown] => [key, item]);
  return Object.fromEntries(entries.filter(([key]) => key !== "annotations"));
}

/** Characters that YAML does not take as they are, and JSON does. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Objects as the scanner reads them: YAML documents, each one line of JSON. */
export function streamOf(objects: readonly PostureObject[]): string {
  const documents = objects.map(({ manifest }) =>
    JSON.stringify(manifest).replaceAll(
      unprintable,
      (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
    ),
  );
  return `${documents.join("\n---\n")}\n`;
}
