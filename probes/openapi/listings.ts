/** Operations that answer with many objects, or with how many there are; and what such an answer says. */
import type { Operation, Schema } from "./document.ts";
import { propertiesOf, schemaIn } from "./places.ts";

/** `objects`: the name of the answer's array of objects, or `lines` (NDJSON); absent where only totals are told. */
export type Listing = { readonly objects?: { readonly field: string } | "lines"; readonly counts: boolean };

const lineTypes = new Set(["application/x-ndjson", "application/jsonl", "application/x-jsonlines"]);

/** Undefined where the operation's answer is about no list of objects. */
export function listingOf({ answered }: Operation): Listing | undefined {
  const { mediaType = "", schema, headers } = answered;
  if (lineTypes.has(mediaType)) return { objects: "lines", counts: headers.includes("x-total-count") };
  if (schema === undefined) return undefined;
  const properties = propertiesOf(schema);
  const counts = properties.some(([name, { type }]) => name === "total" && type === "integer");
  const objects = properties.find(([, inner]) => hasId(schemaIn(inner, "items")));
  if (objects !== undefined) return { objects: { field: objects[0] }, counts };
  return counts ? { counts } : undefined;
}

function hasId(items: Schema | undefined): boolean {
  return items !== undefined && propertiesOf(items).some(([name]) => name === "id");
}

/** What an answer shows: the ids of its objects, in order, and the total that it tells. */
export type Shown = { readonly ids?: readonly string[]; readonly total?: number };

/** @returns `why` where the answer is not what its document says */
export function shownIn(
  listing: Listing,
  answer: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
): Shown | { readonly why: string } {
  try {
    const { objects } = listing;
    if (objects === "lines") {
      const lines = answer.body.split("\n").filter((line) => line !== "");
      const ids = lines.map((line) => idOf(JSON.parse(line)));
      return { ids, ...(listing.counts ? { total: wholeOf(answer.headers["x-total-count"]) } : {}) };
    }
    const fields = new Map<string, unknown>(Object.entries(Object(JSON.parse(answer.body))));
    const total = listing.counts ? { total: wholeOf(fields.get("total")) } : {};
    if (objects === undefined) return total;
    const list = fields.get(objects.field);
    if (!Array.isArray(list)) return { why: `it holds no list ${objects.field}` };
    return { ids: list.map(idOf), ...total };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function idOf(value: unknown): string {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
  if (typeof id !== "string") throw new Error("an object in it has no id");
  return id;
}

function wholeOf(value: unknown): number {
  const total = typeof value === "string" ? Number(value) : value;
  if (typeof total !== "number" || !Number.isInteger(total) || total < 0) throw new Error("its total is no number");
  return total;
}
