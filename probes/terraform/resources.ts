/** The resources of a module and of those below it, one entry an instance: `count` and `for_each` are counted out. */
import { evaluateBody } from "./body.ts";
import { nestedBlocks, type Block, type Body } from "./configuration.ts";
import type { Scope } from "./expression.ts";
import { bind } from "./loop.ts";
import type { Module } from "./module.ts";
import { isList, isObject, textOf, Unknown, type Value } from "./value.ts";

export type Instance = { readonly address: string; readonly type: string; readonly body: Body; readonly scope: Scope };
export type Instances = {
  readonly instances: readonly Instance[];
  /** What could not be counted; `type` is absent where it may be of any type. */
  readonly gaps: readonly { readonly type?: string; readonly why: string }[];
};

const instancesMax = 1000;

/** All instances that an apply would make. A number of instances that is not known is a gap, never one and never none. */
export async function listInstances(module: Module): Promise<Instances> {
  const parts: Instances[] = [{ instances: [], gaps: module.gaps.map((why) => ({ why })) }];
  for (const block of module.configuration.resources) parts.push(await instancesOf(block, module));
  for (const child of module.children) parts.push(await listInstances(child));
  return { instances: parts.flatMap(({ instances }) => instances), gaps: parts.flatMap(({ gaps }) => gaps) };
}

async function instancesOf(block: Block, module: Module): Promise<Instances> {
  const { type, name, body } = block;
  const address = `${module.prefix}${type}.${name}`;
  const one = (suffix: string, scope: Scope): Instance => ({ address: `${address}${suffix}`, type, body, scope });
  const gap = (why: string): Instances => ({ instances: [], gaps: [{ type, why: `${address}: ${why}` }] });
  if ("count" in body) {
    const count = await evaluateBody(body["count"], module.scope);
    if (typeof count !== "number") return gap(whyNot(count, "count"));
    if (count > instancesMax) return gap(`count is above ${instancesMax}`);
    const numbers = Array.from({ length: count }, (_, number) => number);
    return {
      instances: numbers.map((number) => one(`[${number}]`, bind(module.scope, { count: { index: number } }))),
      gaps: [],
    };
  }
  if ("for_each" in body) {
    const each = await evaluateBody(body["for_each"], module.scope);
    if (!isObject(each) && !isList(each)) return gap(whyNot(each, "for_each"));
    const entries = isObject(each) ? Object.entries(each) : each.map((item) => [textOf(item), item] as const);
    const instances = entries.flatMap(([key, value]) =>
      key === undefined ? [] : [one(`[${JSON.stringify(key)}]`, bind(module.scope, { each: { key, value } }))],
    );
    return instances.length === entries.length && entries.length <= instancesMax
      ? { instances, gaps: [] }
      : gap("for_each has keys that are not known, or too many");
  }
  return { instances: [one("", module.scope)], gaps: [] };
}

function whyNot(value: Value, what: string): string {
  return value instanceof Unknown ? `${what}: ${value.why}` : `${what} is not of a kind that can be counted`;
}

/** A nested block and the scope that its body is read in. */
export type Nested = { readonly body: Body; readonly scope: Scope };

/** The nested blocks of one name, those made by `dynamic` counted out; unknown where their number is not known. */
export async function blocksOf(parent: Nested, name: string): Promise<readonly Nested[] | Unknown> {
  const written = nestedBlocks(parent.body, name).map((body) => ({ body, scope: parent.scope }));
  const [made] = nestedBlocks(dynamicOf(parent.body), name);
  if (made === undefined) return written;
  const each = await evaluateBody(made["for_each"], parent.scope);
  const [content] = nestedBlocks(made, "content");
  if (content === undefined || "iterator" in made || (!isList(each) && !isObject(each))) {
    return each instanceof Unknown ? each : new Unknown(`the dynamic blocks ${name} cannot be counted`);
  }
  const entries = Object.entries(each).map(([key, value]) => bind(parent.scope, { [name]: { key, value } }));
  return [...written, ...entries.map((scope) => ({ body: content, scope }))];
}

/**
 * The value at a path of nested blocks and a final attribute, as `node_config_details.size`. Null where the path is not there,
 * unknown where a block on the way stands more than once or cannot be counted.
 */
export async function attribute(parent: Nested, path: string): Promise<Value> {
  const steps = path.split(".");
  let here: Nested = parent;
  for (const step of steps.slice(0, -1)) {
    const blocks = await blocksOf(here, step);
    if (blocks instanceof Unknown) return blocks;
    const [only] = blocks;
    if (only === undefined) return null;
    if (blocks.length > 1) return new Unknown(`${step} stands more than once`);
    here = only;
  }
  const last = steps.at(-1) ?? "";
  return last in here.body ? evaluateBody(here.body[last], here.scope) : null;
}

function dynamicOf(body: Body): Body {
  const found = body["dynamic"];
  return typeof found === "object" && found !== null ? Object.fromEntries(Object.entries(found)) : {};
}
