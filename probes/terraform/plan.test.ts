import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Outcome, Reading, Verdict } from "../../harness/verdict.ts";
import { allowance202606 } from "./allowance.ts";
import { judgeWithinAllowance } from "./allowance.judge.ts";
import { judgeGuarded } from "./guards.judge.ts";
import { goodConfiguration } from "./plan-examples.ts";
import { readPlan, type TerraformPlan } from "./plan.ts";

const now = new Date("2026-11-22T00:00:00Z");
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** The plan of a folder with these files, main.tf among them. */
function planOf(files: Readonly<Record<string, string>>): Promise<Reading<TerraformPlan>> {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-terraform-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return readPlan(folder, {}, now);
}

/** The good configuration with one text replaced; the test is wrong where that text is not in it. */
function bent(from: string, to: string): string {
  expect(goodConfiguration).toContain(from);
  return goodConfiguration.replace(from, to);
}

const free = (plan: Reading<TerraformPlan>): Verdict => judgeWithinAllowance(plan, allowance202606);
const guarded = (plan: Reading<TerraformPlan>): Verdict => judgeGuarded(plan, allowance202606);

test("the good configuration is free and guarded", async () => {
  const plan = await planOf({ "main.tf": goodConfiguration });
  expect(free(plan)).toMatchObject({ outcome: "pass" });
  expect(guarded(plan)).toMatchObject({ outcome: "pass" });
});

const more = (text: string): string => `${goodConfiguration}\n${text}\n`;
const instance = (shape: string): string =>
  `resource "oci_core_instance" "bastion" {\n shape = "${shape}"\n shape_config {\n ocpus = 1\n memory_in_gbs = 1\n }\n source_details {\n boot_volume_size_in_gbs = 50\n }\n}`;

// The seeds' statements that break a real limit, each planted where HCL can show it, beside the nearest that does not.
test.each<[string, string, Outcome, string]>([
  ["two processors", bent("ocpus         = 1", "ocpus         = 1"), "pass", "within"],
  ["four processors", bent("ocpus         = 1", "ocpus         = 2"), "fail", "processors: 4 OCPU, 2 at most"],
  ["24 GB", bent("memory_in_gbs = 6", "memory_in_gbs = 12"), "fail", "memory: 24 GB, 12 at most"],
  ["12.5 GB", bent("memory_in_gbs = 6", "memory_in_gbs = 6.25"), "fail", "memory: 12.5 GB"],
  ["three nodes", bent("default = 2", "default = 3"), "fail", "processors: 3 OCPU"],
  ["boot volumes of 55 GB and a claim, 160 GB", bent("gbs = 50", "gbs = 55"), "pass", "within"],
  ["boot volumes of 55.5 GB and a claim, 161 GB", bent("gbs = 50", "gbs = 55.5"), "fail", "161 GB, 160 at most"],
  ["two claims", bent("default = 1", "default = 2"), "fail", "200 GB, 160 at most"],
  ["a small block volume", more('resource "oci_core_volume" "v" {\n size_in_gbs = 10\n}'), "pass", "within"],
  ["a block volume of no size, 50 GB", more('resource "oci_core_volume" "v" {}'), "fail", "200 GB, 160 at most"],
  ["a paid shape", bent("VM.Standard.A1.Flex", "VM.Standard.E4.Flex"), "fail", "is VM.Standard.E4.Flex"],
  ["a bastion", more(instance("VM.Standard.E4.Flex")), "fail", "processors: 3 OCPU"],
  ["an enhanced cluster", bent("BASIC_CLUSTER", "ENHANCED_CLUSTER"), "fail", "is ENHANCED_CLUSTER"],
  ["a cluster of no written type", bent('type = "BASIC_CLUSTER"', ""), "fail", "is unset"],
  ["a surge of one", bent('maximum_surge = "0"', 'maximum_surge = "1"'), "fail", "a surge of 1"],
  ["a surge of 0 %", bent('maximum_surge = "0"', 'maximum_surge = "0%"'), "pass", "within"],
  ["no written surge", bent('maximum_surge = "0"', ""), "fail", "a surge of unset"],
  ["a 100 Mbps load balancer", bent('flex-max" = "10"', 'flex-max" = "100"'), "fail", "10 to 100 Mbps"],
  ["a 11 Mbps load balancer", bent('flex-min" = "10"', 'flex-min" = "11"'), "fail", "11 to 10 Mbps"],
  ["a fixed shape", bent('shape"          = "flexible"', 'shape"          = "100Mbps"'), "fail", "of shape 100Mbps"],
  ["a second load balancer", more('resource "oci_load_balancer_load_balancer" "l" {}'), "fail", "2 of shape flexible"],
  ["two networks", more('resource "oci_core_vcn" "b" {}'), "pass", "within"],
  ["three networks", more('resource "oci_core_vcn" "b" {\n count = 2\n}'), "fail", "networks: 3 VCNs, 2 at most"],
  ["a paid DNS zone", more('resource "oci_dns_zone" "z" {}'), "fail", "oci_dns_zone.z"],
  [
    "a virtual node pool",
    more('resource "oci_containerengine_virtual_node_pool" "v" {}'),
    "fail",
    "virtual_node_pool.v",
  ],
  ["no cluster at all", 'variable "volume_claims" {\n default = 0\n}', "fail", "no cluster is declared"],
])("free: %s", async (_, text, outcome, because) => {
  const verdict = free(await planOf({ "main.tf": text }));
  expect([verdict.outcome, verdict.because]).toEqual([outcome, expect.stringContaining(because)]);
});

// What cannot be evaluated is unproven, whatever it would come to.
test.each<[string, string, string]>([
  ["a size that only Oracle knows", bent("size = var.nodes", "size = data.x.y.z"), "data.x.y.z is not known"],
  ["a size that is not written", bent("size = var.nodes", ""), "node_config_details.size: is not written"],
  ["a variable without a value", bent("default = 2", ""), "the variable nodes has no default"],
  ["a value of another kind", bent("default = 2", 'default = "two"'), "a value is no number"],
  [
    "a local value that refers to itself",
    more("locals {\n  a = local.b\n  b = local.a\n}").replace("size = var.nodes", "size = local.a"),
    "refers to itself",
  ],
  [
    "a function that is not evaluated",
    bent("size = var.nodes", 'size = tonumber(file("n"))'),
    "the function file is not evaluated",
  ],
  [
    "a count of resources",
    more('resource "oci_core_vcn" "b" {\n count = data.x.y.n\n}'),
    "oci_core_vcn.b: count: data.x.y.n",
  ],
  ["a module from elsewhere", more('module "m" {\n source = "org/m/oci"\n}'), "module.m. comes from org/m/oci"],
  ["a module that is not there", more('module "m" {\n source = "./m"\n}'), "module.m. reading"],
  [
    "no statement about claims",
    bent('variable "volume_claims"', 'variable "claims"'),
    "there is no variable volume_claims",
  ],
  ["no annotations", bent('output "load_balancer_annotations"', 'output "annotations"'), "no module has this output"],
])("unproven: %s", async (_, text, because) => {
  const verdict = free(await planOf({ "main.tf": text }));
  expect([verdict.outcome, verdict.because]).toEqual(["unproven", expect.stringContaining(because)]);
});

const bucketPolicy = "bucket = oci_objectstorage_bucket.dumps.name";
test.each<[string, string, Outcome, string]>([
  ["no alert for anybody", bent('"you@example.com"', '""'), "fail", "budgets that tell of the first cent: none of 1"],
  ["an alert at two cents", bent("0.01", "0.02"), "fail", "budgets"],
  [
    "an alert at one percent of 1",
    bent('"ABSOLUTE"\n  threshold      = 0.01', '"PERCENTAGE"\n  threshold      = 1'),
    "pass",
    "guarded",
  ],
  [
    "an alert at one percent of 2",
    bent('"ABSOLUTE"\n  threshold      = 0.01', '"PERCENTAGE"\n  threshold      = 1').replace(
      "amount = 1",
      "amount = 2",
    ),
    "fail",
    "budgets",
  ],
  ["an alert on the forecast only", bent('"ACTUAL"', '"FORECAST"'), "fail", "budgets"],
  ["an alert of another budget", bent("oci_budget_budget.main.id", "oci_budget_budget.other.id"), "fail", "budgets"],
  [
    "a quota of four",
    bent("core-count to 2", "core-count to 4"),
    "fail",
    "standard-a1-core-count may reach 4, 2 is free",
  ],
  [
    "no regional quota",
    bent("standard-a1-core-regional-count", "standard-e4-core-count"),
    "fail",
    "standard-a1-core-regional-count is not limited",
  ],
  [
    "other shapes not refused",
    bent('"zero compute-core quotas in tenancy",', ""),
    "fail",
    "compute-core * is not limited",
  ],
  [
    "a quota that only Oracle knows",
    bent("total-storage-gb to 200", "total-storage-gb to ${data.x.y.z}"),
    "unproven",
    "data.x.y.z",
  ],
  ["local state", bent('backend "s3"', 'provider_meta "s3"'), "fail", "state: is local"],
  ["state without a lock", bent("use_lockfile = true", ""), "fail", "state: is s3, not locked"],
  ["a public bucket", bent("NoPublicAccess", "ObjectRead"), "fail", "is public (ObjectRead)"],
  ["a bucket in the archive", bent('access_type = "NoPublicAccess"', 'storage_tier = "Archive"'), "fail", "Archive"],
  [
    "a bucket that grows for ever",
    bent(bucketPolicy, "bucket = oci_objectstorage_bucket.b.name"),
    "fail",
    "has no lifecycle policy",
  ],
  [
    "a policy of which the bucket cannot be told",
    bent(bucketPolicy, "bucket = var.x"),
    "unproven",
    "which bucket it is",
  ],
  ["a bucket that a destroy takes", bent("prevent_destroy = true", ""), "fail", "does not outlive a destroy"],
  ["SSH for everybody", bent("min = 443\n      max = 443", "min = 22\n      max = 22"), "fail", "ports 22-22"],
  ["everything for everybody", bent('protocol  = "6"', 'protocol  = "all"'), "fail", "protocol all"],
  ["SSH for one network", bent("0.0.0.0/0", "10.0.0.0/8"), "pass", "guarded"],
  ["a source that only Oracle knows", bent('"0.0.0.0/0"', "data.x.y.cidr"), "unproven", "where it takes traffic from"],
  [
    "a password in a default",
    more('variable "p" {\n  default = {\n    db_password = "hunter2"\n  }\n}'),
    "fail",
    "holds a credential in plain text",
  ],
])("guarded: %s", async (_, text, outcome, because) => {
  const verdict = guarded(await planOf({ "main.tf": text }));
  expect([verdict.outcome, verdict.because]).toEqual([outcome, expect.stringContaining(because)]);
});

test("modules in folders are followed, with what they are given", async () => {
  const plan = await planOf({
    "main.tf": 'variable "volume_claims" {\n default = 1\n}\nmodule "m" {\n source = "./m"\n nodes = 1 + 1\n}',
    "m/main.tf": goodConfiguration.replace(/terraform \{[\s\S]*?\n\}\n/, "").replace("default = 2", ""),
  });
  expect(free(plan)).toMatchObject({ outcome: "pass" });
  expect(plan.ok && plan.value.ocpusTotal).toMatchObject({ ok: true, value: 2 });
  expect(guarded(plan).because).toContain("state: is local");
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["nothing", {}, "holds no .tf file"],
  ["what does not parse", { "main.tf": "resource {{" }, "main.tf"],
  ["JSON", { "main.tf.json": "{}", "main.tf": "" }, "is JSON"],
  ["a block of an unknown kind", { "main.tf": 'ephemeral "a" "b" {}' }, "ephemeral"],
])("a folder with %s has no plan", async (_, files, why) => {
  const plan = await planOf(files);
  expect([plan.ok, plan.ok ? "" : plan.why]).toEqual([false, expect.stringContaining(why)]);
  expect([free(plan).outcome, guarded(plan).outcome]).toEqual(["unproven", "unproven"]);
});
