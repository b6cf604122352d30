/** The charts of helm/ on the local cluster, with images and a certificate of this machine. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { keyOf, keyOfFolder } from "./cache.ts";
import { issueCertificate, localAuthority } from "./certificates.ts";
import type { Engine } from "./engine.ts";
import { installRelease } from "./helm.ts";
import type { ImageSet } from "./image-set.ts";
import { apply } from "./kubectl.ts";
import { projectDirectory } from "./paths.ts";

export type PlatformImages = Pick<ImageSet, "apps" | "postgres" | "envoy" | "postgresUser">;

const charts = join(projectDirectory, "helm");
const namespace = "health-platform";
const host = "health.oke-proof.test";
const certificateDays = 365;
const day = 24 * 3600 * 1000;
const waitSeconds = 240;

/** What the platform is made from: charts, values, and images. The same key means that there is nothing to do. */
export async function platformKey(images: PlatformImages): Promise<string> {
  return keyOf([
    await keyOfFolder(charts),
    images.apps,
    images.postgres,
    images.envoy,
    await readFile(import.meta.filename),
  ]);
}

/** Makes the namespaces, the certificate and both releases, and waits until their pods are Ready. */
export async function installPlatform(engine: Engine, images: PlatformImages, signal: AbortSignal): Promise<void> {
  await apply(engine, await readFile(join(charts, "namespaces.yaml"), "utf8"), { signal });
  await applyCertificate(engine, signal);
  const release = (name: string, into: string, set: Record<string, unknown>) => {
    const chart = join(charts, name);
    return installRelease(
      { name, namespace: into, chart, valuesFiles: [join(chart, "values-local.yaml")], set, waitSeconds },
      signal,
    );
  };
  await release("harness-access", "oke-proof", { "global.images.apps": images.apps });
  await release("health-platform", namespace, {
    "global.images.apps": images.apps,
    "global.images.postgres": images.postgres,
    "global.images.envoy": images.envoy,
    "infrastructure.postgresImage.runAsUser": images.postgresUser.user,
    "infrastructure.postgresImage.runAsGroup": images.postgresUser.group,
  });
}

/** The Secret that the gateway's listener names: the ingress hosts, signed by the local authority. */
async function applyCertificate(engine: Engine, signal: AbortSignal): Promise<void> {
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
