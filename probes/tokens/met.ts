/** What an authorization meets at one operation: the status, and who answered. */
import { once } from "node:events";
import { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Authority } from "../http/authority.ts";
import type { Endpoint } from "../http/endpoints.ts";
import { describeError } from "../http/failure.ts";

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

/** Many questions at one place, over few connections: a handshake for each would be most of the work on both sides. */
export type Door = {
  /**
   * Asks an operation once. What may change something is sent an empty object: whoever is let in is told that it lacks something, and nothing is
   * changed. An address that did not answer is `ok: false`: nothing was met.
   * @param authorization the whole header; absent where undefined
   */
  readonly meet: (operation: Operation, authorization: string | undefined) => Promise<Reading<Met>>;
  readonly close: () => void;
};

const connectionsMax = 4;

/** Chain and name of the certificate are verified, as everywhere. */
export function openDoor({ endpoint, host, authority, timeoutMs, signal }: Place): Door {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax, ca: [...authority.certificates] });
  const ask = async ({ method, path }: Operation, authorization: string | undefined): Promise<Met> => {
    const body = method === "GET" || method === "DELETE" ? undefined : "{}";
    const asked = request({
      agent,
      host: endpoint.ip,
      port: endpoint.port,
      servername: host,
      method,
      path,
      headers: {
        host,
        "user-agent": "oke-proof",
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined ? {} : { "content-type": "application/json", "content-length": body.length }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    asked.end(body);
    const [answer] = z.tuple([z.instanceof(IncomingMessage)]).parse(await once(asked, "response"));
    await once(answer.resume(), "end");
    const backend = answer.headers["x-oke-proof-backend"];
    return { status: answer.statusCode ?? 0, ...(typeof backend === "string" ? { backend } : {}) };
  };
  return {
    async meet(operation, authorization) {
      const source = `https://${host}${operation.path} at ${endpoint.label}`;
      try {
        return read(await ask(operation, authorization), source, new Date());
      } catch (error) {
        return unread(`${operation.method} ${source}: no answer (${describeError(error)})`, source, new Date());
      }
    },
    close: () => agent.destroy(),
  };
}

/** One question, on a connection of its own. */
export async function meet(
  place: Place,
  operation: Operation,
  authorization: string | undefined,
): Promise<Reading<Met>> {
  const door = openDoor(place);
  try {
    return await door.meet(operation, authorization);
  } finally {
    door.close();
  }
}
