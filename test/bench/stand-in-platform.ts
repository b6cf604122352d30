/** What the two platforms answer to the visitors of a load, as far as a visitor looks at it: kept in memory, without sign-in. */
import { randomUUID } from "node:crypto";
import { z } from "zod";

export type Asked = { readonly method: string; readonly path: string; readonly body: string };

/** `status` and the body as text; undefined where the platforms have no such endpoint. */
export type StandIn = (asked: Asked) => { readonly status: number; readonly body: string } | undefined;

const record = z.object({ kind: z.string(), value: z.number() });
const task = z.object({ title: z.string() });
const sha256 = "0".repeat(64);

/** A platform with nothing in it. Lists are answered empty: what they hold does not change how long their answer takes. */
export function standInPlatform(): StandIn {
  const [records, tasks] = [new Map<string, object>(), new Map<string, object>()];
  return ({ method, path, body }) => {
    const [, collection = "", , id] = /^\/api\/v1\/(records|tasks)(\/([^/?]+))?(\?.*)?$/.exec(path) ?? [];
    const isRecords = collection === "records";
    const kept = isRecords ? records : tasks;
    const found = id === undefined ? undefined : kept.get(id);
    const operation = `${method} ${collection}${id === undefined ? "" : "/id"}`;
    switch (operation) {
      case "POST records":
      case "POST tasks": {
        const sent = isRecords ? record.safeParse(jsonOf(body)) : task.safeParse(jsonOf(body));
        if (!sent.success) return json(400, { error: "not what can be kept" });
        const made = { ...sent.data, ...(isRecords ? { sha256 } : { status: "open" }), id: randomUUID() };
        kept.set(made.id, made);
        return json(201, made);
      }
      case "GET records":
      case "GET tasks":
        return json(200, { [collection]: [], total: 0 });
      case "GET records/id":
        return found === undefined ? json(404, {}) : json(200, found);
      case "PATCH tasks/id":
        return found === undefined ? json(404, {}) : json(200, { ...found, status: "done" });
      case "DELETE records/id":
        return kept.delete(id ?? "") ? json(200, { status: "deleted" }) : json(404, {});
      case "DELETE tasks/id":
        return kept.delete(id ?? "") ? { status: 204, body: "" } : json(404, {});
      default:
        return undefined;
    }
  };
}

function json(status: number, value: object): { readonly status: number; readonly body: string } {
  return { status, body: JSON.stringify(value) };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
