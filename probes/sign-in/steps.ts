/** Each step of signing in, as a browser asks for it through the ingress. Nothing is repeated, and nothing waited for but the answer. */
import { z } from "zod";
import type { Authority } from "../http/authority.ts";
import type { Endpoint } from "../http/endpoints.ts";
import { askedOf, type Asked } from "../http/outcome.ts";
import { request } from "../http/request.ts";
import type { LoginResponse } from "./authenticator.ts";
import type { RegistrationResponse } from "./new-credential.ts";

/** Where the server is asked: one address of the ingress, and the name. */
export type Access = {
  readonly endpoint: Endpoint;
  readonly host: string;
  readonly authority: Authority;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

const begun = z.object({ ceremony: z.string().min(1), options: z.object({ challenge: z.string().min(1) }) });
const ended = z.object({ token: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/), session: z.string().min(1) });
const invitation = z.object({ invitation: z.string().min(1) });
const signedOut = z.object({ status: z.literal("signed out") });
const removed = z.object({ status: z.literal("removed") });
const accounts = z.object({
  users: z.array(z.object({ name: z.string().min(1), role: z.string(), invited: z.boolean() })),
});

/** A ceremony under way: its id, and the challenge in base64url. */
export type Begun = z.output<typeof begun>;
/** A session: its secret, and a token that lives in it. Neither is ever part of a sentence or a fact. */
export type Ended = z.output<typeof ended>;

export type Steps = {
  readonly beginLogin: () => Promise<Asked<Begun>>;
  readonly endLogin: (ceremony: string, response: LoginResponse) => Promise<Asked<Ended>>;
  readonly beginRegistration: (invitation: string) => Promise<Asked<Begun>>;
  readonly endRegistration: (ceremony: string, response: RegistrationResponse) => Promise<Asked<Ended>>;
  /** A new token of a session. */
  readonly refresh: (session: string) => Promise<Asked<Ended>>;
  readonly logout: (session: string) => Promise<Asked<z.output<typeof signedOut>>>;
  /** As an admin, by the token: into the admin's own tenant. */
  readonly invite: (token: string, user: string) => Promise<Asked<z.output<typeof invitation>>>;
  readonly listAccounts: (token: string, prefix: string) => Promise<Asked<z.output<typeof accounts>>>;
  readonly removeAccount: (token: string, user: string) => Promise<Asked<z.output<typeof removed>>>;
};

/** The steps at one address. */
export function stepsAt(access: Access): Steps {
  const post = async <T>(path: string, json: unknown, schema: z.ZodType<T>, status = 200, token?: string) => {
    const headers = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
    const answer = await request({ ...access, ...headers, method: "POST", path: `/auth/${path}`, json });
    return askedOf(answer, { status, schema });
  };
  const asAdmin = async <T>(method: "GET" | "DELETE", path: string, schema: z.ZodType<T>, token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return askedOf(await request({ ...access, headers, method, path: `/auth/${path}` }), { status: 200, schema });
  };
  return {
    beginLogin: async () => post("login/options", {}, begun),
    endLogin: async (ceremony, response) => post("login/verify", { ceremony, response }, ended),
    beginRegistration: async (secret) => post("register/options", { invitation: secret }, begun),
    endRegistration: async (ceremony, response) => post("register/verify", { ceremony, response }, ended, 201),
    refresh: async (session) => post("refresh", { session }, ended),
    logout: async (session) => post("logout", { session }, signedOut),
    invite: async (token, user) => post("invitations", { user }, invitation, 201, token),
    listAccounts: async (token, prefix) => asAdmin("GET", `users?${new URLSearchParams({ prefix })}`, accounts, token),
    removeAccount: async (token, user) => asAdmin("DELETE", `users/${encodeURIComponent(user)}`, removed, token),
  };
}
