/** The layer "observability": metrics, logs, traces and alerts. */
import { onlyParts } from "./install-core.ts";
import type { ImageSet } from "./image-set.ts";
import { imageValues, installChart } from "./platform.ts";

const names = ["prometheus", "alertmanager", "nodeExporter", "loki", "otelCollector", "jaeger"] as const;

export async function installObservability(set: ImageSet, signal: AbortSignal): Promise<void> {
  const values = { ...imageValues(set, names), ...onlyParts(["observability"]) };
  await installChart(
    { name: "observability", namespace: "observability", chart: "health-platform", set: values },
    signal,
  );
}
