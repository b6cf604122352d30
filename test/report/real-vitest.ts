/** Runs real Vitest with real allure-vitest on suites written for one test, in a folder of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { poll } from "../../harness/poll.ts";

const projectRoot = resolve(import.meta.dirname, "..", "..");

/** Body of a suite: `judged(id, outcome, error?)` declares a test that labels itself as checks do and then throws `error`. */
export type Suite = { readonly name: string; readonly body: string };

const prelude = `
import { appendFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { recordInAllure } from ${JSON.stringify(join(projectRoot, "suites/allure-labels.ts"))};
import { exampleCriterion, exampleFact } from ${JSON.stringify(join(projectRoot, "test/report/example.ts"))};
const judged = (id, outcome, error) => test(id, async () => {
  await recordInAllure(exampleCriterion(id), { outcome, because: "judged", evidence: [exampleFact("nodes", 3, { limit: "exactly 3" })] });
  if (error !== undefined) throw error;
});
`;

/** A run's folder with its suites below it; `node_modules` is the project's. */
export function makeRun(suites: readonly Suite[]): string {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-report-"));
  symlinkSync(join(projectRoot, "node_modules"), join(directory, "node_modules"));
  mkdirSync(join(directory, "suites"));
  for (const { name, body } of suites) writeFileSync(join(directory, "suites", `${name}.check.ts`), prelude + body);
  const config = {
    root: directory,
    test: {
      include: ["suites/*.check.ts"],
      setupFiles: ["allure-vitest/setup"],
      reporters: ["default", ["allure-vitest/reporter", { resultsDir: join(directory, "allure-results") }]],
    },
  };
  writeFileSync(join(directory, "vitest.config.ts"), `export default ${JSON.stringify(config)};\n`);
  return directory;
}

/**
 * Runs the suites of a folder to their end, or kills Vitest with its whole process group once `killWhen` exists.
 * @returns Vitest's exit code; null where it was killed
 */
export async function runSuites(directory: string, killWhen?: string): Promise<number | null> {
  const vitest = join(projectRoot, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run"], { cwd: directory, detached: true, stdio: "ignore" });
  const ended = once(child, "exit");
  const { pid } = child;
  if (pid === undefined) throw new Error(`Vitest did not start in ${directory}`);
  if (killWhen !== undefined) {
    const look = async () =>
      existsSync(join(directory, killWhen))
        ? ({ state: "yes", value: true } as const)
        : ({ state: "not yet", seen: "no such file" } as const);
    await poll(look, { what: `file ${killWhen}`, timeoutMs: 30_000, everyMs: 50 });
    process.kill(-pid, "SIGKILL");
  }
  await ended;
  return child.exitCode;
}

const resultSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  status: z.string().optional(),
  statusDetails: z.object({ message: z.string().optional() }).optional(),
  labels: z.array(z.object({ name: z.string(), value: z.string() })),
  links: z.array(z.object({ name: z.string(), url: z.string(), type: z.string() })),
  parameters: z.array(z.object({ name: z.string(), value: z.string() })),
  steps: z.array(z.object({ attachments: z.array(z.object({ name: z.string(), source: z.string() })) })),
});

export type AllureResult = z.infer<typeof resultSchema>;

/** All results of a folder, by the label `criterion` or else by the test's name; several of one criterion stand side by side. */
export function allureResults(directory: string): Map<string, AllureResult[]> {
  const folder = join(directory, "allure-results");
  const files = readdirSync(folder).filter((file) => file.endsWith("-result.json"));
  const results = files.map((file) => resultSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))));
  return Map.groupBy(results, ({ labels, name }) => labels.find((label) => label.name === "criterion")?.value ?? name);
}
