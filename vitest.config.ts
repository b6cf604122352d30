import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { readSettings } from "./environments/settings.ts";
import { runPlanSchema, type RunPlan } from "./harness/run-plan.ts";

const { runFile } = readSettings();
const run = runFile === undefined ? undefined : runPlanSchema.parse(JSON.parse(readFileSync(runFile, "utf8")));

// A killed command line must not leave checks running on its own: the channel to it closes, and so do we.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// It may have been killed before anybody listened here.
if (runFile !== undefined && !process.connected) process.kill(process.pid, "SIGKILL");
process.channel?.unref();

const provided: { provide?: { run: RunPlan } } = run === undefined ? {} : { provide: { run } };

/** Checks that change what runs for a moment: after all others have looked, so that none of them sees it. */
const changing = ["suites/infra/delivery.check.ts"];
/** The load comes last of all and alone: it would be felt by every other check, and would measure them. */
const loading = ["suites/performance/load.check.ts"];

/** Each of their tests is a load of minutes that wants the machine for itself: `npm run test:load`. */
const loads = ["test/load/**/*.prove.ts"];

export default defineConfig({
  test: {
    reporters:
      run === undefined
        ? ["default"]
        : ["default", ["allure-vitest/reporter", { resultsDir: `${run.directory}/allure-results` }]],
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: ["**/node_modules/**", "reports/**"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "check",
          // Most checks wait for an answer: more of them at once than there are processors (116 s become 45 s).
          maxWorkers: 5,
          include: ["suites/**/*.check.ts"],
          exclude: [...changing, ...loading],
          // Checks keep no module state: the Kubernetes client is loaded once a worker, not once a file (12 s become 4 s).
          isolate: false,
          setupFiles: ["allure-vitest/setup"],
          ...provided,
        },
      },
      {
        extends: true,
        test: {
          name: "check-last",
          include: changing,
          isolate: false,
          sequence: { groupOrder: 1 },
          setupFiles: ["allure-vitest/setup"],
          ...provided,
        },
      },
      {
        extends: true,
        test: {
          name: "check-load",
          include: loading,
          isolate: false,
          sequence: { groupOrder: 2 },
          setupFiles: ["allure-vitest/setup"],
          ...provided,
        },
      },
      {
        extends: true,
        test: {
          name: "trial",
          include: ["suites/**/*.trial.ts"],
          setupFiles: ["allure-vitest/setup"],
          ...provided,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: { name: "charts", include: ["test/charts/**/*.charts.ts"], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: "prove",
          include: ["test/prove/**/*.prove.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
        },
      },
      {
        extends: true,
        // A look at all criteria of security takes most of a minute, and what was planted or removed may need several.
        test: {
          name: "prove-exact",
          include: ["test/exact/**/*.prove.ts"],
          fileParallelism: false,
          testTimeout: 900_000,
        },
      },
      {
        extends: true,
        test: { name: "prove-load", include: loads, fileParallelism: false, testTimeout: 600_000 },
      },
      {
        extends: true,
        // The plan of each drill bounds its own command: this is only above the longest of them.
        test: {
          name: "prove-drill",
          include: ["test/drill/**/*.prove.ts"],
          fileParallelism: false,
          testTimeout: 6 * 3600_000,
        },
      },
    ],
  },
});
