/** What the observability chart gives Prometheus, read by Prometheus' own checker: its configuration and every alert rule. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { helmProgram, promtoolProgram } from "../../environments/local/programs.ts";
import { renderRelease } from "../../probes/charts/render.ts";
import { ownCases, type Case } from "./charts.ts";

const execute = promisify(execFile);
const configMap = z.object({ data: z.record(z.string(), z.string()) });
const cases = ownCases().filter(({ release }) => basename(release.chart) === "health-platform");
const folder = mkdtempSync(join(tmpdir(), "oke-proof-promtool-"));
// On the local cluster observability is a release of its own.
const watched = join(folder, "watched.yaml");
writeFileSync(watched, "observability: { enabled: true }\n");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function filesOf({ release }: Case): Promise<[string, string][]> {
  const helm = await helmProgram();
  if (helm === undefined) throw new Error("no Helm: 'oke-proof up' builds it");
  const rendered = await renderRelease(helm, { ...release, values: [...release.values, watched] }, new Date());
  if (!rendered.ok) throw new Error(rendered.why);
  return ["prometheus", "prometheus-rules"].flatMap((name) => {
    const found = rendered.value.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name);
    return Object.entries(configMap.parse(found).data);
  });
}

test.each(cases)("$title gives Prometheus a configuration and rules that it takes", async (tested) => {
  const promtool = await promtoolProgram();
  if (promtool === undefined) throw new Error("no promtool: 'oke-proof up' builds it with Prometheus");
  const files = await filesOf(tested);
  expect(files.length).toBeGreaterThan(2);
  for (const [name, text] of files) {
    writeFileSync(join(folder, name), text);
    // The accounts' files that the configuration names are those of its pod.
    const args = name === "prometheus.yaml" ? ["check", "config", "--syntax-only"] : ["check", "rules"];
    const { stdout } = await execute(promtool.path, [...args, join(folder, name)], { timeout: 30_000 });
    expect(stdout).toMatch(/SUCCESS/);
  }
});
