/** The todo platform as a signed-in user has it: its interface below /api, through the ingress. */
import { z } from "zod";
import type { Authority } from "../http/authority.ts";
import type { Endpoint } from "../http/endpoints.ts";
import { askedOf, type Asked } from "../http/outcome.ts";
import { request } from "../http/request.ts";
import {
  notificationsAnswer,
  taskAnswer,
  tasksAnswer,
  type Notification,
  type Task,
  type TaskList,
} from "./answers.ts";

/** Where and as whom to ask. `token` absent: as nobody, for a control. */
export type Access = {
  readonly endpoint: Endpoint;
  readonly host: string;
  readonly authority: Authority;
  readonly token?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** What a task may be made with and changed to; null takes a value away. */
export type Fields = Readonly<Record<string, string | readonly string[] | null>>;

export type TodoClient = {
  /** The address that is asked. */
  readonly label: string;
  readonly create: (fields: Fields) => Promise<Asked<Task>>;
  readonly find: (id: string) => Promise<Asked<Task>>;
  readonly change: (id: string, fields: Fields) => Promise<Asked<Task>>;
  readonly remove: (id: string) => Promise<Asked<undefined>>;
  /** @param query name and value of each parameter; a name may stand several times */
  readonly list: (query: readonly (readonly [string, string])[]) => Promise<Asked<TaskList>>;
  readonly notifications: () => Promise<Asked<{ readonly notifications: readonly Notification[] }>>;
  readonly forget: (notificationId: string) => Promise<Asked<undefined>>;
};

const nothing = z.undefined();

/** A client for one address. Nothing is repeated, and nothing waited for but the answer. */
export function todoClient(access: Access): TodoClient {
  const { token, ...where } = access;
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const ask = async <T>(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    wanted: { readonly status: number; readonly schema: z.ZodType<T> },
    json?: Fields,
  ): Promise<Asked<T>> => {
    const sent = json === undefined ? {} : { json };
    return askedOf(await request({ ...where, method, path: `/api/v1${path}`, headers, ...sent }), wanted);
  };
  const at = (id: string): string => `/tasks/${encodeURIComponent(id)}`;
  return {
    label: access.endpoint.label,
    create: async (fields) => ask("POST", "/tasks", { status: 201, schema: taskAnswer }, fields),
    find: async (id) => ask("GET", at(id), { status: 200, schema: taskAnswer }),
    change: async (id, fields) => ask("PATCH", at(id), { status: 200, schema: taskAnswer }, fields),
    remove: async (id) => ask("DELETE", at(id), { status: 204, schema: nothing }),
    list: async (query) => {
      const pairs = new URLSearchParams(query.map(([name, value]) => [name, value]));
      return ask("GET", `/tasks?${pairs.toString()}`, { status: 200, schema: tasksAnswer });
    },
    notifications: async () => ask("GET", "/notifications", { status: 200, schema: notificationsAnswer }),
    forget: async (id) => ask("DELETE", `/notifications/${encodeURIComponent(id)}`, { status: 204, schema: nothing }),
  };
}
