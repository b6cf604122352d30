/** A folder of Terraform files as plain data: blocks as the parser leaves them, nothing evaluated. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktn/hcl2json";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";

const body = z.record(z.string(), z.unknown());
export type Body = Readonly<z.output<typeof body>>;

const named = z.record(z.string(), z.array(body));
const typed = z.record(z.string(), named);
const fileSchema = z.strictObject({
  terraform: z.array(body).optional(),
  variable: named.optional(),
  locals: z.array(body).optional(),
  resource: typed.optional(),
  data: typed.optional(),
  module: named.optional(),
  output: named.optional(),
  provider: named.optional(),
  import: z.array(body).optional(),
  moved: z.array(body).optional(),
  removed: z.array(body).optional(),
  check: named.optional(),
});

/** A block with two labels: a resource or a data source. */
export type Block = { readonly type: string; readonly name: string; readonly body: Body; readonly file: string };
export type Configuration = {
  readonly folder: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly settings: readonly Body[];
  readonly variables: Readonly<Record<string, Body>>;
  readonly locals: Readonly<Record<string, unknown>>;
  readonly resources: readonly Block[];
  readonly data: readonly Block[];
  readonly modules: Readonly<Record<string, Body>>;
  readonly outputs: Readonly<Record<string, Body>>;
};

const filesMax = 200;

/** Reads every *.tf file of a folder. No such file, one that does not parse, and a kind of block that is not known here are readings without a value. */
export async function readConfiguration(folder: string, now: Date): Promise<Reading<Configuration>> {
  const source = `Terraform files in ${folder}`;
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".tf") || name.endsWith(".tf.json"));
    const json = names.find((name) => name.endsWith(".tf.json"));
    if (names.length === 0) return unread(`${folder} holds no .tf file`, source, now);
    if (names.length > filesMax) return unread(`${folder} holds more than ${filesMax} .tf files`, source, now);
    if (json !== undefined) return unread(`${join(folder, json)} is JSON, which is not read here`, source, now);
    const texts = Object.fromEntries(names.toSorted().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
    return read(await gather(folder, texts), source, now);
  } catch (error) {
    return unread(`reading ${folder}: ${whyOf(error)}`, source, now);
  }
}

/** Reads a file of variable values (*.tfvars). Values stand as the parser leaves them. */
export async function readVariableFile(file: string, now: Date): Promise<Reading<Body>> {
  try {
    return read(body.parse(await parse(file, readFileSync(file, "utf8"))), file, now);
  } catch (error) {
    return unread(`reading ${file}: ${whyOf(error)}`, file, now);
  }
}

async function gather(folder: string, texts: Readonly<Record<string, string>>): Promise<Configuration> {
  const parsed: { file: string; blocks: z.output<typeof fileSchema> }[] = [];
  for (const [file, text] of Object.entries(texts)) {
    const found = fileSchema.safeParse(await parse(file, text));
    if (!found.success) throw new Error(`${file}: ${z.prettifyError(found.error)}`);
    parsed.push({ file, blocks: found.data });
  }
  const first = (blocks: z.output<typeof named> | undefined): [string, Body][] =>
    Object.entries(blocks ?? {}).flatMap(([name, [only]]): [string, Body][] =>
      only === undefined ? [] : [[name, only]],
    );
  const labelled = (kind: "resource" | "data"): Block[] =>
    parsed.flatMap(({ file, blocks }) =>
      Object.entries(blocks[kind] ?? {}).flatMap(([type, names]) =>
        first(names).map(([name, found]) => ({ type, name, body: found, file })),
      ),
    );
  return {
    folder,
    texts,
    settings: parsed.flatMap(({ blocks }) => blocks.terraform ?? []),
    variables: Object.fromEntries(parsed.flatMap(({ blocks }) => first(blocks.variable))),
    locals: Object.assign({}, ...parsed.flatMap(({ blocks }) => blocks.locals ?? [])),
    resources: labelled("resource"),
    data: labelled("data"),
    modules: Object.fromEntries(parsed.flatMap(({ blocks }) => first(blocks.module))),
    outputs: Object.fromEntries(parsed.flatMap(({ blocks }) => first(blocks.output))),
  };
}

/** The nested blocks of one name in a body: `a { ... } a { ... }` is a list of two. */
export function nestedBlocks(parent: Body, name: string): readonly Body[] {
  const parsed = z.array(body).safeParse(parent[name] ?? []);
  return parsed.success ? parsed.data : [];
}
