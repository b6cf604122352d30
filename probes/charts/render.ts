/** Renders a chart as an installation would, without a cluster. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { PlannedRelease } from "../../environments/plan.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { oneLine, whyOf } from "../why.ts";
import { manifestSchema, type Manifest } from "./manifest.ts";

/** Where Helm is, and the environment that it runs in. */
export type HelmProgram = { readonly path: string; readonly env: Readonly<Record<string, string>> };

const execute = promisify(execFile);
const outputBytesMax = 32 * 1024 * 1024;
const timeoutMs = 45_000;

/** The arguments of `helm` that take a release's values. */
export function valuesArguments({ values, set }: Pick<PlannedRelease, "values" | "set">): string[] {
  return [
    ...values.flatMap((file) => ["-f", file]),
    ...Object.entries(set).flatMap(([path, value]) => ["--set-json", `${path}=${JSON.stringify(value)}`]),
  ];
}

/** The objects of a release, hooks included. A chart that does not render, and a document that is no object, leave no reading. */
export async function renderRelease(
  helm: HelmProgram,
  release: PlannedRelease,
  now: Date,
): Promise<Reading<readonly Manifest[]>> {
  const { name, namespace, chart } = release;
  const source = [chart, ...release.values].join(" with ");
  try {
    const args = ["template", name, chart, "-n", namespace, ...valuesArguments(release)];
    const options = { env: { ...helm.env }, maxBuffer: outputBytesMax, timeout: timeoutMs };
    const { stdout } = await execute(helm.path, args, options);
    return parseManifests(stdout, source, now);
  } catch (error) {
    return unread(`helm template ${name}: ${wordsOf(error)}`, source, now);
  }
}

/** The objects in a text of YAML documents; empty documents are left out. */
export function parseManifests(text: string, source: string, now: Date): Reading<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const document of parseAllDocuments(text, { logLevel: "error" })) {
    const [error] = document.errors;
    if (error !== undefined) return unread(`${source}: ${oneLine(error.message)}`, source, now);
    const value: unknown = document.toJS();
    if (value === null || value === undefined) continue;
    const parsed = manifestSchema.safeParse(value);
    if (!parsed.success)
      return unread(`${source}: a document is no object: ${oneLine(z.prettifyError(parsed.error))}`, source, now);
    manifests.push(parsed.data);
  }
  return read(manifests, source, now);
}

const said = z.looseObject({ stderr: z.string().min(1) });

/** Helm's own words; a program that could not be started has none. */
function wordsOf(error: unknown): string {
  const found = said.safeParse(error);
  return found.success ? oneLine(found.data.stderr) : whyOf(error);
}
