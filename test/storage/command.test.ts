/** storage-below-free-tier as a run decides it: the command, its ledger, its exit code, and Oracle's names, pages and refusals. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lineOf, proofOf, startOkeProof, type Proof } from "../prove/command.ts";
import { writeOracleConfig, type Bent } from "../oracle-api.ts";
import { withOracleAtItsNames } from "../oracle-at-its-names.ts";
import { criterionId, tenancyWith, withNodesOfTenancy, type StoredGoods } from "./tenancy.ts";

type Found = { readonly goods?: StoredGoods; readonly bent?: Bent; readonly instances?: readonly string[] };

/** A run on production, with a key that was made for this process. */
async function runOn({ goods, bent, instances }: Found): Promise<Proof> {
  const setup = { uid: randomUUID(), ...(instances === undefined ? {} : { instances }) };
  return withNodesOfTenancy(setup, async ({ kubeconfig, folder, layered }) =>
    withOracleAtItsNames(
      tenancyWith(goods),
      async (names) => {
        const directory = join(folder, "run");
        const args = ["validate", "--env", "oke-production", "--out", directory, "--criterion", criterionId];
        const environment = {
          ...names,
          OKE_PROOF_KUBECONFIG: kubeconfig,
          OKE_PROOF_PROFILE: layered({ oci: writeOracleConfig(folder) }),
        };
        return proofOf({ ...startOkeProof(args, environment, 50_000), directory });
      },
      { folder, ...(bent === undefined ? {} : { bent }) },
    ),
  );
}

/** Exit code, outcome and sentence. */
async function toldOf(found: Found): Promise<readonly [number | null, string, string]> {
  const proof = await runOn(found);
  const { outcome, because } = lineOf(proof, criterionId);
  // Whom the test makes the run believe is told as of any run, and a gate refuses it.
  expect(proof.ledger.run.notes, proof.output).toContainEqual(expect.stringMatching(/^NODE_EXTRA_CA_CERTS makes Node/));
  return [proof.exitCode, outcome, because];
}

test("a tenancy below 80 % of both is a pass", async () => {
  expect(await toldOf({})).toEqual([
    0,
    "pass",
    expect.stringMatching(/^block and boot volumes take 75 % of the free 200 GB, Standard objects take 10 % of/),
  ]);
}, 60_000);

test("volumes and objects beyond it are a fail, each with its numbers", async () => {
  expect(await toldOf({ goods: { claimGb: 60, bucketBytes: 8e9 } })).toEqual([
    1,
    "fail",
    "block and boot volumes take 80 % of the free 200 GB (160 GB; below 80 %); Standard objects take 80 % of the free 10 GB (8 GB; below 80 %)",
  ]);
}, 60_000);

const refused = { code: "NotAuthorizedOrNotFound", message: "Authorization failed or requested resource not found." };

test.each<readonly [string, Found, RegExp]>([
  [
    "a page that is missing",
    {
      bent: (path, query) =>
        path.endsWith("/bootVolumes") && query.has("page")
          ? { status: 500, body: { code: "InternalServerError", message: "Internal error" } }
          : undefined,
    },
    /^boot volumes of compartment 'platform' in eu-frankfurt-1, AD-1: Oracle answered 500 InternalServerError/,
  ],
  [
    "a compartment that is refused",
    {
      bent: (path, query) =>
        path.endsWith("/volumes") && query.get("compartmentId") === "c1" ? { status: 404, body: refused } : undefined,
    },
    /^block volumes of compartment 'platform' .* 404 NotAuthorizedOrNotFound.*: the harness has no right to read this/,
  ],
  [
    "a size that is none",
    { goods: { bucketBytes: null } },
    /^bucket backups in eu-frankfurt-1: Oracle's answer is not of the expected form: .*approximateSize/,
  ],
  [
    "nodes of another tenancy",
    { instances: ["ocid1.instance.oc1.eu-frankfurt-1.elsewhere"] },
    /^node 10\.0\.10\.2 \(ocid1\.instance\.oc1\.eu-frankfurt-1\.elsewhere\) has no boot volume .* does not stand in/,
  ],
])(
  "%s leaves it unproven",
  async (_, found, because) => {
    expect(await toldOf(found)).toEqual([2, "unproven", expect.stringMatching(because)]);
  },
  60_000,
);
