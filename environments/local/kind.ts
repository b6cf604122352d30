/** Making and deleting the nodes with kind. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { poll } from "../../harness/poll.ts";
import { CommandError, lastLines, run } from "./command.ts";
import type { CommandResult } from "./command.ts";
import type { Engine } from "./engine.ts";
import { kindConfig } from "./kind-config.ts";
import { networkEnvironment } from "./network.ts";
import { cachePaths, statePaths } from "./paths.ts";
import { toolFolder } from "./toolchain.ts";
import { clusterName, nodeNames } from "./versions.ts";

const createMsMax = 420_000;
const deleteMsMax = 120_000;
const resourceCapability = 24n;

/** Creates the nodes and writes the administrator's kubeconfig; the nodes are not Ready before there is a CNI. */
export async function createNodes(engine: Engine, image: string, signal: AbortSignal): Promise<void> {
  await mkdir(dirname(statePaths.kindConfig), { recursive: true });
  await writeFile(statePaths.kindConfig, kindConfig({ image, mayRaiseLimits: await mayRaiseLimits() }));
  // kind mounts it into the nodes, and a kernel without modules may not have it.
  if (!existsSync("/lib/modules") && process.getuid?.() === 0) await mkdir("/lib/modules", { recursive: true });
  await mkdir(cachePaths.logs, { recursive: true });
  const logFile = join(cachePaths.logs, "kind.log");
  await rm(logFile, { force: true });
  const args = [
    "create",
    "cluster",
    "--config",
    statePaths.kindConfig,
    "--kubeconfig",
    statePaths.kubeconfig,
    "--retain",
    "-v",
    "1",
  ];
  try {
    await run(await kindProgram(), args, { env: kindEnvironment(engine), signal, timeoutMs: createMsMax, logFile });
  } catch (error) {
    const hint = `the whole output is in ${logFile}; the nodes are kept for a look (${engine.name} ps -a) until the next up or down`;
    throw error instanceof CommandError
      ? new CommandError(`${error.message}\n  ${hint}`, error.code, error.output, error.cause)
      : error;
  }
}

/** Ids of the nodes' containers that are there, running or not. @throws CommandError */
export async function nodeContainers(
  engine: Pick<Engine, "call">,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<readonly string[]> {
  return lines(
    await engine.call(["ps", "-a", "-q", "--filter", `label=io.x-k8s.kind.cluster=${clusterName}`], options),
  );
}

/** Deletes the nodes with their volumes, by the labels that kind gave them. Harmless where there are none. */
export async function deleteNodes(engine: Engine, signal?: AbortSignal): Promise<void> {
  const options = { timeoutMs: deleteMsMax, ...(signal === undefined ? {} : { signal }) };
  // Not by kind: its binary may not be built yet, and the engine does the same in a few calls.
  const soon = engine.name === "podman" ? ["-t", "0"] : [];
  const gone = await poll(
    async () => {
      const containers = await nodeContainers(engine, options);
      if (containers.length === 0) return { state: "yes", value: true };
      // Podman may find a container ending by itself just then, and refuse; the next look finds it ended.
      const removed = await engine.call(["rm", "-f", "-v", ...soon, ...containers], {
        ...options,
        accept: [1, 2, 125],
      });
      return { state: "not yet", seen: lastLines(removed.stderr, 2) };
    },
    {
      what: "removing the nodes' containers",
      timeoutMs: deleteMsMax,
      everyMs: 500,
      ...(signal === undefined ? {} : { signal }),
    },
  );
  if (!gone.ok) throw new Error(gone.why);
  for (const node of nodeNames) {
    const volumes = lines(await engine.call(["volume", "ls", "-q", "--filter", `label=${node}`], options));
    if (volumes.length > 0) await engine.call(["volume", "rm", "-f", ...volumes], { ...options, accept: [1, 2, 125] });
  }
}

function lines(result: CommandResult): string[] {
  return result.stdout.split("\n").filter((line) => line !== "");
}

/** Whether this process may raise resource limits; containers can do no more than it. */
export async function mayRaiseLimits(): Promise<boolean> {
  const text = await readFile("/proc/self/status", "utf8").catch(() => "");
  const bounding = /^CapBnd:\s*([0-9a-f]+)/m.exec(text)?.[1];
  // No such line: the engine runs in a virtual machine of its own, which lacks nothing.
  return bounding === undefined || ((BigInt(`0x${bounding}`) >> resourceCapability) & 1n) === 1n;
}

function kindEnvironment(engine: Engine): Record<string, string> {
  return { ...engine.env, ...networkEnvironment, KIND_EXPERIMENTAL_PROVIDER: engine.name };
}

async function kindProgram(): Promise<string> {
  return join(await toolFolder("kind"), "kind");
}
