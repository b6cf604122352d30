/** What an interface says of itself: its OpenAPI document (3.0 and 3.1), as the list of its operations. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { askedOf, saidOf } from "../http/outcome.ts";
import { request, type Asked } from "../http/request.ts";

/** A JSON schema whose references are resolved; its keywords are read where they are needed. */
export type Schema = Readonly<Record<string, unknown>>;

export type Parameter = {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required: boolean;
  readonly schema: Schema;
};

/** The answer of an operation that was done. `schema` absent: the document says nothing of its body. */
export type Answered = { readonly mediaType?: string; readonly schema?: Schema; readonly headers: readonly string[] };

export type Operation = {
  /** `PATCH /api/v1/records/{id}`. */
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** What is sent: the schema where it is JSON, else the media types. */
  readonly body?: { readonly schema?: Schema; readonly mediaTypes: readonly string[] };
  /** Whether the document asks for a token. */
  readonly secured: boolean;
  readonly answered: Answered;
};

const methods = { get: "GET", post: "POST", put: "PUT", patch: "PATCH", delete: "DELETE" } as const;
const methodNames = ["get", "post", "put", "patch", "delete"] as const;
const operationsMax = 500;
const depthMax = 24;

const schemaSchema = z.record(z.string(), z.unknown());
const parameterSchema = z.object({
  name: z.string().min(1),
  in: z.enum(["path", "query", "header", "cookie"]),
  required: z.boolean().default(false),
  schema: schemaSchema.default({}),
});
const contentSchema = z.record(z.string(), z.object({ schema: schemaSchema.optional() }));
const operationSchema = z.object({
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  responses: z.record(
    z.string(),
    z.object({ content: contentSchema.optional(), headers: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const pathSchema = z.object({ parameters: z.array(parameterSchema).default([]) });
const documentSchema = z.object({
  openapi: z.string().regex(/^3\.[01]\./, { error: "is no OpenAPI 3.0 or 3.1" }),
  security: z.array(z.record(z.string(), z.unknown())).default([]),
  paths: z.record(z.string().startsWith("/"), z.unknown()),
});

/** Asks for the document and reads it. `ok: false` where it is not served, cannot be understood, or names no operation. */
export async function readOperations(asked: Asked): Promise<Reading<readonly Operation[]>> {
  const answer = askedOf(await request({ ...asked, bodyBytesMax: 1024 * 1024 }), { status: 200, schema: z.unknown() });
  if (!answer.ok) return answer;
  const { value, source } = answer;
  if (value.kind !== "done") return unread(`the OpenAPI document ${source}: ${saidOf(value)}`, source, new Date());
  return parseOperations(value.value, source, new Date());
}

/** The operations of a document. */
export function parseOperations(document: unknown, source: string, at: Date): Reading<readonly Operation[]> {
  try {
    const { paths, security } = documentSchema.parse(document);
    const operations = Object.entries(paths).flatMap(([path, item]) => {
      const resolved = pathItem(resolve(item, document, 0));
      return methodNames.flatMap((method) => {
        const found = resolved.operations.get(method);
        return found === undefined ? [] : [operationOf({ path, method, found, shared: resolved.parameters, security })];
      });
    });
    if (operations.length === 0 || operations.length > operationsMax) {
      return unread(`the OpenAPI document ${source} names ${operations.length} operations`, source, at);
    }
    return read(operations, source, at);
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, " ") : String(error);
    return unread(`the OpenAPI document ${source} cannot be understood: ${why.slice(0, 300)}`, source, at);
  }
}

type Found = z.output<typeof operationSchema>;
type Parameters = readonly z.output<typeof parameterSchema>[];

function pathItem(item: unknown): { readonly parameters: Parameters; readonly operations: ReadonlyMap<string, Found> } {
  const { parameters } = pathSchema.parse(item);
  const fields = new Map<string, unknown>(Object.entries(schemaSchema.parse(item)));
  const declared = methodNames.filter((method) => fields.has(method));
  return {
    parameters,
    operations: new Map(declared.map((method) => [method, operationSchema.parse(fields.get(method))])),
  };
}

function operationOf(asked: {
  readonly path: string;
  readonly method: (typeof methodNames)[number];
  readonly found: Found;
  readonly shared: Parameters;
  readonly security: readonly unknown[];
}): Operation {
  const { path, method, found, shared } = asked;
  const own = new Set(found.parameters.map((one) => `${one.in} ${one.name}`));
  const security: readonly unknown[] = found.security ?? asked.security;
  const isFree = (one: unknown): boolean => typeof one === "object" && one !== null && Object.keys(one).length === 0;
  const content = found.requestBody?.content;
  const json = content?.["application/json"]?.schema;
  return {
    name: `${methods[method]} ${path}`,
    method: methods[method],
    path,
    parameters: [...shared.filter((one) => !own.has(`${one.in} ${one.name}`)), ...found.parameters],
    ...(content === undefined
      ? {}
      : { body: { mediaTypes: Object.keys(content), ...(json === undefined ? {} : { schema: json }) } }),
    secured: security.length > 0 && !security.some(isFree),
    answered: answeredOf(found),
  };
}

function answeredOf({ responses }: Found): Answered {
  const status = Object.keys(responses)
    .filter((one) => /^2(\d\d|XX)$/.test(one))
    .toSorted()[0];
  const { content = {}, headers = {} } = status === undefined ? {} : (responses[status] ?? {});
  const [[mediaType, media] = []] = Object.entries(content);
  const schema = media?.schema;
  return {
    headers: Object.keys(headers),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(schema === undefined ? {} : { schema }),
  };
}

/** Puts what a `$ref` points at in its place. One that leads round in a circle is left empty: nothing can be generated from it. */
function resolve(value: unknown, document: unknown, depth: number): unknown {
  if (depth > depthMax) return {};
  if (Array.isArray(value)) return value.map((item) => resolve(item, document, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const fields = new Map<string, unknown>(Object.entries(value));
  const reference = fields.get("$ref");
  if (typeof reference === "string") return resolve(targetOf(reference, document), document, depth + 1);
  return Object.fromEntries([...fields].map(([name, field]) => [name, resolve(field, document, depth + 1)]));
}

function targetOf(reference: string, document: unknown): unknown {
  if (!reference.startsWith("#/")) throw new Error(`${reference} points outside of the document`);
  let target: unknown = document;
  for (const part of reference.slice(2).split("/")) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const fields = new Map<string, unknown>(
      typeof target === "object" && target !== null ? Object.entries(target) : [],
    );
    if (!fields.has(name)) throw new Error(`${reference} points at nothing`);
    target = fields.get(name);
  }
  return target;
}
