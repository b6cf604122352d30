/** Docker or Podman, whichever answers. Podman runs with a configuration and a storage of ours, inside the cache. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readSettings } from "../settings.ts";
import { run } from "./command.ts";
import type { CommandOptions, CommandResult } from "./command.ts";
import { containersConfiguration, storageConfiguration } from "./engine-configuration.ts";
import { cachePaths } from "./paths.ts";

export type EngineName = "docker" | "podman";

export type Engine = {
  readonly name: EngineName;
  readonly version: string;
  /** The whole environment for whoever calls the engine, kind included. */
  readonly env: Readonly<Record<string, string>>;
  /** Calls the engine's command line. @throws CommandError */
  call(args: readonly string[], options?: Partial<CommandOptions>): Promise<CommandResult>;
};

/** On a machine under full load an engine that is there takes its time; one that is not there fails at once. */
const answerMsMax = 15_000;
const callMsMax = 600_000;

/**
 * The engine that answers: Docker is asked first, since Podman may also stand behind its name. A command on the PATH says nothing.
 * @param wanted "auto", or the only engine to ask
 * @returns undefined where none answers
 */
export async function findEngine(wanted: "auto" | EngineName, signal?: AbortSignal): Promise<Engine | undefined> {
  const names: readonly EngineName[] = wanted === "auto" ? ["docker", "podman"] : [wanted];
  for (const name of names) {
    const env = name === "podman" ? await podmanEnvironment() : { ...readSettings().inherited };
    const version = await serverVersion(name, env, signal);
    if (version === undefined) continue;
    const call: Engine["call"] = (args, options = {}) =>
      run(name, args, { env, timeoutMs: callMsMax, ...(signal === undefined ? {} : { signal }), ...options });
    return { name, version, env, call };
  }
  return undefined;
}

async function serverVersion(
  name: EngineName,
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const template = name === "docker" ? "{{.Server.Version}} {{.Server.Platform.Name}}" : "{{.Client.Version}}";
  try {
    const found = await run(name, ["version", "--format", template], {
      env,
      timeoutMs: answerMsMax,
      ...(signal === undefined ? {} : { signal }),
    });
    const version = found.stdout.trim();
    return version === "" ? undefined : version;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** A build that runs meanwhile reads the file again for each of its steps: it must never find half of it. */
async function keepWritten(file: string, text: string): Promise<void> {
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) return;
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}

async function podmanEnvironment(): Promise<Record<string, string>> {
  const { inherited } = readSettings();
  const runDirectory = podmanRunDirectory();
  await mkdir(cachePaths.podman, { recursive: true });
  const files = {
    containers: join(cachePaths.podman, "containers.conf"),
    storage: join(cachePaths.podman, "storage.conf"),
  };
  await keepWritten(files.containers, await containersConfiguration(cachePaths.podman, runDirectory));
  await keepWritten(files.storage, storageConfiguration(cachePaths.podman, runDirectory));
  return {
    ...inherited,
    CONTAINERS_CONF: files.containers,
    CONTAINERS_STORAGE_CONF: files.storage,
    KIND_EXPERIMENTAL_PROVIDER: "podman",
  };
}

/** Where Podman keeps what must not outlive a boot. */
export function podmanRunDirectory(): string {
  const { inherited } = readSettings();
  return process.getuid?.() === 0
    ? "/run/oke-proof"
    : join(inherited["XDG_RUNTIME_DIR"] ?? cachePaths.podman, "oke-proof");
}
