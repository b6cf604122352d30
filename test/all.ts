/**
 * `npm test`: as many layers of the local cluster as fit its time, given what is built already (test/affordable-layers.ts), and never the last;
 * `npm run test:full` (--full) all of them. What rests on a load of minutes is `npm run test:load`. In the order of their cost. Quick stages first; the cluster is not touched while one of them fails.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { layerNames } from "../environments/local/versions.ts";
import { affordable, costOf } from "./affordable-layers.ts";

type Counted = { readonly passed: number; readonly failed: number };
type Environment = Readonly<Record<string, string>>;
type Stage = { readonly name: string; readonly about: string; readonly run: () => Promise<Counted> };

const root = resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "oke-proof-test-"));
const bin = (name: string): string => join(root, "node_modules", ".bin", name);

const full = process.argv.includes("--full");
const wanted = full ? layerNames : affordable(await Promise.all(layerNames.slice(0, -1).map(costOf)));
const layers = wanted.join(",");
const left = layerNames.filter((name) => !wanted.includes(name));
console.log(`layers of the local cluster: ${wanted.join(", ")}`);
if (left.length > 0)
  console.log(
    `not in this run: ${left.join(", ")}; npm run test:full proves all, and npm test more of them once they are built`,
  );
/** Prometheus's own tool, which a test of the charts asks, is built with its layer. */
const withoutPrometheus = wanted.includes("observability") ? [] : ["--exclude", "test/charts/prometheus.charts.ts"];
/** Name servers and probers taken away in the middle of the truth table: four minutes in which nothing else may look. */
const matrix = full ? [] : ["--exclude", "test/prove/network-matrix.prove.ts"];

const quick: readonly Stage[] = [
  { name: "types", about: "tsc, strict", run: () => command(bin("tsc"), ["--noEmit"]) },
  { name: "lint", about: "oxlint, type-aware", run: () => command(bin("oxlint"), ["--type-aware"]) },
  { name: "format", about: "prettier", run: () => command(bin("prettier"), ["--check", "--log-level", "warn", "."]) },
  { name: "unit", about: "judges, parsers, reports, the project's own rules", run: () => vitest("unit") },
];
const onCluster: readonly Stage[] = [
  {
    name: "cluster",
    about:
      "stands the local cluster up; up to 45 minutes on a cold cache, minutes on a warm one, seconds where it stands",
    run: () => command(join(root, "bin", "oke-proof"), ["up", "--layers", layers]),
  },
  {
    name: "charts",
    about:
      "every chart with every values file: linted, rendered, held against the API server's schemas; about 2 minutes",
    run: () => vitest("charts", {}, withoutPrometheus),
  },
  {
    name: "prove",
    about: "every check on the good platform, on its planted defect, and blinded; about half an hour",
    run: () => vitest("prove", { PROVE_LAYERS: layers }, matrix),
  },
];

/** Runs one command; its exit code is one test. */
function command(program: string, args: readonly string[], environment: Environment = {}): Promise<Counted> {
  return new Promise((done) => {
    const env = { ...process.env, ...environment };
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", (error) => {
      console.error(`starting ${program}: ${error.message}`);
      done({ passed: 0, failed: 1 });
    });
    child.once("exit", (code) => done(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }));
  });
}

/** Runs a Vitest project and counts its tests; a run that counted none, or died, is a failure. */
async function vitest(project: string, environment: Environment = {}, more: readonly string[] = []): Promise<Counted> {
  const file = join(scratch, `${project}.json`);
  const args = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", project];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const ended = await command(process.execPath, [...args, ...more, ...reporters], environment);
  try {
    const report: unknown = JSON.parse(readFileSync(file, "utf8"));
    const passed = numberAt(report, "numPassedTests");
    const total = numberAt(report, "numTotalTests");
    // What neither passed nor failed (skipped, todo, never run) is counted as failed: nothing here may be left out in silence.
    const failed = Math.max(total - passed, ended.failed);
    return passed === 0 && failed === 0 ? { passed: 0, failed: 1 } : { passed, failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function numberAt(report: unknown, field: string): number {
  const found: unknown =
    typeof report === "object" && report !== null
      ? Object.entries(report).find(([name]) => name === field)?.[1]
      : undefined;
  if (typeof found !== "number") throw new Error(`Vitest's report has no number '${field}'`);
  return found;
}

const results: { name: string; counted: Counted; seconds: number }[] = [];
for (const stages of [quick, onCluster]) {
  if (results.some(({ counted }) => counted.failed > 0)) {
    console.log(`not run, since a stage before failed: ${stages.map(({ name }) => name).join(", ")}`);
    break;
  }
  for (const stage of stages) {
    console.log(`\n== ${stage.name}: ${stage.about}`);
    const started = performance.now();
    const counted = await stage.run();
    results.push({ name: stage.name, counted, seconds: (performance.now() - started) / 1000 });
    if (stage.name === "cluster" && counted.failed > 0) break;
  }
}
rmSync(scratch, { recursive: true, force: true });

console.log(`\n${"stage".padEnd(10)}${"passed".padStart(8)}${"failed".padStart(8)}${"seconds".padStart(10)}`);
for (const { name, counted, seconds } of results) {
  console.log(
    `${name.padEnd(10)}${String(counted.passed).padStart(8)}${String(counted.failed).padStart(8)}${seconds.toFixed(1).padStart(10)}`,
  );
}
const total = results.reduce(
  (sum, { counted }) => ({ passed: sum.passed + counted.passed, failed: sum.failed + counted.failed }),
  { passed: 0, failed: 0 },
);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
