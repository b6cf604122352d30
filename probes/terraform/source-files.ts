/** The files of a configuration and of the modules below it: whether Terraform reads them, finds them formatted, and knows their arguments. */
import { execFile } from "node:child_process";
import { relative } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { oneLine, whyOf } from "../why.ts";
import { readConfiguration } from "./configuration.ts";
import { isFreeResource, unknownArguments } from "./known-resources.ts";
import { openModule, type Module } from "./module.ts";

export type SourceFiles = {
  readonly folders: readonly string[];
  /** Files that `terraform fmt` would change, and its complaint where it cannot read one. */
  readonly unformatted: readonly string[];
  /** Arguments that the provider does not know, as "oci_core_vcn.main.colour". */
  readonly unknownArguments: readonly string[];
};

export type TerraformProgram = { readonly path: string; readonly env: Readonly<Record<string, string>> };

const execute = promisify(execFile);
const said = z.looseObject({ code: z.union([z.number(), z.string()]), stdout: z.string(), stderr: z.string() });
/** What `terraform fmt -check` ends with where files would change, and where one cannot be read. */
const exitCodes = { changes: 3, unreadable: 2 };

/** Asks Terraform and the list of known arguments. Neither provider nor account is needed. */
export async function readSourceFiles(
  program: TerraformProgram,
  folder: string,
  now: Date,
): Promise<Reading<SourceFiles>> {
  const configuration = await readConfiguration(folder, now);
  if (!configuration.ok) return configuration;
  const modules = withChildren(await openModule(configuration.value, {}, now));
  const [gap] = modules.flatMap(({ gaps }) => gaps);
  if (gap !== undefined) return unread(gap, folder, now);
  const folders = [...new Set(modules.map((module) => module.configuration.folder))];
  const formatted = await readUnformatted(program, folders, now);
  if (!formatted.ok) return formatted;
  const unknown = modules.flatMap(({ configuration: { resources } }) =>
    resources
      .filter(({ type }) => isFreeResource(type))
      .flatMap(({ type, name, body }) =>
        unknownArguments(type, Object.keys(body)).map((argument) => `${type}.${name}.${argument}`),
      ),
  );
  return read({ folders, unformatted: formatted.value, unknownArguments: unknown }, folder, now);
}

function withChildren(module: Module): Module[] {
  return [module, ...module.children.flatMap(withChildren)];
}

async function readUnformatted(
  program: TerraformProgram,
  folders: readonly string[],
  now: Date,
): Promise<Reading<readonly string[]>> {
  const source = `terraform fmt -check ${folders.join(" ")}`;
  try {
    await execute(program.path, ["fmt", "-check", "-list=true", "-no-color", ...folders], {
      env: { ...program.env },
      timeout: 30_000,
      maxBuffer: 4 * 1024 * 1024,
    });
    return read([], source, now);
  } catch (error) {
    const { data } = said.safeParse(error);
    if (data?.code === exitCodes.changes) {
      const files = data.stdout.split("\n").filter((line) => line !== "");
      if (files.length === 0) return unread(`${source}: it would change files, and names none`, source, now);
      return read(
        files.map((file) => relative(process.cwd(), file)),
        source,
        now,
      );
    }
    // Terraform frames its words.
    if (data?.code === exitCodes.unreadable) return read([oneLine(data.stderr.replaceAll(/[│╷╵]/g, " "))], source, now);
    return unread(`${source}: ${whyOf(error)}`, source, now);
  }
}
