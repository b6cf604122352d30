/** Runs `oke-proof drill` the way people do, for as long as its plan says that it may take. */
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareDrill } from "../../cli/prepare-drill.ts";
import { loadProfile } from "../../environments/load.ts";
import { readSettings } from "../../environments/settings.ts";
import { graceMsMax } from "../../fixtures/faults/drill-time.ts";
import type { Ledger, LedgerLine } from "../../harness/ledger.ts";
import { readLedger } from "../../reporters/ledger.ts";
import { okeProof, type Overlaid } from "../prove/command.ts";

export type DrillProof = {
  readonly exitCode: number | null;
  readonly output: string;
  readonly seconds: number;
  /** Undefined where the drill was refused before its run began. */
  readonly ledger: Ledger | undefined;
};

export type DrillAsked = Overlaid & {
  readonly env?: string;
  /** Whether the opt-in is given for targets with one replica. Default: it is. */
  readonly singleReplica?: boolean;
  /** Whether it only says what it would do. */
  readonly dryRun?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
  /** How long the command may take. Default: what a refusal takes. */
  readonly msMax?: number;
};

/** Planning, the dead man's start, and the reports. */
const besidesMs = 240_000;

/** How long the command of a drill may take, by the drill's own plan; it reads, and touches nothing. @throws Error where it is refused */
export async function msMaxOfDrill(name: string): Promise<number> {
  const profile = loadProfile("local", readSettings());
  const wanted = { name, profile, runId: `prove-plan-${process.pid}`, singleReplica: true };
  const { drill, decided } = await prepareDrill(wanted, AbortSignal.timeout(besidesMs));
  return besidesMs + (drill.announced.msMax + graceMsMax) * Math.max(decided.length, 1);
}

/** Runs `oke-proof drill NAME` and waits for its end; its reports go to a folder of their own, where no gate finds them. */
export async function runDrill(name: string, asked: DrillAsked = {}): Promise<DrillProof> {
  const { env = "local", singleReplica = true, dryRun = false, msMax = besidesMs } = asked;
  const { kubeconfig, layer, variables } = asked;
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-drill-"));
  const out = join(folder, "run");
  const environment: Record<string, string> = { ...variables };
  if (kubeconfig !== undefined) environment["OKE_PROOF_KUBECONFIG"] = kubeconfig;
  if (layer !== undefined) {
    environment["OKE_PROOF_PROFILE"] = join(folder, "profile.json");
    writeFileSync(environment["OKE_PROOF_PROFILE"], JSON.stringify(layer));
  }
  const flags = [...(singleReplica ? ["--single-replica"] : []), ...(dryRun ? ["--dry-run"] : [])];
  const startedMs = performance.now();
  const ended = await okeProof(["drill", name, "--env", env, "--out", out, ...flags], environment, msMax);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const file = join(out, "ledger.json");
  return { ...ended, seconds, ledger: existsSync(file) ? readLedger(file) : undefined };
}

/** The line of one criterion. @throws Error with the last of what the command said, where there is none */
export function lineOfDrill({ ledger, exitCode, output }: DrillProof, id: string): LedgerLine {
  const line = ledger?.criteria.find((candidate) => candidate.id === id);
  if (line === undefined) throw new Error(`the drill (exit ${exitCode}) left no line of ${id}: ${output.slice(-2000)}`);
  return line;
}
