/** The texts of an object: every string in it with the key that it stands under, and environment variables by their names. */
import type { Place } from "./scanner.ts";

const depthMax = 40;

/** All strings of an object of Kubernetes, or of JSON inside its annotations. Bounded by depth; what lies deeper is one text. */
export function placesOf(where: string, object: unknown): Place[] {
  return stringsOf("", object, 0).map(({ path, name, text }) => ({
    where: `${where}, ${path}`,
    ...(name === undefined ? {} : { name }),
    text,
    how: "configuration",
  }));
}

type Leaf = { readonly path: string; readonly name?: string; readonly text: string };

function stringsOf(path: string, value: unknown, depth: number): Leaf[] {
  if (typeof value === "string") return leavesOf(path, value, depth);
  if (typeof value !== "object" || value === null) return [];
  if (depth >= depthMax) return [{ path, text: JSON.stringify(value) }];
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => stringsOf(`${path}[${index}]`, item, depth + 1));
  const entries = Object.entries(value);
  const fields = new Map<string, unknown>(entries);
  const [name, text] = [fields.get("name"), fields.get("value")];
  // A variable of a container, or a parameter: the value stands under another field's content.
  if (typeof name === "string" && typeof text === "string") return [{ path: `${path} ${name}`.trim(), name, text }];
  return entries.flatMap(([key, item]) => stringsOf(path === "" ? key : `${path}.${key}`, item, depth + 1));
}

/** JSON in a string, such as the annotation of `kubectl apply`, is an object like any other. */
function leavesOf(path: string, text: string, depth: number): Leaf[] {
  const name = /[^.\]]+$/.exec(path)?.[0];
  const leaf = { path, ...(name === undefined ? {} : { name }), text };
  if (!/^\s*[{[]/.test(text) || depth >= depthMax) return [leaf];
  try {
    return [leaf, ...stringsOf(path, JSON.parse(text), depth + 1)];
  } catch {
    return [leaf];
  }
}
