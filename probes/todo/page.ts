/** The page of the todo platform, and the files that it asks for. */
import { createHash } from "node:crypto";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { request, type Asked } from "../http/request.ts";

/** What a browser would do with a file: it refuses one of another type, and one of another digest than the page names. */
export type FileKind = "script" | "style" | "icon";

export type PageFile = { readonly path: string; readonly kind: FileKind; readonly integrity?: string };

export type Served = {
  readonly status: number;
  /** Content type without its parameters. */
  readonly type: string;
  readonly bytes: number;
  /** The header by which our frontend is known; empty where it is absent. */
  readonly backend: string;
};

/** `matches`: whether the content has the digest that the page names; true where it names none. */
export type ServedFile = PageFile & { readonly served: Reading<Served & { readonly matches: boolean }> };

export type Page = { readonly served: Served; readonly files: readonly PageFile[] };

type Where = Omit<Asked, "path" | "method" | "headers" | "json">;

const filesMax = 50;
const tag = /<(script|link)\b([^>]*)>/gi;
const attribute = /([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** Asks for the page and reads from its text what it asks for. An address that does not answer, and a page that is too long to be read, are `ok: false`. */
export async function readPage(where: Where, path: string): Promise<Reading<Page>> {
  const reading = await get(where, path);
  if (!reading.ok) return reading;
  const { served, text } = reading.value;
  const files = filesOf(text);
  return files.length > filesMax
    ? unread(
        `${reading.source}: the page asks for ${files.length} files, more than are looked at`,
        reading.source,
        new Date(),
      )
    : read({ served, files }, reading.source, new Date(reading.at));
}

/** Asks for one file of the page. */
export async function readFileOfPage(where: Where, file: PageFile): Promise<ServedFile> {
  const reading = await get(where, file.path);
  if (!reading.ok) return { ...file, served: reading };
  const { served, text } = reading.value;
  const matches = file.integrity === undefined || integrityHolds(text, file.integrity);
  return { ...file, served: read({ ...served, matches }, reading.source, new Date(reading.at)) };
}

/** What a page asks for by its own tags, each once. Other origins' files are left out. */
export function filesOf(page: string): readonly PageFile[] {
  const found = [...page.matchAll(tag)].flatMap(([, name = "", inner = ""]): PageFile[] => {
    const attributes = new Map(
      [...inner.matchAll(attribute)].map(([, key = "", ...values]) => [
        key.toLowerCase(),
        values.find((value) => value !== undefined) ?? "",
      ]),
    );
    const kind = kindOf(name.toLowerCase(), attributes.get("rel"));
    const path = ownPath(attributes.get("src") ?? attributes.get("href"));
    const integrity = attributes.get("integrity");
    if (kind === undefined || path === undefined) return [];
    return [{ path, kind, ...(integrity === undefined ? {} : { integrity }) }];
  });
  return [...new Map(found.map((file) => [file.path, file])).values()];
}

/** The path of an address as a browser makes it of a page at `/`; undefined where it leads to another origin, or nowhere. */
function ownPath(address: string | undefined): string | undefined {
  const page = "https://page.invalid/";
  if (address === undefined || !URL.canParse(address, page)) return undefined;
  const { origin, pathname, search } = new URL(address, page);
  return `${origin}/` === page ? `${pathname}${search}` : undefined;
}

function kindOf(name: string, rel = ""): FileKind | undefined {
  if (name === "script" || rel === "modulepreload") return "script";
  if (rel === "stylesheet") return "style";
  return rel === "icon" ? "icon" : undefined;
}

/** Subresource integrity: one of the digests of the strongest algorithm that is named. */
function integrityHolds(text: string, integrity: string): boolean {
  const digests = integrity
    .trim()
    .split(/\s+/)
    .flatMap((one) => {
      const [, algorithm, digest] = /^(sha256|sha384|sha512)-([A-Za-z0-9+/=]+)$/.exec(one) ?? [];
      return algorithm === undefined || digest === undefined ? [] : [{ algorithm, digest }];
    });
  const strongest = digests
    .map(({ algorithm }) => algorithm)
    .toSorted()
    .at(-1);
  return digests.some(
    ({ algorithm, digest }) =>
      algorithm === strongest && createHash(algorithm).update(text, "utf8").digest("base64") === digest,
  );
}

async function get(where: Where, path: string): Promise<Reading<{ readonly served: Served; readonly text: string }>> {
  const reading = await request({ ...where, path });
  if (!reading.ok) return reading;
  const { value, source, at } = reading;
  if (value.kind !== "answered") return unread(`GET ${source}: ${value.kind}: ${value.detail}`, source, new Date(at));
  if (value.bodyCut) return unread(`GET ${source}: it is longer than is read`, source, new Date(at));
  const { status, headers, body } = value;
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  const backend = headers["x-oke-proof-backend"] ?? "";
  return read({ served: { status, type: type.trim(), bytes: body.length, backend }, text: body }, source, new Date(at));
}
