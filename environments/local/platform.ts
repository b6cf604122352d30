/** What the layers' releases have in common: the charts' folder, namespaces, certificate, and how a chart of ours is installed. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { issueCertificate, localAuthority } from "./certificates.ts";
import type { Engine } from "./engine.ts";
import { installRelease } from "./helm.ts";
import type { ImageSet } from "./image-set.ts";
import { apply } from "./kubectl.ts";
import { projectDirectory } from "./paths.ts";

export const charts = join(projectDirectory, "helm");

const namespace = "health-platform";
const host = "health.oke-proof.test";
const certificateDays = 365;
const day = 24 * 3600 * 1000;
const waitSeconds = 240;

export type ChartRelease = {
  readonly name: string;
  readonly namespace: string;
  /** Below helm/. */
  readonly chart: string;
  readonly set: Readonly<Record<string, unknown>>;
};

/** Installs a chart of this project with its values for this cluster, and waits for its pods. @throws CommandError with Helm's words */
export async function installChart(release: ChartRelease, signal: AbortSignal): Promise<void> {
  const chart = join(charts, release.chart);
  await installRelease({ ...release, chart, valuesFiles: [join(chart, "values-local.yaml")], waitSeconds }, signal);
}

/** The values `global.images` that a chart is given: built images by name. A name without an image is left to the chart. */
export function imageValues(set: ImageSet, names: readonly (keyof ImageSet["services"])[]): Record<string, string> {
  const services = names.flatMap((name) => {
    const reference = set.services[name];
    return reference === undefined ? [] : [[`global.images.${name}`, reference] as const];
  });
  return { "global.images.apps": set.apps, ...Object.fromEntries(services) };
}

/** The namespaces of all charts, with their Pod Security. */
export async function makeNamespaces(engine: Engine, signal: AbortSignal): Promise<void> {
  await apply(engine, await readFile(join(charts, "namespaces.yaml"), "utf8"), { signal });
}

/** The Secret that the gateway's listener names: the ingress hosts, signed by the local authority. */
export async function applyCertificate(engine: Engine, signal: AbortSignal): Promise<void> {
  const ca = await localAuthority();
  const now = Date.now();
  const names = [host, "*.oke-proof.test"];
  const pair = await issueCertificate({
    ca,
    names,
    notBefore: new Date(now - day),
    notAfter: new Date(now + certificateDays * day),
  });
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "platform-tls", namespace },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": `${pair.certificate.trim()}\n${ca.certificate.trim()}\n`, "tls.key": pair.key },
  };
  await apply(engine, JSON.stringify(secret), { signal });
}
