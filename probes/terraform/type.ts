/** Type constraints of variables: what a value becomes under `type = ...`, with the defaults of `optional(type, default)`. */
import { z } from "zod";
import { fewAtATime } from "../few-at-a-time.ts";
import { evaluateExpression, metaText, treeOf, type Scope, type Tree } from "./expression.ts";
import { isList, isObject, Unknown, type Value } from "./value.ts";

const noNames: Scope = {
  resolve: async (segments) => ({
    value: new Unknown(`${segments.join(".")} stands in a type`),
    used: segments.length,
  }),
};

/** Converts a value to a type given as text. A value that the type does not take is unknown with the reason. */
export async function convert(value: Value, type: string): Promise<Value> {
  if (value === null || value instanceof Unknown) return value;
  const tree = await treeOf(type);
  if (tree instanceof Unknown) return tree;
  return tree.type === "function" ? convertCollection(value, tree) : convertPrimitive(value, type.trim());
}

function convertPrimitive(value: Value, type: string): Value {
  if (type === "any") return value;
  const wrong = new Unknown(`a value is no ${type}`);
  if (type === "number") {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : wrong;
  }
  if (type === "bool")
    return value === true || value === "true" ? true : value === false || value === "false" ? false : wrong;
  return type === "string" && typeof value !== "object" ? String(value) : wrong;
}

async function convertCollection(value: Value, tree: Tree): Promise<Value> {
  const name = metaText(tree, "name");
  const [argument] = tree.children;
  if (argument === undefined) return new Unknown(`the type ${name} has no argument`);
  const inner = metaText(argument, "value");
  if (name === "object" && isObject(value)) return convertObject(value, argument);
  if (name === "map" && isObject(value)) {
    const entries = await fewAtATime(
      Object.entries(value),
      1,
      async ([key, item]) => [key, await convert(item, inner)] as const,
    );
    return Object.fromEntries(entries);
  }
  if ((name === "list" || name === "set") && isList(value)) return fewAtATime(value, 1, (item) => convert(item, inner));
  return new Unknown(`a value is no ${metaText(tree, "value")}`);
}

async function convertObject(value: Readonly<Record<string, Value>>, fields: Tree): Promise<Value> {
  const parsed = z.record(z.string(), z.string()).safeParse(fields.meta?.["items"] ?? {});
  if (!parsed.success) return new Unknown("an object type could not be read");
  const made: [string, Value][] = [];
  for (const [field, type] of Object.entries(parsed.data)) {
    const tree = await treeOf(type);
    const optional = !(tree instanceof Unknown) && tree.type === "function" && metaText(tree, "name") === "optional";
    const [inner, fallback] = optional ? tree.children : [];
    const given = value[field] ?? null;
    if (given !== null) made.push([field, await convert(given, inner === undefined ? type : metaText(inner, "value"))]);
    else if (!optional) return new Unknown(`an object lacks the attribute ${field}`);
    else
      made.push([
        field,
        fallback === undefined ? null : await evaluateExpression(metaText(fallback, "value"), noNames),
      ]);
  }
  return Object.fromEntries(made);
}
