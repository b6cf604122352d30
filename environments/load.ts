/** From a name and the settings to a parsed profile. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { kind } from "./kind.ts";
import { local } from "./local.ts";
import { okeProduction } from "./oke-production.ts";
import { okeStaging } from "./oke-staging.ts";
import { profileSchema, type Profile } from "./profile.ts";
import { projectRoot, UsageError, type Settings } from "./settings.ts";

const profiles: Readonly<Record<Profile["name"], Profile>> = {
  local,
  kind,
  "oke-staging": okeStaging,
  "oke-production": okeProduction,
};

/** The names that --env takes. */
export const environmentNames: readonly string[] = Object.keys(profiles);

/**
 * The profile of an environment as the project ships it.
 * @throws UsageError with one line that lists the environments, where there is none of that name
 */
export function builtInProfile(name: string): Profile {
  const builtIn = Object.values(profiles).find((profile) => profile.name === name);
  if (builtIn !== undefined) return builtIn;
  throw new UsageError(`unknown environment '${name}': choose one of ${environmentNames.join(", ")}`);
}

/**
 * The profile of an environment: the built-in one, the user's file laid over it, then the OKE_PROOF_* variables.
 * Objects are merged key by key; a list or a single value replaces what was there.
 * @throws UsageError with one line that names the environment or the file and the field
 */
export function loadProfile(name: string, settings: Settings): Profile {
  const builtIn = builtInProfile(name);
  const recorded: Layer = name === "local" ? { cluster: recordedCluster() } : {};
  const fromFile = settings.profileFile === undefined ? {} : readLayer(settings.profileFile);
  const fromVariables: Layer = {
    cluster: compact({ kubeconfig: settings.kubeconfig, context: settings.context, expectedUid: settings.clusterUid }),
    ...compact({ pushgateway: settings.pushgateway }),
  };
  const merged = [recorded, fromFile, fromVariables].reduce<Layer>(lay, { ...builtIn });
  const parsed = profileSchema.safeParse(merged);
  if (!parsed.success) {
    const where = settings.profileFile ?? `environments/${name}.ts`;
    throw new UsageError(`profile ${where}: ${oneLine(z.prettifyError(parsed.error))}`);
  }
  if (parsed.data.name !== name) {
    throw new UsageError(
      `profile ${settings.profileFile ?? name} is for '${parsed.data.name}', but --env says '${name}'`,
    );
  }
  return parsed.data;
}

type Layer = { readonly [key: string]: unknown };

/** Lays one object over another; neither is changed. */
function lay(below: Layer, above: Layer): Layer {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isLayer(under) && isLayer(value) ? lay(under, value) : value;
  }
  return merged;
}

function isLayer(value: unknown): value is Layer {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readLayer(file: string): Layer {
  let parsed: unknown;
  try {
    // Warnings would go to the terminal: what matters is what the text means.
    parsed = parse(readFileSync(file, "utf8"), { logLevel: "error" });
  } catch (error) {
    throw new UsageError(`profile ${file}: ${oneLine(error instanceof Error ? error.message : String(error))}`, {
      cause: error,
    });
  }
  if (!isLayer(parsed)) throw new UsageError(`profile ${file}: holds no mapping of fields`);
  return parsed;
}

const recordSchema = z.looseObject({ clusterUid: z.string().min(1) });

/** What `up` wrote down when it made the local cluster; nothing where there is none, so that a gate refuses. */
function recordedCluster(): Layer {
  try {
    const record: unknown = JSON.parse(readFileSync(join(projectRoot, ".oke-proof", "local", "cluster.json"), "utf8"));
    return { expectedUid: recordSchema.parse(record).clusterUid };
  } catch {
    return {};
  }
}

function compact(fields: Readonly<Record<string, string | undefined>>): Layer {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}
