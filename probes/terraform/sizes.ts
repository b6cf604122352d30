/** How large the nodes and volumes of a plan are. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { counted, type PlanContext } from "./plan-context.ts";
import { attribute, type Instance } from "./resources.ts";
import { textOf, Unknown } from "./value.ts";

/** A pool of nodes, or a single machine. Sizes are of one node. */
export type NodePool = {
  readonly address: string;
  readonly shape: string;
  readonly nodes: number;
  readonly ocpus: number;
  readonly memoryGb: number;
  readonly bootVolumeGb: number;
  /** How many nodes more than these OKE may make while it replaces some; "unset" where nothing is written, which OKE takes for 1. */
  readonly surge: string;
};

const defaultVolumeGb = 50;

/** All node pools and instances. A size that is not written or not known leaves the reading without a value: it is no 0. */
export async function readNodePools(context: PlanContext): Promise<Reading<readonly NodePool[]>> {
  const { source, now } = context;
  const found = counted(context, ["oci_containerengine_node_pool", "oci_core_instance"], (instances) => instances);
  if (!found.ok) return found;
  const pools: NodePool[] = [];
  for (const instance of found.value) {
    const pool = instance.type === "oci_core_instance" ? await machineOf(instance) : await poolOf(instance);
    if (typeof pool === "string") return unread(pool, source, now);
    pools.push(pool);
  }
  return read(pools, source, now);
}

async function poolOf(instance: Instance): Promise<NodePool | string> {
  const surge = await attribute(instance, "node_pool_cycling_details.maximum_surge");
  const numbers = await numbersAt(instance, {
    nodes: "node_config_details.size",
    ocpus: "node_shape_config.ocpus",
    memoryGb: "node_shape_config.memory_in_gbs",
    bootVolumeGb: "node_source_details.boot_volume_size_in_gbs",
  });
  const shape = await attribute(instance, "node_shape");
  if (typeof numbers === "string") return numbers;
  if (typeof shape !== "string") return `${instance.address}.node_shape is not known`;
  const written = surge === null ? "unset" : textOf(surge);
  if (written === undefined) return `${instance.address} maximum_surge is not known`;
  return { address: instance.address, shape, surge: written, ...numbers };
}

async function machineOf(instance: Instance): Promise<NodePool | string> {
  const shape = await attribute(instance, "shape");
  const numbers = await numbersAt(instance, {
    ocpus: "shape_config.ocpus",
    memoryGb: "shape_config.memory_in_gbs",
    bootVolumeGb: "source_details.boot_volume_size_in_gbs",
  });
  if (typeof numbers === "string") return numbers;
  if (typeof shape !== "string") return `${instance.address}.shape is not known`;
  return { address: instance.address, shape, nodes: 1, surge: "0", ...numbers };
}

async function numbersAt<Name extends string>(
  instance: Instance,
  paths: Readonly<Record<Name, string>>,
): Promise<Record<Name, number> | string> {
  const found: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(paths).filter((key): key is Name => key in paths)) {
    const value = await attribute(instance, paths[name]);
    const number = typeof value === "string" && value !== "" ? Number(value) : value;
    if (typeof number !== "number" || !Number.isFinite(number)) {
      return `${instance.address} ${paths[name]}: ${value instanceof Unknown ? value.why : value === null ? "is not written" : "is no number"}`;
    }
    found[name] = number;
  }
  return isComplete(found, paths) ? found : `${instance.address}: a size is missing`;
}

function isComplete<Name extends string>(
  found: Partial<Record<Name, number>>,
  paths: Readonly<Record<Name, string>>,
): found is Record<Name, number> {
  return Object.keys(paths).every((name) => name in found);
}

/** Block volumes that the configuration declares itself. Without a size Oracle makes 50 GB. */
export async function readVolumeGb(context: PlanContext): Promise<Reading<number>> {
  const { source, now } = context;
  const found = counted(context, ["oci_core_volume"], (instances) => instances);
  if (!found.ok) return found;
  let total = 0;
  for (const instance of found.value) {
    const size = (await attribute(instance, "size_in_gbs")) ?? defaultVolumeGb;
    const number = typeof size === "string" ? Number(size) : size;
    if (typeof number !== "number" || !Number.isFinite(number))
      return unread(`${instance.address}.size_in_gbs is not known`, source, now);
    total += number;
  }
  return read(total, source, now);
}
