/** The layers of `up`: what each is made from, and how it is installed. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureHarnessAccess } from "./access.ts";
import { firstBackupMade } from "./backup-schedule.ts";
import { keyOf, keyOfFolder } from "./cache.ts";
import type { Engine } from "./engine.ts";
import { firstDumpsMade } from "./first-dumps.ts";
import { pushedImages } from "./image-set.ts";
import type { ImageMode, ImageSet } from "./image-set.ts";
import { installAccess } from "./install-access.ts";
import { installCore } from "./install-core.ts";
import { installEvents } from "./install-events.ts";
import { installObservability } from "./install-observability.ts";
import { installOperations } from "./install-operations.ts";
import { charts } from "./platform.ts";
import { pushAll } from "./registry.ts";
import type { Stage } from "./stages.ts";
import { sourceDirectory } from "./paths.ts";
import { layerNames, type LayerName } from "./versions.ts";
import { volumesMeasured } from "./volume-statistics.ts";

type Layer = {
  readonly expectedSeconds: number;
  /** Folders below helm/ that it is installed from. */
  readonly charts: readonly string[];
  /** Files beside this one that it is installed by, besides those of every layer. */
  readonly files?: readonly string[];
  install(engine: Engine, set: ImageSet, mode: ImageMode, signal: AbortSignal): Promise<void>;
};

const layers: Readonly<Record<LayerName, Layer>> = {
  core: {
    expectedSeconds: 60,
    charts: ["health-platform", "network-policies"],
    install: installCore,
  },
  events: {
    expectedSeconds: 60,
    charts: ["todo-chatbot", "third-party/dapr"],
    install: (_engine, set, _mode, signal) => installEvents(set, signal),
  },
  observability: {
    expectedSeconds: 60,
    charts: ["health-platform"],
    install: (_engine, set, _mode, signal) => installObservability(set, signal),
  },
  operations: {
    expectedSeconds: 60,
    charts: ["third-party/sealed-secrets", "third-party/argocd", "delivery"],
    files: ["install-velero.ts", "backup-store.ts", "backup-schedule.ts"],
    install: (engine, set, _mode, signal) => installOperations(engine, set, signal),
  },
};

/** What a layer is made from: charts, values, images, and how it is installed. The same key means that there is nothing to do. */
export async function layerKey(name: LayerName, set: ImageSet, mode: ImageMode): Promise<string> {
  const folders = [...layers[name].charts, "harness-access"].map((folder) => keyOfFolder(join(charts, folder)));
  const files = [
    join(charts, "namespaces.yaml"),
    ...[
      `install-${name}.ts`,
      "install-access.ts",
      "install-network-policies.ts",
      "platform.ts",
      "authenticators.ts",
      ...(layers[name].files ?? []),
    ].map((file) => join(sourceDirectory, file)),
  ];
  const contents = files.map((file) => readFile(file));
  return keyOf([...pushedImages(set, mode, name), ...(await Promise.all(folders)), ...(await Promise.all(contents))]);
}

/** The stages that bring a layer onto a cluster whose nodes and add-ons stand; twice is the same as once. */
export function layerStages(engine: Engine, set: ImageSet, mode: ImageMode, name: LayerName): Stage[] {
  const layer = layers[name];
  const steps: readonly (readonly [string, number, Stage["run"]])[] = [
    [`push ${name}`, 20, (signal) => pushAll(engine, pushedImages(set, mode, name), signal)],
    [`install ${name}`, layer.expectedSeconds, (signal) => layer.install(engine, set, mode, signal)],
    [`access to ${name}`, 5, (signal) => installAccess(engine, set, name, signal)],
    ["harness access", 1, () => ensureHarnessAccess()],
    ["volume statistics", 5, (signal) => volumesMeasured(engine, signal)],
    ...(name === layerNames.at(-1) ? firstCopies(engine) : []),
  ];
  return chain(steps);
}

/**
 * Only when all else is up: the schedule of the dumps has run meanwhile, or nearly so. The backup comes after them: a pod that dumps would end while
 * its volume is copied, and the next dumps are minutes away then.
 */
function firstCopies(engine: Engine): readonly (readonly [string, number, Stage["run"]])[] {
  return [
    ["first dumps", 60, (signal) => firstDumpsMade(engine, signal)],
    ["first backup", 150, (signal) => firstBackupMade(engine, signal, new Date())],
  ];
}

/** Stages that wait for each other in the order given. */
export function chain(steps: readonly (readonly [string, number, Stage["run"]])[]): Stage[] {
  return steps.map(([name, expectedSeconds, run], index) => {
    const before = steps[index - 1];
    return { name, expectedSeconds, run, after: before === undefined ? [] : [before[0]] };
  });
}
