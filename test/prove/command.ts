/** Runs the product the way people do: its command, its exit code, its ledger. */
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Ledger, LedgerLine } from "../../harness/ledger.ts";
import { readLedger } from "../../reporters/ledger.ts";

export type Proof = { readonly exitCode: number | null; readonly output: string; readonly ledger: Ledger };

const root = resolve(import.meta.dirname, "../..");
const timeoutMs = 480_000;

/** Runs `oke-proof` and waits for its end, at most eight minutes. */
export async function okeProof(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
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
  const exitCode = await new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  return { exitCode, output };
}

/**
 * Runs `oke-proof validate --env local` on these criteria and reads its ledger.
 * @param layer laid over the local profile
 */
export async function validateLocal(
  criteria: readonly string[],
  options: { readonly kubeconfig?: string; readonly layer?: Readonly<Record<string, unknown>> } = {},
): Promise<Proof> {
  const out = mkdtempSync(join(tmpdir(), "oke-proof-prove-"));
  const environment: Record<string, string> = {};
  if (options.kubeconfig !== undefined) environment["OKE_PROOF_KUBECONFIG"] = options.kubeconfig;
  if (options.layer !== undefined) {
    environment["OKE_PROOF_PROFILE"] = join(out, "profile.json");
    writeFileSync(environment["OKE_PROOF_PROFILE"], JSON.stringify(options.layer));
  }
  const wanted = criteria.length === 0 ? [] : ["--criterion", ...criteria];
  const ended = await okeProof(["validate", "--env", "local", "--out", join(out, "run"), ...wanted], environment);
  try {
    return { ...ended, ledger: readLedger(join(out, "run", "ledger.json")) };
  } catch (error) {
    throw new Error(`oke-proof validate left no ledger (exit ${ended.exitCode}): ${ended.output.slice(-2000)}`, {
      cause: error,
    });
  }
}

/** The line of one criterion. */
export function lineOf(proof: Proof, id: string): LedgerLine {
  const line = proof.ledger.criteria.find((candidate) => candidate.id === id);
  if (line === undefined) throw new Error(`the ledger has no line for ${id}`);
  return line;
}
