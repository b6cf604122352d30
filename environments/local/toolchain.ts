/** The Go programs that the cluster is made of: one committed module a tool, so that a build asks for exactly what was tried. */
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readSettings } from "../settings.ts";
import { hasOutput, keyOf, output, outputPath } from "./cache.ts";
import { run } from "./command.ts";
import { cachePaths, toolchainDirectory } from "./paths.ts";
import { tools } from "./tools.ts";
import type { Tool } from "./tools.ts";

const buildMsMax = 2_400_000;

/** The tool of that name. @throws Error for a name that no module has */
export function toolNamed(name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`toolchain: there is no tool '${name}'`);
  return tool;
}

/** The key of a tool's binaries: its sources as committed, its flags, and the processor they run on. */
export async function toolKey(tool: Tool): Promise<string> {
  const folder = join(toolchainDirectory, tool.name);
  const sources = (await goFiles(folder)).filter((name) => name !== "main.go");
  const names = ["go.mod", "go.sum", "main.go", ...sources];
  const files = names.map((name) => join(folder, name)).filter((file) => existsSync(file));
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return keyOf([...contents, tool.tags ?? "", linkerFlags(tool), process.arch]);
}

/** Where a tool's binaries are, once built. */
export async function toolFolder(name: string): Promise<string> {
  return outputPath(name, await toolKey(toolNamed(name)));
}

export async function isToolBuilt(tool: Tool): Promise<boolean> {
  return hasOutput(tool.name, await toolKey(tool));
}

/** Builds a tool's binaries into the cache, if they are not there. @throws CommandError with the compiler's last lines */
export async function buildTool(tool: Tool, signal: AbortSignal): Promise<string> {
  return output(tool.name, await toolKey(tool), async (folder) => {
    await mkdir(cachePaths.logs, { recursive: true });
    const source = join(toolchainDirectory, tool.name);
    const hasTools = /^tool /m.test(await readFile(join(source, "go.mod"), "utf8"));
    const what = [...(hasTools ? ["tool"] : []), ...((await goFiles(source)).length > 0 ? ["./..."] : [])];
    const flags = [
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      "-tags",
      tool.tags ?? "",
      "-ldflags",
      linkerFlags(tool),
    ];
    await run("go", ["install", ...flags, ...what], {
      cwd: source,
      env: { ...goEnvironment(), GOBIN: folder },
      signal,
      timeoutMs: buildMsMax,
      logFile: join(cachePaths.logs, `go-${tool.name}.log`),
    });
  });
}

/** Go's environment with caches of ours, which are emptied when everything is built. */
export function goEnvironment(): Record<string, string> {
  const ours = {
    GOCACHE: cachePaths.goBuild,
    GOMODCACHE: cachePaths.goModules,
    CGO_ENABLED: "0",
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    GOFLAGS: "",
  };
  return { ...readSettings().inherited, ...ours };
}

/** Deletes Go's caches. Module files are written read-only, hence Go's own command. */
export async function emptyGoCaches(signal: AbortSignal): Promise<void> {
  if (existsSync(cachePaths.goModules)) {
    await run("go", ["clean", "-modcache"], { env: goEnvironment(), signal, timeoutMs: 900_000, accept: [1] });
  }
  await rm(cachePaths.goBuild, { recursive: true, force: true });
  await rm(cachePaths.goModules, { recursive: true, force: true });
}

/** Programs of our own in a tool's module, for what upstream has no fitting one. */
async function goFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".go")).toSorted();
}

function linkerFlags(tool: Tool): string {
  const variables = Object.entries(tool.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return ["-s", "-w", ...variables].join(" ");
}
