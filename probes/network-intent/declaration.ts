/** What helm/network-policies declares: who may connect to whom. Read from its values as Helm reads them, never from the policies that stand in a cluster. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";

const peer = z.union([
  z.strictObject({ cidrs: z.array(z.string().min(1)), except: z.array(z.string().min(1)).optional() }),
  z.strictObject({ everyNamespace: z.literal(true) }),
  z.strictObject({
    namespace: z.string().min(1).optional(),
    namespaces: z.array(z.string().min(1)).optional(),
    pods: z.record(z.string(), z.string()),
    /** Of another peer, too, whose policy says where these pods may connect to. */
    ingressOnly: z.literal(true).optional(),
  }),
]);

const connection = z.strictObject({
  why: z.string().min(1),
  from: z.array(z.string().min(1)).min(1),
  to: z.array(z.string().min(1)).min(1),
  /** Of the pods. Absent: every port. */
  ports: z.array(z.int().min(1).max(65_535)).min(1).optional(),
});

const declaration = z.object({
  namespaces: z.array(z.string().min(1)).min(1),
  peers: z.record(z.string(), peer),
  connections: z.record(z.string(), connection),
});

export type Declaration = Readonly<z.output<typeof declaration>>;

type Values = { [key: string]: unknown };

/**
 * The declaration of the chart's values with others laid over them: maps are merged, lists replaced, and a name with null is left out.
 * @param files YAML files, the later over the earlier
 */
export async function readDeclaration(files: readonly string[], now: Date): Promise<Reading<Declaration>> {
  const source = files.join(" with ");
  try {
    let values: Values = {};
    for (const file of files) values = laidOver(values, valuesOf(parse(await readFile(file, "utf8"))));
    const parsed = declaration.safeParse(values);
    if (parsed.success) return read(parsed.data, source, now);
    return unread(`the declared connections have another shape: ${z.prettifyError(parsed.error)}`, source, now);
  } catch (error) {
    return unread(`reading the declared connections of ${source}: ${whyOf(error)}`, source, now);
  }
}

function laidOver(below: Values, above: Values): Values {
  const merged: Values = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value === null) delete merged[key];
    else merged[key] = isMap(value) && isMap(merged[key]) ? laidOver(merged[key], value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valuesOf(document: unknown): Values {
  return isMap(document) ? document : {};
}
