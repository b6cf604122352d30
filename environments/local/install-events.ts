/** The layer "events": Kafka, Dapr, and the todo platform on them. */
import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeAuthority } from "./certificates.ts";
import { installRelease, isInstalled } from "./helm.ts";
import type { ImageSet } from "./image-set.ts";
import { statePaths } from "./paths.ts";
import { charts, imageValues, installChart } from "./platform.ts";
import { daprSources, sourcesFolder } from "./sources.ts";

const waitSeconds = 240;

/** Dapr comes before the services: its injector gives their pods the sidecar, at the pods' creation only. */
export async function installEvents(set: ImageSet, signal: AbortSignal): Promise<void> {
  await installEventBus(set, signal);
  await installTodo(set, signal);
}

/** What the todo platform stands on: Kafka and Dapr. */
export async function installEventBus(set: ImageSet, signal: AbortSignal): Promise<void> {
  const kafka = imageValues(set, ["kafka"]);
  await installChart({ name: "kafka", namespace: "kafka", chart: "todo-chatbot/charts/kafka", set: kafka }, signal);
  await installDapr(set, signal);
}

/** The todo platform itself. */
export async function installTodo(set: ImageSet, signal: AbortSignal): Promise<void> {
  const todo = { ...imageValues(set, []), "global.images.postgres": set.postgres };
  await installChart({ name: "todo-chatbot", namespace: "todo-chatbot", chart: "todo-chatbot", set: todo }, signal);
}

async function installDapr(set: ImageSet, signal: AbortSignal): Promise<void> {
  const own = join(charts, "third-party", "dapr");
  const { daprControlPlane, daprd } = set.services;
  const images =
    daprControlPlane === undefined || daprd === undefined
      ? {}
      : {
          "dapr_operator.image.name": daprControlPlane,
          "dapr_sentry.image.name": daprControlPlane,
          "dapr_placement.image.name": daprControlPlane,
          "dapr_sidecar_injector.injectorImage.name": daprControlPlane,
          "dapr_sidecar_injector.image.name": daprd,
        };
  // Without images of ours the chart's own, which its values for this cluster would replace.
  const files = daprd === undefined ? ["values.yaml"] : ["values.yaml", "values-local.yaml"];
  const release = {
    name: "dapr",
    namespace: "dapr-system",
    chart: join(await sourcesFolder(daprSources, signal), "charts", "dapr"),
    valuesFiles: [...files.map((file) => join(own, file)), await daprAuthority()],
    set: images,
    waitSeconds,
  };
  // Whoever reads its Configuration ends itself where that is missing, and Helm makes it after every Deployment: they are started once all else is there.
  if (!(await isInstalled(release, signal))) {
    const withoutReaders = {
      ...images,
      "dapr_operator.replicaCount": 0,
      "dapr_sentry.replicaCount": 0,
      "dapr_sidecar_injector.replicaCount": 0,
    };
    await installRelease({ ...release, set: withoutReaders, waitSeconds: 0 }, signal);
  }
  await installRelease(release, signal);
}

/**
 * Dapr's own authority, made before Dapr: one that it makes itself reaches its pods as a changed Secret up to two minutes later, at which
 * its Sentry begins anew in the middle of signing, and sidecars that are kept waiting end themselves.
 * @returns the values of Dapr's chart that hold it, in a file that this user only can read
 */
async function daprAuthority(): Promise<string> {
  const file = statePaths.daprAuthority;
  if (existsSync(file)) return file;
  const { certificate, key } = await makeAuthority("oke-proof local Dapr authority");
  const tls = { issuer: { certPEM: certificate, keyPEM: key }, root: { certPEM: certificate } };
  await writeFile(`${file}.new`, JSON.stringify({ dapr_sentry: { tls } }), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return file;
}
