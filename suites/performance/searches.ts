/** The searches and filters of the Health API (T083), each with what a right answer to it is. No I/O. */
import { z } from "zod";

export type Search = {
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly json?: unknown;
  /** Whether a body of status 200 is the whole answer to it. */
  readonly isRight: (body: string) => boolean;
};

const pageRows = 20;
const page = z.object({ records: z.array(z.object({ id: z.string(), kind: z.string() })), total: z.int() });
const totals = z.object({ total: z.int(), kinds: z.array(z.object({ kind: z.string(), total: z.int() })) });

/** What is searched for: a kind that `rows` records have, and ids of some of them. */
export type Wanted = { readonly kind: string; readonly rows: number; readonly ids: readonly string[] };

/** By kind in a query string and in a search's body, by ids, and totals of a kind: all filters that the API has. */
export function searchesFor({ kind, rows, ids }: Wanted): readonly Search[] {
  const path = "/api/v1/records";
  const isPage = (body: string): boolean => {
    const found = page.safeParse(jsonOf(body));
    if (!found.success) return false;
    const { records, total } = found.data;
    return total === rows && records.length === Math.min(pageRows, rows) && records.every((one) => one.kind === kind);
  };
  return [
    { name: "filter by kind", method: "GET", path: `${path}?kind=${kind}&limit=${pageRows}`, isRight: isPage },
    {
      name: "search by kind",
      method: "POST",
      path: `${path}/search`,
      json: { filter: { kind }, limit: pageRows },
      isRight: isPage,
    },
    {
      name: "search by ids",
      method: "POST",
      path: `${path}/search`,
      json: { filter: { ids }, limit: ids.length },
      isRight(body) {
        const found = page.safeParse(jsonOf(body));
        const got = found.success ? found.data.records.map(({ id }) => id) : [];
        return got.length === ids.length && ids.every((id) => got.includes(id));
      },
    },
    {
      name: "totals of a kind",
      method: "GET",
      path: `${path}/totals?kind=${kind}`,
      isRight(body) {
        const found = totals.safeParse(jsonOf(body));
        return found.success && found.data.total === rows && found.data.kinds.every((one) => one.kind === kind);
      },
    },
  ];
}

/** Ids of the records on a page; none where the body is no page. */
export function idsOf(body: string): readonly string[] {
  const found = page.safeParse(jsonOf(body));
  return found.success ? found.data.records.map(({ id }) => id) : [];
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
