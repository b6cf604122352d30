/** The API server's schemas as a validator of manifests. Fields that no schema knows are wrong, as they are for `kubectl apply --validate=strict`. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { Ajv, type ValidateFunction } from "ajv";
import { z } from "zod";
import type { Manifest } from "../../probes/charts/manifest.ts";

export const recordedFile = join(resolve(import.meta.dirname, ".."), "recorded", "openapi", "schemas.json.gz");

const node = z.record(z.string(), z.unknown());
const kinds = z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() }));

/** Opens the recorded schemas. The returned function names what is wrong with an object; a kind that was not recorded is wrong. */
export function manifestValidator(): (manifest: Manifest) => readonly string[] {
  const schemas = node.parse(JSON.parse(gunzipSync(readFileSync(recordedFile)).toString("utf8")));
  const byKind = new Map<string, string>();
  for (const [name, schema] of Object.entries(schemas)) {
    const found = kinds.safeParse(node.parse(schema)["x-kubernetes-group-version-kind"]);
    for (const { group, version, kind } of found.data ?? [])
      byKind.set(`${group === "" ? version : `${group}/${version}`} ${kind}`, name);
  }
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });
  ajv.addSchema({ $id: "kubernetes", components: { schemas: strict(schemas) } });
  const compiled = new Map<string, ValidateFunction>();
  return (manifest) => {
    const kind = `${manifest.apiVersion} ${manifest.kind}`;
    const name = byKind.get(kind);
    if (name === undefined) return [`${kind} is not in ${recordedFile}`];
    const validate = compiled.get(name) ?? ajv.compile({ $ref: `kubernetes#/components/schemas/${name}` });
    compiled.set(name, validate);
    if (validate(withoutNulls(manifest))) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message ?? ""} ${JSON.stringify(params)}`,
    );
  };
}

/** Keywords whose schemas say something more of an object that another one describes: they do not list all of its fields. */
const partial = ["allOf", "anyOf", "oneOf", "not"];

/** OpenAPI as JSON Schema: closed where it is an object with fields, null where it says so, a number or a text where either will do. */
function strict(value: unknown, isWhole = true): unknown {
  if (Array.isArray(value)) return value.map((one) => strict(one, isWhole));
  if (typeof value !== "object" || value === null) return value;
  const walked: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, found]) => [
      key,
      key === "properties" ? properties(found, isWhole) : strict(found, isWhole && !partial.includes(key)),
    ]),
  );
  if (walked["x-kubernetes-int-or-string"] === true || walked["format"] === "int-or-string")
    return { type: ["integer", "string"] };
  const isOpen =
    !isWhole ||
    walked["x-kubernetes-preserve-unknown-fields"] === true ||
    walked["x-kubernetes-embedded-resource"] === true ||
    "additionalProperties" in walked;
  if ("properties" in walked && !isOpen) walked["additionalProperties"] = false;
  if (walked["nullable"] === true && typeof walked["type"] === "string") walked["type"] = [walked["type"], "null"];
  return walked;
}

function properties(value: unknown, isWhole: boolean): unknown {
  return Object.fromEntries(Object.entries(node.parse(value)).map(([name, found]) => [name, strict(found, isWhole)]));
}

/** The API server takes a field that is null for one that is not written. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const written = Object.entries(value).filter(([, found]) => found !== null);
  return Object.fromEntries(written.map(([key, found]) => [key, withoutNulls(found)]));
}
