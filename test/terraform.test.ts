/** The bundled Terraform: formatted, within the allowance, guarded, and evaluated by Terraform itself as far as that goes without Oracle's provider. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadProfile } from "../environments/load.ts";
import { readSettings } from "../environments/settings.ts";
import { fewAtATime } from "../probes/few-at-a-time.ts";
import type { Reading } from "../harness/verdict.ts";
import { allowance202105, allowance202606 } from "../probes/terraform/allowance.ts";
import { judgeWithinAllowance } from "../probes/terraform/allowance.judge.ts";
import { readConfiguration, readVariableFile } from "../probes/terraform/configuration.ts";
import { judgeGuarded } from "../probes/terraform/guards.judge.ts";
import { isFreeResource, unknownArguments } from "../probes/terraform/known-resources.ts";
import { openModule } from "../probes/terraform/module.ts";
import { readPlan } from "../probes/terraform/plan.ts";

const root = resolve(import.meta.dirname, "..", "terraform");
const moduleFolder = join(root, "modules", "kubernetes-cluster", "oracle-oke");
const roadmapFile = join(root, "environments", "roadmap.tfvars");
const environments = ["staging", "production"] as const;
const now = new Date("2026-11-22T00:00:00Z");
const folderOf = (environment: string): string => join(root, "environments", environment);
const exampleOf = (environment: string): string => join(folderOf(environment), "terraform.tfvars.example");

const mend =
  "install Terraform 1.11 or later and put it on the PATH: https://developer.hashicorp.com/terraform/install";

/** Runs terraform; a machine without it fails with the line that mends it. */
function terraform(
  folder: string,
  args: readonly string[],
  input = "",
  data = ".terraform",
): { status: number | null; text: string; stdout: string } {
  const environment = {
    ...process.env,
    TF_CLI_CONFIG_FILE: "",
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    TF_DATA_DIR: data,
  };
  const done = spawnSync("terraform", args, {
    cwd: folder,
    input,
    encoding: "utf8",
    env: environment,
    timeout: 60_000,
  });
  if (done.error !== undefined)
    throw new Error(`starting terraform: ${done.error.message}; ${mend}`, { cause: done.error });
  // Terraform breaks its sentences at the width of a terminal and frames them.
  return {
    status: done.status,
    stdout: done.stdout,
    text: `${done.stdout}${done.stderr}`.replaceAll(/[\s│╷╵]+/g, " "),
  };
}

function valueOf<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(`${reading.source}: ${reading.why}`);
  return reading.value;
}

test("every file is formatted", () => {
  expect(terraform(root, ["fmt", "-check", "-recursive"])).toMatchObject({ status: 0 });
});

describe.each(environments)("%s", (environment) => {
  test("Terraform loads it and its module", () => {
    // Short of the provider: blocks, labels, and the shape of every declaration.
    const data = mkdtempSync(join(tmpdir(), "oke-proof-terraform-data-"));
    const loaded = terraform(folderOf(environment), ["get", "-no-color"], "", data);
    rmSync(data, { recursive: true });
    expect(loaded).toMatchObject({ status: 0 });
  });

  test("the module is given what it needs, and nothing that it does not know", async () => {
    const outside = valueOf(await readConfiguration(folderOf(environment), now));
    const inside = valueOf(await readConfiguration(moduleFolder, now));
    const inputs = Object.keys(outside.modules["platform"] ?? {}).filter((name) => name !== "source");
    const required = Object.entries(inside.variables).filter(([, body]) => !("default" in body));
    expect(inputs.filter((name) => !(name in inside.variables))).toEqual([]);
    expect(required.map(([name]) => name).filter((name) => !inputs.includes(name))).toEqual([]);
    const code = Object.values(outside.texts).join("\n").replaceAll(/#.*$/gm, "");
    const outputs = [...code.matchAll(/module\.platform\.(?!oci_)(\w+)/g)].map(([, name]) => name ?? "");
    const variables = [...code.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name ?? "");
    expect(outputs.filter((name) => !(name in inside.outputs))).toEqual([]);
    expect(new Set(variables)).toEqual(new Set(Object.keys(outside.variables)));
  });

  test("with its defaults it is free and guarded", async () => {
    const plan = await readPlan(folderOf(environment), { variableFiles: [exampleOf(environment)] }, now);
    expect(judgeWithinAllowance(plan, allowance202606)).toMatchObject({ outcome: "pass" });
    expect(judgeGuarded(plan, allowance202606)).toMatchObject({ outcome: "pass" });
  });

  test("with the roadmap's sizes it is what the roadmap asks for, and no longer free", async () => {
    const plan = await readPlan(folderOf(environment), { variableFiles: [exampleOf(environment), roadmapFile] }, now);
    const { ocpusTotal, memoryGbTotal, bootVolumeGbTotal, nodePools } = valueOf(plan);
    expect(nodePools.ok && nodePools.value.reduce((total, { nodes }) => total + nodes, 0)).toBe(3);
    expect([ocpusTotal, memoryGbTotal, bootVolumeGbTotal].map((part) => part.ok && part.value)).toEqual([4, 24, 150]);
    const verdict = judgeWithinAllowance(plan, allowance202606);
    expect(verdict).toMatchObject({ outcome: "fail" });
    expect(verdict.because).toMatch(
      /processors: 4 OCPU, 2 at most; memory: 24 GB, 12 at most; boot volumes.* 200 GB, 160 at most/,
    );
    // Under the allowance that it was written for, its volumes alone are too large: its own 80 % do not hold.
    expect(judgeWithinAllowance(plan, allowance202105).because).toMatch(/^boot volumes.* 200 GB, 160 at most$/);
  });

  test("its output is a profile that oke-proof takes", async () => {
    const configuration = valueOf(await readConfiguration(folderOf(environment), now));
    const given = { hostname: `health.${environment}.example`, ingress_addresses: ["192.0.2.7"] };
    const profile = await (await openModule(configuration, given, now)).output("oke_proof_profile");
    const file = join(mkdtempSync(join(tmpdir(), "oke-proof-profile-")), "profile.json");
    writeFileSync(file, JSON.stringify(profile));
    const loaded = loadProfile(`oke-${environment}`, readSettings({ OKE_PROOF_PROFILE: file }));
    rmSync(join(file, ".."), { recursive: true });
    expect(loaded.nodes.count).toBe(2);
    expect(loaded.ingress.https).toEqual([{ host: given.hostname, port: 443 }]);
    expect(loaded.dns.ingress.records).toEqual([{ name: given.hostname, type: "A", answers: ["192.0.2.7"] }]);
  });

  test("the example names every variable that has no default, and none that is not there", async () => {
    const configuration = valueOf(await readConfiguration(folderOf(environment), now));
    const values = valueOf(await readVariableFile(exampleOf(environment), now));
    const required = Object.entries(configuration.variables).filter(([, body]) => !("default" in body));
    expect(Object.keys(values).toSorted()).toEqual(required.map(([name]) => name).toSorted());
  });
});

test("both environments differ in their name and in nothing else", () => {
  for (const file of ["main.tf", "backend.tf", "variables.tf", "outputs.tf", "terraform.tfvars.example"]) {
    const [staging, production] = environments.map((name) => readFileSync(join(folderOf(name), file), "utf8"));
    expect(production?.replaceAll("production", "staging"), file).toBe(staging);
  }
});

test("every argument is one that the provider knows, every reference leads somewhere", async () => {
  const configuration = valueOf(await readConfiguration(moduleFolder, now));
  const { resources, data, variables, locals, texts } = configuration;
  const unknown = resources.flatMap(({ type, name, body }) => [
    ...(isFreeResource(type) ? [] : [`${type}.${name} is not known to be free`]),
    ...unknownArguments(type, Object.keys(body)).map((argument) => `${type}.${name}.${argument}`),
  ]);
  expect(unknown).toEqual([]);
  const declared = new Set([
    ...Object.keys(variables).map((name) => `var.${name}`),
    ...Object.keys(locals).map((name) => `local.${name}`),
    ...resources.map(({ type, name }) => `${type}.${name}`),
    ...data.map(({ type, name }) => `data.${type}.${name}`),
  ]);
  const code = Object.values(texts).join("\n").replaceAll(/#.*$/gm, "");
  const used = code.match(/(?<![\w."-])(?:var\.\w+|local\.\w+|data\.oci_\w+\.\w+|oci_\w+\.\w+)/g) ?? [];
  expect([...new Set(used)].filter((name) => !declared.has(name))).toEqual([]);
  const idle = [...declared].filter(
    (name) => /^(var|local|data)\./.test(name) && !used.some((reference) => reference === name),
  );
  expect(idle).toEqual([]);
});

describe("Terraform itself", () => {
  const base = `tenancy_id = "ocid1.tenancy.oc1..x"\ncompartment_id = "ocid1.compartment.oc1..x"\nregion = "r"\nname = "oke-proof-x"
kubernetes_version = "v1.34.2"\napi_allowed_cidrs = ["198.51.100.7/32"]\nbudget_recipients = ["you@example.com"]\n`;
  let folder = "";
  beforeAll(() => {
    // Variables and sums need no provider: what Terraform says of them here is what it will say in an apply.
    folder = mkdtempSync(join(tmpdir(), "oke-proof-sizing-"));
    for (const file of ["variables.tf", "sizing.tf"]) copyFileSync(join(moduleFolder, file), join(folder, file));
    writeFileSync(join(folder, "base.tfvars"), base);
    const { status, text } = terraform(folder, ["init", "-input=false"]);
    if (status !== 0) throw new Error(`terraform init of a folder without providers: ${text}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const pool = (nodes: number, ocpus: number, memory: number, boot = 50): string =>
    `node_pools={general={nodes=${nodes},ocpus=${ocpus},memory_gb=${memory},boot_volume_gb=${boot}}}`;

  test.each<[string, readonly string[], RegExp]>([
    ["the defaults", [], /^No changes|no differences/],
    ["one node of 2 OCPUs and 12 GB with two claims", [pool(1, 2, 12), "volume_claims=2"], /no differences/],
    ["the third node", [pool(3, 1, 4)], /more OCPUs than the free allowance/],
    ["the 13th GB", [pool(2, 1, 6.5)], /more memory than the free allowance/],
    ["the third node, paid", [pool(3, 1, 4), "accept_charges=true"], /no differences/],
    ["the second claim", ["volume_claims=2"], /beyond 80 % of the free block storage/],
    ["160 GB", [pool(2, 1, 6, 55)], /no differences/],
    ["162 GB", [pool(2, 1, 6, 56)], /beyond 80 % of the free block storage/],
    ["a boot volume of 49 GB", [pool(1, 1, 6, 49)], /at least 50 GB/],
    ["half a processor", [pool(1, 0.5, 6)], /whole numbers/],
    ["an API open to the world", ['api_allowed_cidrs=["0.0.0.0/0"]'], /must not hold the whole internet/],
    ["an API for nobody", ["api_allowed_cidrs=[]"], /at least one network/],
    ["a budget that nobody hears of", ["budget_recipients=[]"], /an alert that nobody gets is none/],
    ["the tenancy as compartment", ["compartment_id=ocid1.tenancy.oc1..x"], /not the tenancy itself/],
  ])("plans or refuses %s", (_, values, says) => {
    const args = [
      "plan",
      "-input=false",
      "-no-color",
      "-var-file=base.tfvars",
      ...values.map((value) => `-var=${value}`),
    ];
    expect(terraform(folder, args).text).toMatch(says);
  });

  test.each([[[]], [[roadmapFile]]])(
    "and this project's reader come to the same sums with %j",
    async (files: string[]) => {
      const configuration = valueOf(await readConfiguration(folder, now));
      const given = await Promise.all(
        [join(folder, "base.tfvars"), ...files].map((file) => readVariableFile(file, now)),
      );
      const values = Object.assign({}, ...given.map(valueOf));
      const { scope } = await openModule(configuration, values, now);
      const names = Object.keys(configuration.locals).filter((name) => /_(total|quota)$/.test(name));
      const ours = await fewAtATime(names, 1, async (name) => (await scope.resolve(["local", name])).value);
      const fileArgs = ["-var-file=base.tfvars", ...files.map((file) => `-var-file=${file}`)];
      const list = `jsonencode([${names.map((name) => `local.${name}`).join(", ")}])`;
      const said = terraform(folder, ["console", ...fileArgs], list).stdout;
      expect(names.length).toBeGreaterThan(8);
      expect(JSON.parse(JSON.parse(said))).toEqual(ours);
    },
  );
});
