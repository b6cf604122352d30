/** A module with the values of its variables: what its names stand for. Modules in folders are followed, others are not. */
import { join } from "node:path";
import type { Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import { evaluateBody } from "./body.ts";
import { readConfiguration, type Body, type Configuration } from "./configuration.ts";
import { metaText, treeOf, type Scope } from "./expression.ts";
import { convert } from "./type.ts";
import { Unknown, type Value } from "./value.ts";

export type Module = {
  /** The path that Terraform gives it: "" for the root, "module.platform." below it. */
  readonly prefix: string;
  readonly configuration: Configuration;
  readonly scope: Scope;
  readonly output: (name: string) => Promise<Value>;
  readonly children: readonly Module[];
  /** Modules that could not be read: what they declare is not known. */
  readonly gaps: readonly string[];
};

const depthMax = 5;

/** Opens a root module with the values of variable files laid over its defaults, later ones above. */
export async function openModule(
  configuration: Configuration,
  given: Readonly<Record<string, Value>>,
  now: Date,
  prefix = "",
): Promise<Module> {
  const children = new Map<string, Module>();
  const gaps: string[] = [];
  const once = remember();
  const scope: Scope = {
    resolve: async (segments) => {
      const [root = "", name = "", attribute = ""] = segments;
      if (root === "var")
        return { value: await once(`var.${name}`, () => variable(configuration, name, given)), used: 2 };
      if (root === "local" && Object.hasOwn(configuration.locals, name)) {
        return { value: await once(`local.${name}`, () => evaluateBody(configuration.locals[name], scope)), used: 2 };
      }
      const child = root === "module" ? children.get(name) : undefined;
      if (child !== undefined) return { value: await child.output(attribute), used: 3 };
      return { value: new Unknown(`${segments.join(".")} is not known before an apply`), used: segments.length };
    },
  };
  for (const [name, body] of Object.entries(configuration.modules)) {
    const child = await openChild(name, body, { configuration, scope, prefix, now });
    if (typeof child === "string") gaps.push(child);
    else children.set(name, child);
  }
  const output = async (name: string): Promise<Value> => {
    const declared = configuration.outputs[name];
    return declared === undefined ? new Unknown(`there is no output ${name}`) : evaluateBody(declared["value"], scope);
  };
  return { prefix, configuration, scope, output, children: [...children.values()], gaps };
}

/** Evaluates each name once. Evaluation goes one after the other, so that a name asked for while it is under way refers to itself. */
function remember(): (name: string, work: () => Promise<Value>) => Promise<Value> {
  const known = new Map<string, Value>();
  return async (name, work) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, new Unknown(`${name} refers to itself`));
    const value = await work();
    known.set(name, value);
    return value;
  };
}

async function openChild(
  name: string,
  body: Body,
  parent: { configuration: Configuration; scope: Scope; prefix: string; now: Date },
): Promise<Module | string> {
  const prefix = `${parent.prefix}module.${name}.`;
  const source = body["source"];
  if (typeof source !== "string" || !/^\.\.?\//.test(source))
    return `${prefix} comes from ${String(source)}, which is not read here`;
  if ("count" in body || "for_each" in body) return `${prefix} is repeated, which is not followed here`;
  if (prefix.split("module.").length > depthMax + 1) return `${prefix} lies deeper than ${depthMax} modules`;
  const found: Reading<Configuration> = await readConfiguration(join(parent.configuration.folder, source), parent.now);
  if (!found.ok) return `${prefix} ${found.why}`;
  const inputs = Object.entries(body).filter(
    ([key]) => !["source", "version", "providers", "depends_on"].includes(key),
  );
  const values = await fewAtATime(
    inputs,
    1,
    async ([key, value]) => [key, await evaluateBody(value, parent.scope)] as const,
  );
  return openModule(found.value, Object.fromEntries(values), parent.now, prefix);
}

async function variable(
  configuration: Configuration,
  name: string,
  given: Readonly<Record<string, Value>>,
): Promise<Value> {
  const declared = configuration.variables[name];
  if (declared === undefined) return new Unknown(`there is no variable ${name}`);
  const noNames: Scope = { resolve: async () => ({ value: new Unknown("a default refers to nothing"), used: 1 }) };
  const passed = given[name];
  const isNull = passed === undefined || (passed === null && declared["nullable"] === false);
  const value = isNull ? await defaultOf(name, declared, noNames) : passed;
  const type = declared["type"];
  return typeof type === "string" ? convert(value, await typeText(type)) : value;
}

async function defaultOf(name: string, declared: Body, scope: Scope): Promise<Value> {
  return "default" in declared
    ? evaluateBody(declared["default"], scope)
    : new Unknown(`the variable ${name} has no default and was given no value`);
}

/** The parser writes a type as `${map(object({...}))}`, or as a plain word. */
async function typeText(type: string): Promise<string> {
  const inner = /^\$\{([\s\S]*)\}$/.exec(type)?.[1] ?? type;
  const tree = await treeOf(inner);
  return tree instanceof Unknown || metaText(tree, "value") === "" ? inner : metaText(tree, "value");
}
