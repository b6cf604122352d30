/** What a Terraform configuration would make, with a set of variables, read from its text: neither provider nor account is needed. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { evaluateBody } from "./body.ts";
import { readBuckets, type Bucket } from "./buckets.ts";
import { readConfiguration, readVariableFile } from "./configuration.ts";
import { readBudgets, readQuota, type Budget } from "./guards.ts";
import { counted, type PlanContext } from "./plan-context.ts";
import { isFreeResource } from "./known-resources.ts";
import { readBalancer, readOpenings, type Balancer, type Opening } from "./network.ts";
import { openModule } from "./module.ts";
import { listInstances } from "./resources.ts";
import { findSecrets } from "./secrets.ts";
import { readNodePools, readVolumeGb, type NodePool } from "./sizes.ts";
import { readRemoteState, type RemoteState } from "./state.ts";
import { Unknown, type Value } from "./value.ts";

/** Each part is a reading of its own: what cannot be evaluated has no value, and says which expression it was. */
export type TerraformPlan = {
  readonly nodePools: Reading<readonly NodePool[]>;
  readonly ocpusTotal: Reading<number>;
  readonly memoryGbTotal: Reading<number>;
  readonly bootVolumeGbTotal: Reading<number>;
  /** Block volumes declared as such; those that Kubernetes makes are counted by `volumeClaims`. */
  readonly blockVolumeGbTotal: Reading<number>;
  /** The value of the variable `volume_claims`: how many claims the charts will make. */
  readonly volumeClaims: Reading<number>;
  /** Cluster types by address; "unset" where none is written. */
  readonly clusterTypes: Reading<readonly { readonly address: string; readonly type: string }[]>;
  readonly loadBalancer: Reading<Balancer>;
  readonly vcns: Reading<number>;
  /** Kinds of resource that are not known to be free, with an address each. */
  readonly paidResourceTypes: Reading<readonly string[]>;
  readonly budgets: Reading<readonly Budget[]>;
  readonly quota: Reading<readonly string[]>;
  readonly buckets: Reading<readonly Bucket[]>;
  /** Rules that let the whole internet in. */
  readonly openings: Reading<readonly Opening[]>;
  readonly remoteState: Reading<RemoteState>;
  /** Places that look like a secret or a real identifier: file, line, and what. Never the value. */
  readonly secretsInVariables: Reading<readonly string[]>;
};

/**
 * Reads the plan of a root module.
 * @param variableFiles *.tfvars laid over the defaults, later ones above
 * @param values laid over these, as -var does
 */
export async function readPlan(
  folder: string,
  given: { readonly variableFiles?: readonly string[]; readonly values?: Readonly<Record<string, Value>> },
  now: Date,
): Promise<Reading<TerraformPlan>> {
  const source = [folder, ...(given.variableFiles ?? [])].join(" with ");
  const configuration = await readConfiguration(folder, now);
  if (!configuration.ok) return configuration;
  const values: Record<string, Value> = {};
  for (const file of given.variableFiles ?? []) {
    const found = await readVariableFile(file, now);
    if (!found.ok) return found;
    for (const [name, value] of Object.entries(found.value)) values[name] = await evaluateBody(value, noNames);
  }
  const module = await openModule(configuration.value, { ...values, ...given.values }, now);
  const context: PlanContext = { module, all: await listInstances(module), source, now };
  const nodePools = await readNodePools(context);
  const sum = (of: (pool: NodePool) => number): Reading<number> =>
    nodePools.ok ? { ...nodePools, value: nodePools.value.reduce((total, pool) => total + of(pool), 0) } : nodePools;
  return read(
    {
      nodePools,
      ocpusTotal: sum(({ nodes, ocpus }) => nodes * ocpus),
      memoryGbTotal: sum(({ nodes, memoryGb }) => nodes * memoryGb),
      bootVolumeGbTotal: sum(({ nodes, bootVolumeGb }) => nodes * bootVolumeGb),
      blockVolumeGbTotal: await readVolumeGb(context),
      volumeClaims: await readVolumeClaims(context),
      clusterTypes: await readClusterTypes(context),
      loadBalancer: await readBalancer(context),
      vcns: counted(context, ["oci_core_vcn"], (found) => found.length),
      paidResourceTypes: counted(context, undefined, (found) =>
        found.filter(({ type }) => !isFreeResource(type)).map(({ address }) => address),
      ),
      budgets: await readBudgets(context),
      quota: await readQuota(context),
      buckets: await readBuckets(context),
      openings: await readOpenings(context),
      remoteState: await readRemoteState(context),
      secretsInVariables: findSecrets(folder, module, now),
    },
    source,
    now,
  );
}

const noNames = { resolve: async () => ({ value: new Unknown("a file of values refers to nothing"), used: 1 }) };

async function readVolumeClaims({ module, source, now }: PlanContext): Promise<Reading<number>> {
  const { value } = await module.scope.resolve(["var", "volume_claims"]);
  if (typeof value === "number") return read(value, source, now);
  return unread(value instanceof Unknown ? value.why : "volume_claims is no number", source, now);
}

async function readClusterTypes(context: PlanContext): Promise<TerraformPlan["clusterTypes"]> {
  const { source, now } = context;
  const found = counted(context, ["oci_containerengine_cluster"], (instances) => instances);
  if (!found.ok) return found;
  const types: { address: string; type: string }[] = [];
  for (const instance of found.value) {
    const type = await evaluateBody(instance.body["type"] ?? "unset", instance.scope);
    if (typeof type !== "string")
      return unread(`${instance.address}.type: ${type instanceof Unknown ? type.why : "no text"}`, source, now);
    types.push({ address: instance.address, type });
  }
  return read(types, source, now);
}
