/** The layer "events": Kafka, Dapr, and the todo platform on them. */
import { join } from "node:path";
import { installRelease, releaseState } from "./helm.ts";
import type { ImageSet } from "./image-set.ts";
import { charts, imageValues, installChart } from "./platform.ts";
import { daprSources, sourcesFolder } from "./sources.ts";

const waitSeconds = 240;

/** Dapr comes before the services: its injector gives their pods the sidecar, at the pods' creation only. */
export async function installEvents(set: ImageSet, signal: AbortSignal): Promise<void> {
  const kafka = imageValues(set, ["kafka"]);
  await installChart({ name: "kafka", namespace: "kafka", chart: "todo-chatbot/charts/kafka", set: kafka }, signal);
  await installDapr(set, signal);
  await installTodo(set, signal);
}

const services = ["frontend", "backend", "notification-service", "recurring-task-service"];

/** Sidecars end where a component of theirs does not answer: on a new cluster the state store comes before them, or they would have restarted. */
async function installTodo(set: ImageSet, signal: AbortSignal): Promise<void> {
  const values = { ...imageValues(set, []), "global.images.postgres": set.postgres };
  const release = { name: "todo-chatbot", namespace: "todo-chatbot", chart: "todo-chatbot" };
  if ((await releaseState(release, signal)) !== "deployed") {
    const none = Object.fromEntries(services.map((name) => [`${name}.enabled`, false]));
    await installChart({ ...release, set: { ...values, ...none } }, signal);
  }
  await installChart({ ...release, set: values }, signal);
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
  await installRelease(
    {
      name: "dapr",
      namespace: "dapr-system",
      chart: join(await sourcesFolder(daprSources, signal), "charts", "dapr"),
      valuesFiles: files.map((file) => join(own, file)),
      set: images,
      waitSeconds,
    },
    signal,
  );
}
