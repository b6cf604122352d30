/** What the charts render for an installation: objects whose strings hold no secret, and Secrets whose values stand nowhere in Git. */
import { z } from "zod";
import type { Plan } from "../../environments/plan.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import { renderRelease, type HelmProgram } from "../charts/render.ts";
import { placesOf } from "./objects.ts";
import type { Finding, Place } from "./scanner.ts";

const secret = z.looseObject({
  data: z.record(z.string(), z.string()).nullish(),
  stringData: z.record(z.string(), z.coerce.string()).nullish(),
});

export type Rendered = {
  readonly places: readonly Place[];
  /** Values of Secrets, each with the sentence that tells where it is rendered. */
  readonly secrets: readonly { readonly what: string; readonly value: string }[];
};

/** Every release of the plans, rendered one after the other. */
export async function readRendered(helm: HelmProgram, plans: readonly Plan[], now: Date): Promise<Reading<Rendered>> {
  const places: Place[] = [];
  const secrets: Rendered["secrets"][number][] = [];
  for (const { environment, releases } of plans) {
    for (const release of releases) {
      const rendered = await renderRelease(helm, release, now);
      if (!rendered.ok) return rendered;
      for (const manifest of rendered.value) {
        const where = `${environment}: ${manifest.kind} ${manifest.metadata.name} of release ${release.name}`;
        if (manifest.kind !== "Secret") {
          places.push(...placesOf(where, manifest));
          continue;
        }
        for (const [key, value] of valuesOf(manifest)) secrets.push({ what: `${where}, key ${key}`, value });
      }
    }
  }
  return read({ places, secrets }, "helm template", now);
}

function valuesOf(manifest: unknown): [string, string][] {
  const { data, stringData } = secret.parse(manifest);
  const decoded = Object.entries(data ?? {}).map(([key, value]): [string, string] => [
    key,
    Buffer.from(value, "base64").toString("utf8"),
  ]);
  return [...decoded, ...Object.entries(stringData ?? {})];
}

const lengthMin = 8;
const keyOfSecret = /(password|passphrase|secret|token|key|credential)/i;

/** Values of rendered Secrets that stand in a tracked file: a chart that makes its secrets at random has none. */
export function secretsInFiles(secrets: Rendered["secrets"], files: readonly Place[]): Finding[] {
  const named = secrets.filter(
    ({ what, value }) => keyOfSecret.test(what.split(", key ")[1] ?? "") && value.length >= lengthMin,
  );
  return named.flatMap(({ what, value }) =>
    files.filter(({ text }) => text.includes(value)).map(({ where }) => ({ where, what: `the value of ${what}` })),
  );
}
