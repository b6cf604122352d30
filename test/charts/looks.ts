/** What the charts' tests look for in objects and in values. */
import { parse } from "yaml";
import { z } from "zod";
import type { Manifest } from "../../probes/charts/manifest.ts";

/** All values of the key `image` that are texts, wherever they stand in an object of pods. */
export function imagesOf(manifest: Manifest): string[] {
  if (["CustomResourceDefinition", "ConfigMap"].includes(manifest.kind)) return [];
  return [...fields(manifest)].flatMap(([path, value]) =>
    path.at(-1) === "image" && typeof value === "string" ? [value] : [],
  );
}

/** Why an image cannot be relied on, or nothing: a tag that says which, or a digest. Source: "no image without an explicit tag". */
export function wrongWithImage(image: string): string[] {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
  const tag = /^[^\s@]*[^/\s:@]:([\w][\w.-]{0,127})$/.exec(image)?.[1];
  if (tag === undefined) return [`${image || "an empty image"} has no tag`];
  return tag === "latest" ? [`${image} may be another tomorrow`] : [];
}

const secretName = /(password|passphrase|token|secret|private_?key|access_?key|api_?key|credential)s?$/i;
/** Names, paths and addresses of secrets are none. */
const isReference = (name: string): boolean =>
  /(file|path|name|key|url|dir|ref|enabled|audience)$/i.test(name) && !/(private|access|api)_?key$/i.test(name);

const variable = z.looseObject({ name: z.string(), value: z.string().optional() });

/** Environment variables that carry a secret in clear text. A path leads to a mounted Secret and is none. */
export function literalSecrets(manifest: Manifest): string[] {
  return [...fields(manifest)].flatMap(([path, found]) => {
    const { data } = variable.safeParse(path.at(-2) === "env" ? found : undefined);
    if (data === undefined || !secretName.test(data.name) || isReference(data.name)) return [];
    return /^(\/[\w./-]*)?$/.test(data.value ?? "") ? [] : [`${data.name} is written out`];
  });
}

/** Places of a values file where a secret stands: a text under a name of one, or something that looks like a key. A name of a Secret is none. */
export function secretsInValues(text: string): string[] {
  const shaped = /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\beyJ[\w-]{20,}\.[\w-]{20,}\./.test(
    text,
  )
    ? ["something in it looks like a key"]
    : [];
  const named = [...fields(parse(text))].flatMap(([path, value]) => {
    const name = String(path.at(-1) ?? "");
    const isName =
      typeof value === "string" && /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/.test(value) && /secret$/i.test(name);
    return typeof value === "string" && value !== "" && secretName.test(name) && !isReference(name) && !isName
      ? [`${path.join(".")} holds a text`]
      : [];
  });
  return [...shaped, ...named];
}

const ending = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }).optional(),
  spec: z.looseObject({
    terminationGracePeriodSeconds: z.int().default(30),
    containers: z.array(
      z.looseObject({
        name: z.string(),
        lifecycle: z
          .object({ preStop: z.object({ sleep: z.object({ seconds: z.int() }).optional() }).optional() })
          .optional(),
      }),
    ),
  }),
});
/** What a service of ours goes on answering for after SIGTERM, and how long DNS may go on giving out its address. */
const afterSignalSeconds = 3;
const dnsSeconds = 5;

/** Why a pod with a Dapr sidecar loses calls when it is taken away, or nothing: DNS first, then the service, then its sidecar, then the grace. */
export function wrongWithEnd({ spec }: Manifest): string[] {
  const template = typeof spec === "object" && spec !== null && "template" in spec ? spec.template : undefined;
  const { data: pod } = ending.safeParse(template);
  const annotations = pod?.metadata?.annotations ?? {};
  if (pod === undefined || annotations["dapr.io/enabled"] !== "true") return [];
  const sidecarSeconds = Number(/^(\d+)s$/.exec(annotations["dapr.io/block-shutdown-duration"] ?? "")?.[1] ?? 0);
  const { terminationGracePeriodSeconds: graceSeconds, containers } = pod.spec;
  return containers.flatMap(({ name, lifecycle }) => {
    const waitSeconds = lifecycle?.preStop?.sleep?.seconds ?? 0;
    return [
      ...(waitSeconds > dnsSeconds
        ? []
        : [`${name} waits for ${waitSeconds} s, DNS may remember it for ${dnsSeconds} s`]),
      ...(sidecarSeconds > waitSeconds + afterSignalSeconds
        ? []
        : [`the sidecar of ${name} ends after ${sidecarSeconds} s, before the service`]),
      ...(graceSeconds > sidecarSeconds ? [] : [`${name} is killed after ${graceSeconds} s, before its sidecar ended`]),
    ];
  });
}

/** Every field with its path, outer ones first. */
function* fields(
  value: unknown,
  path: readonly (string | number)[] = [],
): Generator<readonly [readonly (string | number)[], unknown]> {
  if (path.length > 0) yield [path, value];
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* fields(item, [...path, index]);
  else if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value)) yield* fields(item, [...path, key]);
}
