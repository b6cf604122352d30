/** `oke-proof fits`: says before an apply whether what the charts and Terraform ask for fits the free allowance. */
import { seedSizes, type SeedSize } from "../criteria/seed-sizes.ts";
import { loadProfile } from "../environments/load.ts";
import { helmProgram } from "../environments/local/programs.ts";
import { readSettings, UsageError } from "../environments/settings.ts";
import type { Asked } from "../probes/charts/footprint.ts";
import { readPlannedSum, type PlannedSum } from "../probes/charts/sum.ts";
import { allowance202606, type Allowance } from "../probes/terraform/allowance.ts";
import { judgeRequestsFit, sumOf } from "../suites/infra/allowance.judge.ts";

const gib = 2 ** 30;
const exitCodes = { pass: 0, fail: 1, unproven: 2 } as const;

/**
 * Prints every workload's part, the sums against the allowance in force, and which statement of the two documents no longer fits.
 * @returns 0 fits, 1 does not fit, 2 something could not be summed
 * @throws UsageError where there is no Helm to render the charts with, and for an environment that plans nothing on Oracle
 */
export async function runFits(
  options: { readonly env: string | undefined },
  { say }: { readonly say: (line: string) => void },
): Promise<number> {
  const settings = readSettings();
  // Without a name both Oracle environments are summed, as the local profile states them.
  const { plans } = loadProfile(options.env ?? "local", settings);
  const helm = await helmProgram();
  if (helm === undefined) {
    throw new UsageError(
      "fits: no Helm to render the charts with: 'oke-proof up' builds it, or install Helm 3 and put it on the PATH",
    );
  }
  const allowance = allowance202606;
  const now = new Date();
  const sums: PlannedSum[] = [];
  for (const plan of plans) sums.push(await readPlannedSum(helm, plan, now));
  say(`allowance in force: ${allowance.name}, since ${allowance.from} (${allowance.source})`);
  for (const sum of sums) sayPlan(sum, allowance, say);
  if (sums.length > 1)
    say("\nA tenancy has this allowance once: each environment must fit by itself, and both at once do not.");
  say("\nStatements of the two documents, held against it:");
  for (const statement of seedSizes) for (const line of statementLines(statement, allowance)) say(line);
  const verdict = judgeRequestsFit(sums, allowance, now);
  const word = { pass: "fits", fail: "does not fit", unproven: "cannot be said" }[verdict.outcome];
  say(`\n${word}: ${verdict.because}`);
  return exitCodes[verdict.outcome];
}

function sayPlan(planned: PlannedSum, allowance: Allowance, say: (line: string) => void): void {
  say(`\n${planned.environment}`);
  say(row(["", "pods", "cpu", "MiB", "claims", "balancers"]));
  for (const { name, footprint } of planned.parts) {
    if (!footprint.ok) {
      say(`  ${name}: ${footprint.why}`);
      continue;
    }
    const asking = footprint.value.rows.filter(
      ({ pods, claims, loadBalancers }) => pods + claims.length + loadBalancers > 0,
    );
    for (const asked of asking) say(row(cells(asked)));
    for (const gap of footprint.value.gaps) say(`  not summed: ${gap}`);
  }
  const { lines, gaps } = sumOf(planned, allowance);
  for (const { what, unit, value, most } of lines) {
    // A sum that something is missing from may be over its limit already, but never within.
    const word = value > most ? "OVER" : gaps.length > 0 ? "?   " : "ok  ";
    say(`  ${word}  ${what}: ${value} of ${most} ${unit}`);
  }
}

function cells({ what, pods, amount, claims, loadBalancers }: Asked): string[] {
  const mebibytes = Math.ceil(amount.memory / 2 ** 20);
  const sizes = claims.length === 0 ? "-" : claims.map((bytes) => `${Math.ceil(bytes / gib)}Gi`).join(" ");
  return [
    what,
    String(pods),
    amount.cpu.toFixed(3),
    String(mebibytes),
    sizes,
    loadBalancers === 0 ? "-" : String(loadBalancers),
  ];
}

const widths = [-64, 5, 8, 7, 10, 10];

function row(texts: readonly string[]): string {
  const padded = texts.map((text, column) => {
    const width = widths[column] ?? 0;
    return width < 0 ? text.padEnd(-width) : text.padStart(width);
  });
  return `  ${padded.join("")}`.trimEnd();
}

/** A statement, whether it fits, and by how much it does not. */
export function statementLines({ source, needs, arithmetic }: SeedSize, allowance: Allowance): string[] {
  const over = (["ocpus", "memoryGb", "blockVolumeGb", "loadBalancers"] as const).flatMap((field) => {
    const need = needs[field] ?? 0;
    return need > allowance[field] ? [`${names[field]}: ${need}, ${allowance[field]} free`] : [];
  });
  return [
    `  ${over.length === 0 ? "fits        " : "DOES NOT FIT"}  "${source.quote}" (${source.document}, ${source.section})`,
    `                ${[arithmetic, ...over].join("; ")}`,
  ];
}

const names = {
  ocpus: "OCPUs",
  memoryGb: "GB of memory",
  blockVolumeGb: "GB of volumes",
  loadBalancers: "load balancers",
};
