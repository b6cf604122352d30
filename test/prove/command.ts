/** Runs the product the way people do: its command, its exit code, its ledger. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Ledger, LedgerLine } from "../../harness/ledger.ts";
import { readLedger } from "../../reporters/ledger.ts";

export type Proof = { readonly exitCode: number | null; readonly output: string; readonly ledger: Ledger };

const root = resolve(import.meta.dirname, "../..");
const eightMinutesMs = 480_000;

/** A command under way. `ended` is its exit code, null where a signal ended it, and all that it said. */
export type Started = {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly output: string }>;
};

/**
 * Starts `oke-proof`.
 * @param timeoutMs after which it is told to end (SIGTERM): eight minutes where nothing else is said
 */
export function startOkeProof(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  timeoutMs = eightMinutesMs,
): Started {
  const child = spawn(join(root, "bin", "oke-proof"), args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  }).then((exitCode) => ({ exitCode, output }));
  return { child, ended };
}

/** Runs `oke-proof` and waits for its end. @param timeoutMs as for `startOkeProof` */
export async function okeProof(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  timeoutMs = eightMinutesMs,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  return startOkeProof(args, environment, timeoutMs).ended;
}

/** What is laid over the local profile, and whose rights the run has. */
export type Overlaid = { readonly kubeconfig?: string; readonly layer?: Readonly<Record<string, unknown>> };

/** Starts `oke-proof validate --env local` on these criteria; its reports go to `directory`. */
export function startValidateLocal(
  criteria: readonly string[],
  options: Overlaid = {},
): Started & { readonly directory: string } {
  const out = mkdtempSync(join(tmpdir(), "oke-proof-prove-"));
  const directory = join(out, "run");
  const environment: Record<string, string> = {};
  if (options.kubeconfig !== undefined) environment["OKE_PROOF_KUBECONFIG"] = options.kubeconfig;
  if (options.layer !== undefined) {
    environment["OKE_PROOF_PROFILE"] = join(out, "profile.json");
    writeFileSync(environment["OKE_PROOF_PROFILE"], JSON.stringify(options.layer));
  }
  const wanted = criteria.length === 0 ? [] : ["--criterion", ...criteria];
  return { directory, ...startOkeProof(["validate", "--env", "local", "--out", directory, ...wanted], environment) };
}

/** The end of a run that was started, with its ledger. @throws Error with the last of what it said, where there is none */
export async function proofOf(started: Started & { readonly directory: string }): Promise<Proof> {
  const ended = await started.ended;
  try {
    return { ...ended, ledger: readLedger(join(started.directory, "ledger.json")) };
  } catch (error) {
    throw new Error(`oke-proof validate left no ledger (exit ${ended.exitCode}): ${ended.output.slice(-2000)}`, {
      cause: error,
    });
  }
}

/** Runs `oke-proof validate --env local` on these criteria and reads its ledger. */
export async function validateLocal(criteria: readonly string[], options: Overlaid = {}): Promise<Proof> {
  return proofOf(startValidateLocal(criteria, options));
}

/** The line of one criterion. */
export function lineOf(proof: Proof, id: string): LedgerLine {
  const line = proof.ledger.criteria.find((candidate) => candidate.id === id);
  if (line === undefined) throw new Error(`the ledger has no line for ${id}`);
  return line;
}
