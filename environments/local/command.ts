/** How the local cluster's code calls other programs: own process group, bounded output, bounded time, one clear error. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { once } from "node:events";

export type CommandOptions = {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  /** The child's whole environment; absent: that of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for the child's standard input, which is closed otherwise. */
  readonly input?: string;
  /** File that gets all output as well; the memory keeps only the last part. */
  readonly logFile?: string;
  /** Exit codes that are answers rather than errors. */
  readonly accept?: readonly number[];
};

export type CommandResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** The most that is kept of each stream, from its end, in characters. */
const keptMax = 4_000_000;
const lastLinesMax = 12;
const graceMs = 3000;

/** A program that could not be started, failed, was interrupted or took too long. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly code: number | undefined;
  readonly output: string;

  constructor(message: string, code: number | undefined, output: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.output = output;
  }
}

/** The last lines of a program's output, for an error message. */
export function lastLines(text: string, max = lastLinesMax): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-max)
    .join("\n  ");
}

/**
 * Runs a program to its end. On abort or after `timeoutMs` its whole process group gets SIGTERM, then SIGKILL three seconds later.
 * @throws CommandError naming the command, with its last lines of output
 */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const shown = shorten([command, ...args].join(" "));
  const child = spawn(command, args, {
    detached: true,
    cwd: options.cwd,
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const kept = { stdout: "", stderr: "" };
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: "a" });
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (part: string) => {
      kept[stream] = (kept[stream] + part).slice(-keptMax);
      log?.write(part);
    });
  }
  child.stdin?.on("error", () => undefined).end(options.input);
  const guard = guardChild(child.pid, options);
  try {
    const code = await ended(child, shown);
    const output = lastLines(`${kept.stdout}\n${kept.stderr}`);
    const why = guard.why();
    if (why !== undefined)
      throw new CommandError(`${shown}: ${why}\n  ${output}`, undefined, output, options.signal?.reason);
    if (code !== 0 && options.accept?.includes(code) !== true) {
      throw new CommandError(`${shown}: exit code ${code}\n  ${output}`, code, output);
    }
    return { code, ...kept };
  } finally {
    guard.stop();
    log?.end();
  }
}

async function ended(child: ReturnType<typeof spawn>, shown: string): Promise<number> {
  try {
    // Both streams are read to their end before the result counts; a grandchild that keeps them open is bounded by the guard.
    const [code]: unknown[] = await once(child, "close");
    return typeof code === "number" ? code : 137;
  } catch (error) {
    throw new CommandError(`${shown}: could not be started; is it installed and on the PATH?`, undefined, "", error);
  }
}

function guardChild(pid: number | undefined, options: CommandOptions): { why(): string | undefined; stop(): void } {
  let why: string | undefined;
  let killer: NodeJS.Timeout | undefined;
  const end = (reason: string) => {
    if (why !== undefined) return;
    why = reason;
    killGroup(pid, "SIGTERM");
    killer = setTimeout(() => killGroup(pid, "SIGKILL"), graceMs);
  };
  const onAbort = () => end("interrupted");
  const timer = setTimeout(() => end(`not done within ${Math.round(options.timeoutMs / 1000)} s`), options.timeoutMs);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  return {
    why: () => why,
    stop: () => {
      clearTimeout(timer);
      clearTimeout(killer);
      options.signal?.removeEventListener("abort", onAbort);
      if (why !== undefined) killGroup(pid, "SIGKILL");
    },
  };
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= 160 ? line : `${line.slice(0, 157)}...`;
}
