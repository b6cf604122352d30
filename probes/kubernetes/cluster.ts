/** The cluster as the harness sees it: parsed answers or the reason why there is none. Nothing is written but what the harness's own probers are asked. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { oneLine } from "../why.ts";
import { openKubeconfig } from "./kubeconfig.ts";
import { transportOf, type Posted, type Transport } from "./transport.ts";

export type Cluster = {
  /** Address of the API server, or the path of the kubeconfig where that could not be opened. */
  readonly server: string;
  /**
   * GETs one object and parses it. Every answer but a 2xx with JSON of the schema's shape is `ok: false`, in a sentence that
   * names the path: 401, 403, 404, 429, 5xx, HTML, cut-off JSON, a missing field, no answer in time. Never throws, never asks twice.
   */
  getJson<S extends z.ZodType>(path: string, schema: S): Promise<Reading<z.output<S>>>;
  /**
   * POSTs JSON to one of the harness's own probers (a path that ends in a pod's proxy) and parses the answer, by the rules of `getJson`.
   * @param options.requestMs how long it may take, where that is longer than the profile's `timeouts.requestMs`
   */
  postJson<S extends z.ZodType>(
    path: string,
    body: unknown,
    schema: S,
    options?: { readonly requestMs?: number },
  ): Promise<Reading<z.output<S>>>;
  /**
   * GETs a page of plain text with its status. Any status but those that are an answer is `ok: false`, as with `getJson`.
   * @param statuses 200 and 500 where nothing else is said: a part that is not ready says so with it
   */
  getText(
    path: string,
    statuses?: readonly number[],
  ): Promise<Reading<{ readonly status: number; readonly text: string }>>;
  /**
   * POSTs JSON and hands back the answer with its status: for questions where a refusal is the answer, such as a pod that must not be admitted.
   * @param statuses those that are an answer; any other is `ok: false`, as with `getJson`
   */
  postText(
    path: string,
    body: unknown,
    statuses: readonly number[],
  ): Promise<Reading<{ readonly status: number; readonly text: string }>>;
  /** GETs all items of a list, page by page. A page that cannot be had makes the whole reading `ok: false`: half a list is no list. */
  list<S extends z.ZodType>(path: string, item: S): Promise<Reading<readonly z.output<S>[]>>;
};

/** Items a page, and the most pages that one list may have (100,000 items). */
const pageItems = 500;
const pagesMax = 200;

/**
 * Connects to the cluster of a profile; nothing is asked yet. A kubeconfig that cannot be opened makes every reading `ok: false`.
 * @param signal ends every request that is under way
 */
export function connect(profile: Pick<Profile, "cluster" | "timeouts">, signal: AbortSignal): Cluster {
  const opened = openKubeconfig(profile.cluster);
  if (!opened.ok) {
    const refuse = async (): Promise<Reading<never>> => unread(opened.why, profile.cluster.kubeconfig, new Date());
    const { kubeconfig: server } = profile.cluster;
    return { server, getJson: refuse, postJson: refuse, getText: refuse, postText: refuse, list: refuse };
  }
  const { server } = opened;
  const ask = transportOf(opened.config, server, { requestMs: profile.timeouts.requestMs, signal });
  return {
    server,
    getJson: async (path, schema) => readingOf(await fetchJson(ask, path, schema), `${server}${path}`),
    postJson: async (path, body, schema, options = {}) => {
      const posted: Posted = { json: JSON.stringify(body), ...options };
      return readingOf(await fetchJson(ask, path, schema, posted), `${server}${path}`);
    },
    getText: async (path, statuses = [200, 500]) => readingOf(await fetchText(ask, path, statuses), `${server}${path}`),
    postText: async (path, body, statuses) =>
      readingOf(await fetchText(ask, path, statuses, { json: JSON.stringify(body) }), `${server}${path}`),
    list: async (path, item) => listAll(ask, server, path, item),
  };
}

type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

function readingOf<T>(found: Found<T>, source: string): Reading<T> {
  return found.ok ? read(found.value, source, new Date()) : unread(found.why, source, new Date());
}

async function fetchJson<S extends z.ZodType>(
  ask: Transport,
  path: string,
  schema: S,
  posted?: Posted,
): Promise<Found<z.output<S>>> {
  const asked = `${posted === undefined ? "GET" : "POST"} ${path.split("?")[0] ?? path}`;
  const answer = await ask(path, posted);
  if (!answer.ok) return { ok: false, why: `${asked}: ${answer.why}` };
  if (answer.status < 200 || answer.status > 299) {
    return { ok: false, why: `${asked}: ${meaningOf(answer.status)}${messageOf(answer.body)}` };
  }
  let json: unknown;
  try {
    json = JSON.parse(answer.body);
  } catch {
    return {
      ok: false,
      why: `${asked}: the answer is not JSON (it starts with '${oneLine(answer.body.slice(0, 40))}')`,
    };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, why: `${asked}: the answer has another shape: ${issuesOf(parsed.error)}` };
}

async function fetchText(
  ask: Transport,
  path: string,
  statuses: readonly number[],
  posted?: Posted,
): Promise<Found<{ readonly status: number; readonly text: string }>> {
  const answer = await ask(path, posted);
  const asked = `${posted === undefined ? "GET" : "POST"} ${path.split("?")[0] ?? path}`;
  if (!answer.ok) return { ok: false, why: `${asked}: ${answer.why}` };
  const { status, body } = answer;
  if (statuses.includes(status)) return { ok: true, value: { status, text: body } };
  return { ok: false, why: `${asked}: ${meaningOf(status)}${messageOf(body)}` };
}

const meanings: Readonly<Record<number, string>> = {
  401: "401, the credentials are missing, wrong or expired",
  403: "403, the harness has no right to read this (helm/harness-access grants it)",
  404: "404, it does not exist",
  410: "410, the list expired while it was read",
  429: "429, the server is overloaded",
};

function meaningOf(status: number): string {
  return meanings[status] ?? `the server answered ${status}`;
}

const statusSchema = z.object({ message: z.string().min(1) });
const errorSchema = z.object({ error: statusSchema });

/** What a Kubernetes Status or a prober's error says; nothing where the body is something else. */
function messageOf(body: string): string {
  try {
    const json: unknown = JSON.parse(body);
    const message = statusSchema.safeParse(json).data?.message ?? errorSchema.safeParse(json).data?.error.message;
    return message === undefined ? "" : `: ${oneLine(message)}`;
  } catch {
    return "";
  }
}

function issuesOf(error: z.ZodError): string {
  const named = error.issues.slice(0, 3).map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`);
  return oneLine(named.join("; "));
}

async function listAll<S extends z.ZodType>(
  ask: Transport,
  server: string,
  path: string,
  item: S,
): Promise<Reading<readonly z.output<S>[]>> {
  const page = z.object({
    metadata: z.object({ continue: z.string().optional() }),
    items: z.array(item),
  });
  const items: z.output<S>[] = [];
  const source = `${server}${path}`;
  let next = "";
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const found = await fetchJson(ask, pagePath(path, next), page);
    if (!found.ok) return unread(found.why, source, new Date());
    items.push(...found.value.items);
    next = found.value.metadata.continue ?? "";
    if (next === "") return read(items, source, new Date());
  }
  return unread(`GET ${path}: more than ${pagesMax * pageItems} items`, source, new Date());
}

function pagePath(path: string, next: string): string {
  const query = new URLSearchParams({ limit: String(pageItems), ...(next === "" ? {} : { continue: next }) });
  return `${path}${path.includes("?") ? "&" : "?"}${query.toString()}`;
}
