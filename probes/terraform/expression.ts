/** Evaluates Terraform's expressions from their syntax tree. Whatever it does not know is Unknown with the reason. */
import { getExpressionAst } from "@cdktn/hcl2json";
import { z } from "zod";
import { fewAtATime } from "../few-at-a-time.ts";
import { whyOf } from "../why.ts";
import { callFunction } from "./functions.ts";
import { evaluateLoop } from "./loop.ts";
import { operate } from "./operators.ts";
import { isList, isObject, stepInto, textOf, Unknown, type Value } from "./value.ts";

/** What names stand for where an expression is written. */
export type Scope = {
  /** The value of `var.x`, `local.x`, `module.x` ...; `segments` is the whole path, `used` says how much of it the value covers. */
  readonly resolve: (segments: readonly string[]) => Promise<{ readonly value: Value; readonly used: number }>;
};

export type Tree = {
  readonly type: string;
  readonly children: readonly Tree[];
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
};

const treeSchema: z.ZodType<Tree> = z.lazy(() =>
  z.object({
    type: z.string(),
    children: z.array(treeSchema),
    meta: z.record(z.string(), z.unknown()).optional(),
  }),
);
const traversalSchema = z.array(z.object({ segment: z.string() }));

/** Evaluates the text of one expression. Never throws. */
export async function evaluateExpression(text: string, scope: Scope): Promise<Value> {
  const tree = await treeOf(text);
  return tree instanceof Unknown ? tree : evaluateTree(tree, scope);
}

const trees = new Map<string, Tree | Unknown>();
const treesMax = 5000;

/** The syntax tree of an expression, or why there is none. The same texts come again and again: each is parsed once. */
export async function treeOf(text: string): Promise<Tree | Unknown> {
  const known = trees.get(text);
  if (known !== undefined) return known;
  const tree = await parseTree(text);
  if (trees.size >= treesMax) trees.clear();
  trees.set(text, tree);
  return tree;
}

async function parseTree(text: string): Promise<Tree | Unknown> {
  try {
    const parsed = treeSchema.safeParse(await getExpressionAst("expression.tf", text));
    return parsed.success ? parsed.data : new Unknown(`'${text}' is no expression that can be read`);
  } catch (error) {
    return new Unknown(`'${text}' is no expression: ${whyOf(error)}`);
  }
}

/** A text of a tree's meta data. */
export function metaText(tree: Tree, field: string): string {
  const found = tree.meta?.[field];
  return typeof found === "string" ? found : "";
}

async function evaluateTree(tree: Tree, scope: Scope): Promise<Value> {
  const child = async (number: number): Promise<Value> => {
    const found = tree.children[number];
    return found === undefined ? new Unknown("a part of the expression is missing") : evaluateTree(found, scope);
  };
  switch (tree.type) {
    case "":
    case "templateWrap":
      return child(0);
    case "literalValue":
      return literal(metaText(tree, "type"), metaText(tree, "value"));
    case "template":
      return template(await childrenOf(tree, scope));
    case "tuple":
      return childrenOf(tree, scope);
    case "object":
      return evaluateObject(tree, scope);
    case "scopeTraversal":
      return traverse(tree, scope);
    case "relativeTraversal":
      return segmentsOf(tree).reduce(stepInto, await child(0));
    case "index":
      return index(await child(0), await child(1));
    case "conditional":
      return conditional(
        await child(0),
        () => child(1),
        () => child(2),
      );
    case "unaryOp":
    case "binaryOp":
      return operate(metaText(tree, "operator"), await child(0), tree.children.length > 1 ? await child(1) : null);
    case "function":
      return callFunction(metaText(tree, "name"), await childrenOf(tree, scope));
    case "for":
      return evaluateLoop(tree, scope);
    default:
      return new Unknown(`'${metaText(tree, "value")}' is not evaluated here (${tree.type})`);
  }
}

/** The values of all children, one after the other: a local value that is being evaluated and asked for again refers to itself. */
function childrenOf(tree: Tree, scope: Scope): Promise<readonly Value[]> {
  return fewAtATime(tree.children, 1, (part) => evaluateTree(part, scope));
}

function literal(type: string, text: string): Value {
  if (type === "number") return Number(text);
  if (type === "bool") return text === "true";
  return type === "string" ? unescaped(text) : null;
}

/** The parser leaves the escapes of a quoted text as they are written. */
function unescaped(text: string): string {
  const plain: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replaceAll(/\\([nrt"\\])|([$%])\2\{/g, (_, escape: string | undefined, sign: string | undefined) =>
    escape === undefined ? `${sign ?? ""}{` : (plain[escape] ?? escape),
  );
}

function template(parts: readonly Value[]): Value {
  const [only] = parts;
  if (parts.length === 0) return "";
  const unclear = parts.find((part) => part instanceof Unknown || part === null || typeof part === "object");
  if (unclear === undefined) return parts.map(String).join("");
  if (parts.length === 1 && only !== undefined) return only;
  const partial = parts.map((part) => (part === null || typeof part === "object" ? "?" : String(part))).join("");
  return new Unknown(unclear instanceof Unknown ? unclear.why : "a template holds what is no text", partial);
}

async function evaluateObject(tree: Tree, scope: Scope): Promise<Value> {
  const items = z.record(z.string(), z.string()).safeParse(tree.meta?.["items"] ?? {});
  if (!items.success) return new Unknown("an object could not be read");
  const entries: [string, Value][] = [];
  for (const [key, text] of Object.entries(items.data)) {
    const name = /^[A-Za-z_][\w-]*$/.test(key) ? key : await evaluateExpression(key, scope);
    if (typeof name !== "string") return new Unknown(`the key ${key} of an object is not known`);
    entries.push([name, await evaluateExpression(text, scope)]);
  }
  return Object.fromEntries(entries);
}

async function traverse(tree: Tree, scope: Scope): Promise<Value> {
  const segments = segmentsOf(tree);
  const { value, used } = await scope.resolve(segments);
  return segments.slice(used).reduce(stepInto, value);
}

function segmentsOf(tree: Tree): readonly string[] {
  const parsed = traversalSchema.safeParse(tree.meta?.["traversal"]);
  return parsed.success ? parsed.data.map(({ segment }) => segment.replace(/^"(.*)"$/, "$1")) : [];
}

function index(collection: Value, key: Value): Value {
  if (key instanceof Unknown) return key;
  if (!isList(collection) && !isObject(collection)) return stepInto(collection, "?");
  return stepInto(collection, textOf(key) ?? "?");
}

async function conditional(when: Value, then: () => Promise<Value>, otherwise: () => Promise<Value>): Promise<Value> {
  if (when === true) return then();
  if (when === false) return otherwise();
  return when instanceof Unknown ? when : new Unknown("a condition is neither true nor false");
}
