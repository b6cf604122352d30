/** Where an operation takes the id of an object: in its path, its query, a header, or anywhere in its body. */
import type { Operation, Schema } from "./document.ts";

/** `steps` lead through the body: names of fields, and `[]` for what stands in an array. */
export type Place =
  | { readonly in: "path" | "query" | "header"; readonly name: string }
  | { readonly in: "body"; readonly steps: readonly string[] };

/** In words: `id in the path`, `filter.ids[] in the body`. */
export function placeName(place: Place): string {
  if (place.in !== "body") return `${place.name} in the ${place.in}`;
  return `${place.steps.join(".").replaceAll(".[]", "[]")} in the body`;
}

/** Whether several objects can be named there at once. */
export function isMany(place: Place): boolean {
  return place.in === "body" && place.steps.at(-1) === "[]";
}

const depthMax = 8;

/** All places of an operation. A text is an object's id where its format is `uuid`, or its name ends in id or ids. */
export function objectPlaces(operation: Operation): readonly Place[] {
  const { parameters, body } = operation;
  const declared = parameters.flatMap((parameter): Place[] => {
    const { in: where, name, schema } = parameter;
    if (where === "cookie" || !isId(name, schema)) return [];
    return [{ in: where, name }];
  });
  const inBody = body?.schema === undefined ? [] : bodyPlaces("", body.schema, []);
  return [...declared, ...inBody.map((steps): Place => ({ in: "body", steps }))];
}

function bodyPlaces(name: string, schema: Schema, steps: readonly string[]): readonly (readonly string[])[] {
  if (steps.length > depthMax) return [];
  const items = schemaIn(schema, "items");
  if (items !== undefined) return bodyPlaces(name, items, [...steps, "[]"]);
  const properties = propertiesOf(schema);
  if (properties.length > 0) return properties.flatMap(([field, inner]) => bodyPlaces(field, inner, [...steps, field]));
  return isId(name, schema) ? [steps] : [];
}

function isId(name: string, schema: Schema): boolean {
  const type = schema["type"];
  if (type !== undefined && type !== "string") return false;
  return schema["format"] === "uuid" || /^ids?$|[a-z]Ids?$|_ids?$/.test(name);
}

/** A schema that stands inside of another under a keyword. */
export function schemaIn(schema: Schema, keyword: string): Schema | undefined {
  const inner = schema[keyword];
  return isSchema(inner) ? inner : undefined;
}

/** The fields of an object's schema, in the document's order. */
export function propertiesOf(schema: Schema): readonly (readonly [string, Schema])[] {
  const properties = schemaIn(schema, "properties");
  return Object.entries(properties ?? {}).flatMap(([name, inner]) => (isSchema(inner) ? [[name, inner] as const] : []));
}

/** Whether a value can be a schema: an object. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
