/** What an authorization meets at one operation: the status, and who answered. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Authority } from "../http/authority.ts";
import type { Endpoint } from "../http/endpoints.ts";
import { request } from "../http/request.ts";

/** `backend` is what the answer says in `x-oke-proof-backend`; absent where the gateway, or nobody we know, answered. */
export type Met = { readonly status: number; readonly backend?: string };

/** An operation as it is asked: its path without a {name} in it. */
export type Operation = { readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"; readonly path: string };

/** Where operations are asked: one address of the ingress, by one name. */
export type Place = {
  readonly endpoint: Endpoint;
  readonly host: string;
  readonly authority: Authority;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/**
 * Asks an operation once. What may change something is sent an empty object: whoever is let in is told that it lacks something, and nothing
 * is changed. An address that did not answer is `ok: false`: nothing was met.
 * @param authorization the whole header; absent where undefined
 */
export async function meet(
  place: Place,
  { method, path }: Operation,
  authorization: string | undefined,
): Promise<Reading<Met>> {
  const headers = authorization === undefined ? {} : { headers: { authorization } };
  const body = method === "GET" || method === "DELETE" ? {} : { json: {} };
  const answer = await request({ ...place, method, path, ...headers, ...body });
  if (!answer.ok) return answer;
  const { value, source } = answer;
  const at = new Date(answer.at);
  if (value.kind !== "answered") {
    return unread(`${method} ${source}: no answer (${value.kind}: ${value.detail})`, source, at);
  }
  const backend = value.headers["x-oke-proof-backend"];
  return read({ status: value.status, ...(backend === undefined ? {} : { backend }) }, source, at);
}
