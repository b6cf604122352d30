/** Every chart with every values file: linted, rendered, its objects held against the API server's own schemas, its images and values looked through. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { builtInPlan } from "../../environments/plan.ts";
import { helmProgram, type Program } from "../../environments/local/programs.ts";
import { projectRoot } from "../../environments/settings.ts";
import { footprintOf } from "../../probes/charts/footprint.ts";
import type { Manifest } from "../../probes/charts/manifest.ts";
import { nothing, plus } from "../../probes/charts/pod-request.ts";
import { renderRelease, valuesArguments } from "../../probes/charts/render.ts";
import { parseQuantity } from "../../probes/kubernetes/quantity.ts";
import { allValuesFiles, othersCases, ownCases, type Case } from "./charts.ts";
import { imagesOf, literalSecrets, secretsInValues, wrongWithEnd, wrongWithImage } from "./looks.ts";
import { manifestValidator } from "./schemas.ts";

const others = await othersCases(AbortSignal.timeout(300_000));
const own = ownCases();
const execute = promisify(execFile);
const now = new Date();
// Once for all: opening the schemas takes longer than using them.
const wrongWith = manifestValidator();
let helm: Program;

beforeAll(async () => {
  const found = await helmProgram();
  if (found === undefined) throw new Error("no Helm: 'oke-proof up' builds it");
  helm = found;
});

async function rendered({ release }: Case): Promise<readonly Manifest[]> {
  const reading = await renderRelease(helm, release, now);
  if (!reading.ok) throw new Error(reading.why);
  return reading.value;
}

test("there are charts, and values for each environment", () => {
  expect(own.length).toBeGreaterThanOrEqual(20);
  expect(others.length).toBeGreaterThanOrEqual(4);
});

test.each(own)("$title is linted", async ({ release }) => {
  const args = ["lint", release.chart, "--strict", "-n", release.namespace, ...valuesArguments(release)];
  const { stdout } = await execute(helm.path, args, { env: { ...helm.env }, timeout: 60_000 });
  expect(stdout).toMatch(/1 chart\(s\) linted, 0 chart\(s\) failed/);
});

test.each([...own, ...others])(
  "$title renders objects that the API server's schemas allow, with images of explicit tags and no secret in clear text",
  async (tested) => {
    const manifests = await rendered(tested);
    expect(manifests.length).toBeGreaterThan(0);
    const name = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;
    expect(manifests.flatMap((each) => wrongWith(each).map((wrong) => `${name(each)}: ${wrong}`))).toEqual([]);
    expect(manifests.flatMap(imagesOf).flatMap(wrongWithImage)).toEqual([]);
    expect(manifests.flatMap((each) => literalSecrets(each).map((wrong) => `${name(each)}: ${wrong}`))).toEqual([]);
  },
);

test.each(own.filter(({ title }) => title.startsWith("todo-chatbot ")))(
  "$title: a pod that is taken away loses no call",
  async (tested) => {
    const manifests = await rendered(tested);
    expect(manifests.filter((each) => JSON.stringify(each).includes('"dapr.io/enabled"')).length).toBeGreaterThan(3);
    expect(manifests.flatMap(wrongWithEnd)).toEqual([]);
  },
);

test.each(allValuesFiles().map((file) => relative(projectRoot, file)))("%s holds no secret", (file) => {
  expect(secretsInValues(readFileSync(`${projectRoot}/${file}`, "utf8"))).toEqual([]);
});

test("what is stated of others' charts is what they ask for", async () => {
  const stated = builtInPlan("oke-staging").besides;
  for (const [name, title] of [
    ["Dapr", "dapr with values-oke-staging.yaml"],
    ["Sealed Secrets", "sealed-secrets with values.yaml"],
  ] as const) {
    const found = others.find((each) => each.title === title);
    const said = stated.find((each) => each.name === name);
    if (found === undefined || said === undefined)
      throw new Error(`${title}: no such chart, or nothing is stated of ${name}`);
    const { rows, gaps } = footprintOf(await rendered(found), { nodes: 2, namespace: found.release.namespace });
    const amount = rows.map((row) => row.amount).reduce(plus, nothing);
    expect(gaps).toEqual([]);
    expect([name, amount.cpu.toFixed(3), amount.memory]).toEqual([
      name,
      (parseQuantity(said.cpu) ?? 0).toFixed(3),
      parseQuantity(said.memory),
    ]);
    expect(rows.flatMap(({ claims }) => claims).length).toBe(said.claims);
  }
});
