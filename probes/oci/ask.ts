/** Asking Oracle's clients: every page, every field parsed, and an error that says what was asked. */
import { OciError } from "oci-common";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { oneLine, whyOf } from "../why.ts";

const pagesMax = 200;

/** What a client gives of a list: a page of it, and the token of the next one. */
export type Page = { readonly items?: unknown; readonly opcNextPage?: string | null };

/**
 * One answer, parsed: the clients' types promise fields that answers need not have.
 * @param what what is asked for, as "bucket backups in eu-frankfurt-1"
 * @throws Error with `what` and the reason, as `allPages` does
 */
export async function asked<S extends z.ZodType>(
  what: string,
  schema: S,
  call: () => Promise<unknown>,
): Promise<z.output<S>> {
  const answer = await call().catch((cause: unknown) => {
    throw new Error(`${what}: ${refusalOf(cause)}`, { cause });
  });
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Error(`${what}: Oracle's answer is not of the expected form: ${oneLine(z.prettifyError(parsed.error))}`);
}

/**
 * All things of a list.
 * @param page gives a page; its token is to be put into the request as it is: the clients do not encode it, so it is encoded here
 */
export async function allPages<S extends z.ZodType>(
  what: string,
  item: S,
  page: (token: { readonly page?: string }) => Promise<Page>,
): Promise<z.output<S>[]> {
  const answer = z.object({ items: z.array(item), opcNextPage: z.string().nullish() });
  const found: z.output<S>[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const given = token === undefined ? {} : { page: encodeURIComponent(token) };
    const { items, opcNextPage } = await asked(what, answer, () => page(given));
    found.push(...items);
    token = opcNextPage ?? "";
    if (token === "") return found;
    if (seen.has(token)) throw new Error(`${what}: Oracle gives the same page again and again`);
    seen.add(token);
    if (seen.size >= pagesMax) throw new Error(`${what}: there are more than ${pagesMax} pages`);
  }
}

/** What `work` brings, or why it brings nothing. */
export async function readingOf<T>(source: string, work: () => Promise<T>): Promise<Reading<T>> {
  try {
    return read(await work(), source, new Date());
  } catch (error) {
    return unread(whyOf(error), source, new Date());
  }
}

/** The client's errors are of three kinds: an answer that is an error, a text that is no JSON, and something that is no Error at all. */
function refusalOf(error: unknown): string {
  if (error instanceof OciError && Number.isInteger(error.statusCode)) {
    const { statusCode, serviceCode, message } = error;
    return `Oracle answered ${statusCode} ${oneLine(`${serviceCode}: ${message}`)}${hintOf(statusCode)}`;
  }
  if (typeof error === "object" && error !== null && "message" in error && typeof error.message === "string")
    return oneLine(error.message);
  return whyOf(error);
}

/** Oracle says the same of what is not there and of what may not be seen. */
function hintOf(status: number): string {
  if (status === 401) return ": the key of the configuration file is not accepted";
  if (status === 404) return ": the harness has no right to read this, or it is not there";
  return "";
}
