/** What the internet may reach, and by which load balancer. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Module } from "./module.ts";
import { counted, type PlanContext } from "./plan-context.ts";
import { attribute, blocksOf, type Instance, type Nested } from "./resources.ts";
import { isObject, stepInto, textOf, Unknown, type Value } from "./value.ts";

/** A rule that lets anybody in. `ports` is "all" or two numbers, "443-443". */
export type Opening = { readonly address: string; readonly protocol: string; readonly ports: string };
/** Load balancers declared as such, and what the annotations make of the one that Kubernetes asks for. */
export type Balancer = {
  readonly declared: number;
  readonly shape: string;
  readonly mbpsMin: number;
  readonly mbpsMax: number;
};

const annotation = "service.beta.kubernetes.io/oci-load-balancer-shape";
const everybody = ["0.0.0.0/0", "::/0"];
const lists = ["oci_core_security_list", "oci_core_default_security_list"];
const rule = "oci_core_network_security_group_security_rule";

/** The annotations stand in an output `load_balancer_annotations`, of the root module or of one below it. */
export async function readBalancer(context: PlanContext): Promise<Reading<Balancer>> {
  const { source, now } = context;
  const kinds = [
    "oci_load_balancer_load_balancer",
    "oci_load_balancer",
    "oci_network_load_balancer_network_load_balancer",
  ];
  const declared = counted(context, kinds, (found) => found.length);
  if (!declared.ok) return declared;
  const annotations = await annotationsOf(context.module);
  if (annotations instanceof Unknown) return unread(`load_balancer_annotations: ${annotations.why}`, source, now);
  const [shape, mbpsMin, mbpsMax] = ["", "-flex-min", "-flex-max"].map((end) =>
    stepInto(annotations, `${annotation}${end}`),
  );
  if (typeof shape !== "string" || typeof mbpsMin !== "string" || typeof mbpsMax !== "string") {
    return unread(
      `the annotation ${annotation}, with -flex-min and -flex-max, is not a text in load_balancer_annotations`,
      source,
      now,
    );
  }
  if (![mbpsMin, mbpsMax].every((text) => /^\d+$/.test(text)))
    return unread(`${annotation}-flex-min and -flex-max are no numbers`, source, now);
  return read({ declared: declared.value, shape, mbpsMin: Number(mbpsMin), mbpsMax: Number(mbpsMax) }, source, now);
}

async function annotationsOf(module: Module): Promise<Value> {
  if ("load_balancer_annotations" in module.configuration.outputs) {
    const value = await module.output("load_balancer_annotations");
    return isObject(value) || value instanceof Unknown ? value : new Unknown("is no map");
  }
  for (const child of module.children) {
    const found = await annotationsOf(child);
    if (!(found instanceof Unknown)) return found;
  }
  return new Unknown("no module has this output");
}

/** Rules of security groups and lists that take traffic from everybody. A source that is not known leaves the reading without a value. */
export async function readOpenings(context: PlanContext): Promise<Reading<readonly Opening[]>> {
  const { source, now } = context;
  const found = counted(context, [...lists, rule], (instances) => instances);
  if (!found.ok) return found;
  const openings: Opening[] = [];
  for (const instance of found.value) {
    const rules = await ingressOf(instance);
    if (rules instanceof Unknown) return unread(`${instance.address}: ${rules.why}`, source, now);
    for (const nested of rules) {
      const opening = await openingOf(instance, nested);
      if (typeof opening === "string") return unread(opening, source, now);
      if (opening !== undefined) openings.push(opening);
    }
  }
  return read(openings, source, now);
}

async function ingressOf(instance: Instance): Promise<readonly Nested[] | Unknown> {
  if (instance.type !== rule) return blocksOf(instance, "ingress_security_rules");
  const direction = await attribute(instance, "direction");
  if (typeof direction !== "string") return new Unknown("its direction is not known");
  return direction === "INGRESS" ? [instance] : [];
}

async function openingOf(instance: Instance, nested: Nested): Promise<Opening | string | undefined> {
  const { address } = instance;
  const [from, kind] = [await attribute(nested, "source"), await attribute(nested, "source_type")];
  // The identifier of a group is Oracle's to give, but that it is a group stands in the text.
  if (kind === "NETWORK_SECURITY_GROUP" || kind === "SERVICE_CIDR_BLOCK") return undefined;
  if (typeof from !== "string") return `${address}: where it takes traffic from is not known`;
  if (!everybody.includes(from)) return undefined;
  const protocol = await attribute(nested, "protocol");
  const inGroup = instance.type === rule ? "tcp_options.destination_port_range" : "tcp_options";
  const [low, high] = [await attribute(nested, `${inGroup}.min`), await attribute(nested, `${inGroup}.max`)];
  if (typeof protocol !== "string") return `${address}: its protocol is not known`;
  if (low === null && high === null) return { address, protocol, ports: "all" };
  const [first, last] = [textOf(low), textOf(high)];
  if (first === undefined || last === undefined) return `${address}: its ports are not known`;
  return { address, protocol, ports: `${first}-${last}` };
}
