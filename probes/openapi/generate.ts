/** A request that an operation's document allows. What cannot be made is named, never left out. */
import { randomUUID } from "node:crypto";
import type { Operation, Parameter, Schema } from "./document.ts";
import { isSchema, propertiesOf, schemaIn, type Place } from "./places.ts";

export type Generated = {
  readonly method: Operation["method"];
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
};

export type Wanted = {
  /** Where objects are named, and which: one, or several where the place holds an array. */
  readonly objects?: { readonly place: Place; readonly ids: readonly [string, ...string[]] };
  /** Values of fields and parameters by name; one that the operation has but need not be given is given then. */
  readonly values: Readonly<Record<string, unknown>>;
};

const depthMax = 8;

/** @returns `why` where the document does not say enough to make a request */
export function generate(operation: Operation, wanted: Wanted): Generated | { readonly why: string } {
  try {
    const { method, body } = operation;
    let path = operation.path;
    const query = new URLSearchParams();
    const headers: Record<string, string> = {};
    for (const parameter of operation.parameters) {
      const value = parameterValue(parameter, wanted);
      if (value === undefined) continue;
      if (parameter.in === "path") path = path.replaceAll(`{${parameter.name}}`, encodeURIComponent(value));
      else if (parameter.in === "query") query.append(parameter.name, value);
      else headers[parameter.name.toLowerCase()] = value;
    }
    if (/[{}]/.test(path))
      throw new Cannot(`its path names ${/\{.*\}/.exec(path)?.[0] ?? path}, which it does not declare`);
    const whole = { method, path: query.size === 0 ? path : `${path}?${query.toString()}`, headers };
    if (body === undefined) return whole;
    if (body.schema === undefined) throw new Cannot(`it takes ${body.mediaTypes.join(", ")} and no JSON`);
    const place = wanted.objects?.place;
    const steps = place?.in === "body" ? place.steps : undefined;
    return { ...whole, json: valueOf({ name: "the body", schema: body.schema, wanted, steps, depth: 0 }) };
  } catch (error) {
    if (error instanceof Cannot) return { why: error.message };
    throw error;
  }
}

class Cannot extends Error {
  override name = "Cannot";
}

function parameterValue({ name, in: where, required, schema }: Parameter, wanted: Wanted): string | undefined {
  const { objects, values } = wanted;
  const isPlace = objects !== undefined && objects.place.in === where && objects.place.name === name;
  if (isPlace) return objects.ids[0];
  if (!required && !(name in values)) return undefined;
  if (where === "cookie") throw new Cannot(`it needs the cookie ${name}`);
  return String(valueOf({ name, schema, wanted, steps: undefined, depth: 0 }));
}

type Asked = {
  readonly name: string;
  readonly schema: Schema;
  readonly wanted: Wanted;
  /** What of the way to the objects' place is still to go from here; undefined off that way. */
  readonly steps: readonly string[] | undefined;
  readonly depth: number;
};

function valueOf(asked: Asked): unknown {
  const { name, schema, wanted, steps, depth } = asked;
  if (depth > depthMax) throw new Cannot(`${name} is nested too deeply`);
  if (steps !== undefined && steps.length === 0) return wanted.objects?.ids[0];
  if (steps?.length === 1 && steps[0] === "[]") return wanted.objects?.ids;
  if (name in wanted.values) return wanted.values[name];
  const [chosen] = [...schemasIn(schema, "anyOf"), ...schemasIn(schema, "oneOf")];
  if (chosen !== undefined) return valueOf({ ...asked, schema: chosen });
  const said = saidOf(schema);
  if (said !== undefined) return said;
  const type = schema["type"];
  if (type === "object" || (type === undefined && schema["properties"] !== undefined)) return objectOf(asked);
  if (type === "array") return arrayOf(asked);
  if (type === "boolean") return false;
  if (type === "null") return null;
  if (type === "integer" || type === "number") return numberOf(schema);
  if (type === "string") return textOf(name, schema);
  throw new Cannot(`of ${name} it says no type`);
}

function schemasIn(schema: Schema, keyword: string): readonly Schema[] {
  const some = schema[keyword];
  return Array.isArray(some) ? some.filter(isSchema) : [];
}

/** What the document itself gives as a value. */
function saidOf(schema: Schema): unknown {
  const some = [schema["enum"], schema["examples"]].flatMap((list) => (Array.isArray(list) ? list.slice(0, 1) : []));
  return schema["const"] ?? schema["example"] ?? schema["default"] ?? some[0];
}

function objectOf({ schema, wanted, steps, depth }: Asked): Readonly<Record<string, unknown>> {
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const [next, ...rest] = steps ?? [];
  const properties = propertiesOf(schema);
  const made = properties.flatMap(([name, inner]) => {
    const isNext = name === next;
    if (!isNext && !required.has(name) && !takes(name, inner, wanted.values)) return [];
    return [
      [name, valueOf({ name, schema: inner, wanted, steps: isNext ? rest : undefined, depth: depth + 1 })] as const,
    ];
  });
  const missing = [...required].filter((name) => !properties.some(([known]) => known === name));
  if (missing.length > 0) throw new Cannot(`it requires ${missing.join(", ")} and does not declare it`);
  return Object.fromEntries(made);
}

/** Whether a field is wanted, or holds one that is. */
function takes(name: string, schema: Schema, values: Wanted["values"], depth = 0): boolean {
  if (name in values) return true;
  return depth < depthMax && propertiesOf(schema).some(([field, inner]) => takes(field, inner, values, depth + 1));
}

/** Whether an operation takes a value of this name, in its query or anywhere in its body. */
export function canBeGiven({ parameters, body }: Operation, name: string): boolean {
  const inBody = body?.schema !== undefined && takes("", body.schema, { [name]: true });
  return inBody || parameters.some((parameter) => parameter.in === "query" && parameter.name === name);
}

function arrayOf({ name, schema, wanted, steps, depth }: Asked): readonly unknown[] {
  const items = schemaIn(schema, "items");
  const few = typeof schema["minItems"] === "number" ? schema["minItems"] : 0;
  const rest = steps?.[0] === "[]" ? steps.slice(1) : undefined;
  const count = Math.max(few, rest === undefined ? 0 : 1);
  if (count > 0 && items === undefined) throw new Cannot(`of the items of ${name} it says nothing`);
  if (items === undefined) return [];
  return Array.from({ length: Math.min(count, 100) }, () =>
    valueOf({ name: `${name}[]`, schema: items, wanted, steps: rest, depth: depth + 1 }),
  );
}

function numberOf(schema: Schema): number {
  const [least, most] = [schema["minimum"], schema["maximum"]];
  if (typeof least === "number") return least;
  return typeof most === "number" ? Math.min(1, most) : 1;
}

function textOf(name: string, schema: Schema): string {
  const [format, pattern, minLength] = [schema["format"], schema["pattern"], schema["minLength"]];
  if (format === "uuid") return randomUUID();
  if (format === "date-time") return new Date().toISOString();
  if (format === "date") return new Date().toISOString().slice(0, 10);
  const text = "a".repeat(typeof minLength === "number" ? Math.max(1, minLength) : 1);
  if (typeof pattern === "string" && !new RegExp(pattern, "u").test(text)) {
    throw new Cannot(`${name} must be like ${pattern}, and it gives no example`);
  }
  if (typeof format === "string") throw new Cannot(`${name} must be a ${format}, and it gives no example`);
  return text;
}
