/** Runs the scanner on a text of manifests, as a child with bounded time and output. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { oneLine, whyOf } from "../why.ts";

/** Where kube-score is, and the environment that it runs in. */
export type ScannerProgram = { readonly path: string; readonly env: Readonly<Record<string, string>> };

/** What it printed; or why it printed nothing that counts. */
export type Scanned =
  | { readonly ok: true; readonly text: string; readonly foundCritical: boolean }
  | { readonly ok: false; readonly why: string };

const execute = promisify(execFile);
const outputBytesMax = 64 * 1024 * 1024;
const timeoutMsMax = 60_000;

/** Tests are switched neither on nor off by an object's own annotations. */
const scannerArguments = [
  "score",
  "--output-format",
  "json",
  "--output-version",
  "v2",
  "--disable-ignore-checks-annotations",
  "--disable-optional-checks-annotations",
  "-",
];

const ended = z.looseObject({
  code: z.union([z.number(), z.string()]).nullish(),
  killed: z.boolean().optional(),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
});

/**
 * What kube-score prints of the manifests. It ends with 0 where nothing is critical and with 1 where something is; 1 without any output is a
 * text that it could not read. Everything else is `ok: false`: not started, another exit code, too slow, too much output, aborted. Never throws.
 * @param options.timeoutMs a minute where nothing is said
 */
export async function runScanner(
  { path, env }: ScannerProgram,
  manifests: string,
  options: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<Scanned> {
  const timeout = options.timeoutMs ?? timeoutMsMax;
  const limits = {
    env: { ...env },
    maxBuffer: outputBytesMax,
    timeout,
    killSignal: "SIGKILL" as const,
    signal: options.signal,
  };
  try {
    const running = execute(path, scannerArguments, limits);
    // A child that ends before it has read everything says why by its exit code.
    running.child.stdin?.on("error", () => undefined).end(manifests);
    const { stdout } = await running;
    return { ok: true, text: stdout, foundCritical: false };
  } catch (error) {
    return endOf(error, path, timeout);
  }
}

const silent: z.output<typeof ended> = {};

function endOf(error: unknown, path: string, timeoutMs: number): Scanned {
  const parsed = ended.safeParse(error);
  const end = parsed.success ? parsed.data : silent;
  const { code, stdout = "" } = end;
  if (code === 1 && stdout.trim() !== "") return { ok: true, text: stdout, foundCritical: true };
  if (code === "ENOENT" || code === "EACCES")
    return refused(`could not be started (${path}: ${code}): 'oke-proof up' builds it, or put it on the PATH`);
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return refused(`printed more than ${outputBytesMax} bytes`);
  if (code === "ABORT_ERR") return refused("was stopped, since the check ran out of time");
  if (end.killed === true) return refused(`did not end within ${timeoutMs / 1000} s`);
  if (typeof code !== "number") return refused(`failed: ${whyOf(error)}`);
  const words = oneLine(end.stderr ?? "");
  return refused(`ended with exit code ${code}${words === "" ? " and no word" : `: ${words}`}`);
}

function refused(why: string): Scanned {
  return { ok: false, why: `kube-score ${why}` };
}
