/** The charts of this project and the values that each comes with. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { PlannedRelease } from "../../environments/plan.ts";
import { projectRoot } from "../../environments/settings.ts";
import { daprSources, sealedSecretsSources, sourcesFolder } from "../../environments/local/sources.ts";

export type Case = { readonly title: string; readonly release: PlannedRelease };

const helm = join(projectRoot, "helm");
const image = { "global.images.apps": "registry.example/oke-proof/apps:1.0.0" };

/** What a chart asks of every installation. */
const asked: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  delivery: {
    "repository.url": "https://git.example/platform.git",
    "global.images.gitServer": "registry.example/oke-proof/git-server:1.0.0",
  },
};

const own: readonly (readonly [string, string])[] = [
  ["health-platform", "health-platform"],
  ["todo-chatbot", "todo-chatbot"],
  ["todo-chatbot/charts/kafka", "kafka"],
  ["delivery", "argocd"],
  ["harness-access", "oke-proof"],
  ["network-policies", "oke-proof"],
];

/** Every chart with its defaults alone, and with each of its values files over them. */
export function ownCases(): readonly Case[] {
  return own.flatMap(([path, namespace]) => {
    const chart = join(helm, path);
    return [undefined, ...valuesFiles(chart)].map((file) => ({
      title: `${path} with ${file ?? "its defaults"}`,
      release: {
        name: "tested",
        namespace,
        chart,
        values: file === undefined ? [] : [join(chart, file)],
        set: { ...image, ...asked[path] },
      },
    }));
  });
}

/** The charts of others, from the modules that `up` takes them from, with this project's values. */
export async function othersCases(signal: AbortSignal): Promise<readonly Case[]> {
  const dapr = join(await sourcesFolder(daprSources, signal), "charts", "dapr");
  const sealed = join(await sourcesFolder(sealedSecretsSources, signal), "helm", "sealed-secrets");
  const charts = [
    ["dapr", "dapr-system", dapr],
    ["sealed-secrets", "sealed-secrets", sealed],
  ] as const;
  return charts.flatMap(([name, namespace, chart]) => {
    const folder = join(helm, "third-party", name);
    return [undefined, ...valuesFiles(folder)].map((file) => ({
      title: `${name} with ${file ?? "values.yaml"}`,
      release: {
        name,
        namespace,
        chart,
        values: ["values.yaml", ...(file === undefined ? [] : [file])].map((each) => join(folder, each)),
        set: {},
      },
    }));
  });
}

/** All values files of the project, those of subcharts and of others' charts included. */
export function allValuesFiles(): readonly string[] {
  return readdirSync(helm, { recursive: true, encoding: "utf8" })
    .filter((path) => /(^|\/)values[^/]*\.yaml$/.test(path))
    .map((path) => join(helm, path));
}

function valuesFiles(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^values-.+\.yaml$/.test(name)) : [];
}
