import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import { terraformProgram } from "../../environments/local/programs.ts";
import { allowance202606 } from "../../probes/terraform/allowance.ts";
import { readPlan } from "../../probes/terraform/plan.ts";
import { readSourceFiles, type SourceFiles } from "../../probes/terraform/source-files.ts";
import { judgeTerraform, type TerraformReadings } from "./terraform.judge.ts";

const now = new Date("2026-11-22T04:00:00.000Z");
const original = resolve(import.meta.dirname, "../../terraform");
const copies: string[] = [];
afterAll(() => {
  for (const folder of copies) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the project's Terraform in which one text of one file of the module is another. */
function copyWith(file: string, from: string, to: string): string {
  const root = mkdtempSync(join(tmpdir(), "oke-proof-terraform-"));
  copies.push(root);
  cpSync(original, root, { recursive: true });
  const path = join(root, "modules/kubernetes-cluster/oracle-oke", file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${file} holds no ${from}`);
  writeFileSync(path, text.replace(from, to));
  return root;
}

async function readingsOf(root: string): Promise<TerraformReadings> {
  const program = terraformProgram();
  if (program === undefined) throw new Error("no Terraform on the PATH: install 1.11 or later");
  const folder = join(root, "environments", "staging");
  const variableFiles = [join(folder, "terraform.tfvars.example")];
  return {
    environment: "oke-staging",
    files: await readSourceFiles(program, folder, now),
    plan: await readPlan(folder, { variableFiles }, now),
  };
}

test("a Terraform that would change files and names none is no reading", async () => {
  const root = copyWith("cluster.tf", "resource ", "resource ");
  const path = join(root, "terraform");
  writeFileSync(path, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
  const files = await readSourceFiles({ path, env: {} }, join(root, "environments", "staging"), now);
  expect(files).toMatchObject({ ok: false, why: expect.stringMatching(/it would change files, and names none$/) });
});

test("the project's own passes", async () => {
  const verdict = judgeTerraform([await readingsOf(original)], allowance202606);
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: "the Terraform of oke-staging is formatted, within always-free-2026-06 and guarded",
  });
});

test.each([
  [
    "a billed cluster",
    "cluster.tf",
    '"BASIC_CLUSTER"',
    '"ENHANCED_CLUSTER"',
    /^oke-staging: cluster types: .* is ENHANCED_CLUSTER/,
  ],
  ["a line out of place", "cluster.tf", "resource ", "   resource ", /not formatted, or not to be read: .*cluster.tf/],
  [
    "an argument that nobody knows",
    "cluster.tf",
    'resource "oci_containerengine_cluster" "platform" {',
    'resource "oci_containerengine_cluster" "platform" {\n  colour = "red"\n',
    /oci_containerengine_cluster.platform.colour is no argument/,
  ],
  ["a public bucket", "storage.tf", '"NoPublicAccess"', '"ObjectRead"', /is public/],
])("%s fails", async (_, file, from, to, because) => {
  const verdict = judgeTerraform([await readingsOf(copyWith(file, from, to))], allowance202606);
  expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(because) });
});

test("a folder that is not there, and a file that is none, are unproven", async () => {
  const absent = await readingsOf(join(original, "not-there"));
  expect(judgeTerraform([absent], allowance202606).outcome).toBe("unproven");
  const broken = await readingsOf(copyWith("cluster.tf", "resource ", 'resource "" {{{ '));
  expect(judgeTerraform([broken], allowance202606).outcome).not.toBe("pass");
});

const goodFiles: SourceFiles = { folders: ["a"], unformatted: [], unknownArguments: [] };

test.each<readonly [string, Partial<SourceFiles>, Outcome]>([
  ["all formatted", {}, "pass"],
  ["one file not", { unformatted: ["main.tf"] }, "fail"],
  ["one argument unknown", { unknownArguments: ["a.b.c"] }, "fail"],
  ["no folder", { folders: [] }, "unproven"],
])("files: %s", async (_, changes, outcome) => {
  const { plan } = await readingsOf(original);
  const files = read({ ...goodFiles, ...changes }, "a test", now);
  expect(judgeTerraform([{ environment: "e", files, plan }], allowance202606).outcome).toBe(outcome);
});

test("what cannot be read is unproven, and no environment is no pass", async () => {
  const good = await readingsOf(original);
  const refused = unread<never>("no Terraform", "a test", now);
  expect(judgeTerraform([good, { ...good, files: refused }], allowance202606).outcome).toBe("unproven");
  expect(judgeTerraform([good, { ...good, plan: refused }], allowance202606).outcome).toBe("unproven");
  expect(judgeTerraform([], allowance202606).outcome).toBe("unproven");
});
