/** What the charts render for an installation, all releases together: a pod of one is held to the policies of another. */
import { z } from "zod";
import type { Plan } from "../../environments/plan.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Manifest } from "../charts/manifest.ts";
import { renderRelease, type HelmProgram } from "../charts/render.ts";
import { isGraded, postureObject, type PostureObject } from "./objects.ts";

const shape = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().min(1).optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.record(z.string(), z.unknown()),
});

/**
 * Every object of the plan's releases that the scanner grades, one release rendered after the other.
 * @param leftOut namespaces that are not the platform's
 */
export async function readChartObjects(
  helm: HelmProgram,
  { environment, releases }: Pick<Plan, "environment" | "releases">,
  { leftOut, now }: { readonly leftOut: readonly string[]; readonly now: Date },
): Promise<Reading<readonly PostureObject[]>> {
  const source = `helm template, ${environment}`;
  const objects: PostureObject[] = [];
  for (const release of releases) {
    const rendered = await renderRelease(helm, release, now);
    if (!rendered.ok) return rendered;
    for (const manifest of rendered.value.filter(isGraded)) {
      const found = chartObject(manifest, release.namespace);
      if (found === undefined) {
        const name = `${manifest.kind} ${manifest.metadata.name} of release ${release.name}`;
        return unread(`${name}: labels that are no texts, or no spec`, source, now);
      }
      if (!leftOut.includes(found.namespace)) objects.push(found);
    }
  }
  return read(objects, source, now);
}

/** An object that names no namespace is installed into its release's. */
function chartObject(manifest: Manifest, releaseNamespace: string): PostureObject | undefined {
  const { apiVersion, kind } = manifest;
  const parsed = shape.safeParse(manifest);
  if (!parsed.success) return undefined;
  const { metadata, spec } = parsed.data;
  const { name, labels, namespace = releaseNamespace } = metadata;
  return postureObject({ apiVersion, kind, namespace, name, workload: name, labels, spec });
}
