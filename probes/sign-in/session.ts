/** Signing in as a user does, by the whole ceremony, through the ingress. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { readAuthority, type Authority } from "../http/authority.ts";
import { resolveAll, type Endpoint } from "../http/endpoints.ts";
import { askedOf, saidOf } from "../http/outcome.ts";
import { request } from "../http/request.ts";
import { whyOf } from "../why.ts";
import { answerChallenge, readAuthenticator } from "./authenticator.ts";

/** Somebody who is signed in, and where the ingress was found. The token is never part of a sentence or a fact. */
export type Session = {
  readonly user: string;
  readonly tenant: string;
  readonly role: "admin" | "member";
  readonly token: string;
  readonly endpoint: Endpoint;
  readonly authority: Authority;
};

const begun = z.object({ ceremony: z.string().min(1), options: z.object({ challenge: z.string().min(1) }) });
const ended = z.object({ token: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/), session: z.string().min(1) });

/**
 * Signs a user in at the first address of the ingress. `ok: false` where any step of it does not succeed: whatever was to be asked as this
 * user could then not be asked.
 */
export async function signIn(
  profile: Pick<Profile, "signIn" | "ingress" | "timeouts">,
  user: string,
  signal: AbortSignal,
): Promise<Reading<Session>> {
  const { host, relyingParty, authenticatorsFile } = profile.signIn;
  const timeoutMs = profile.timeouts.requestMs;
  const source = `sign-in of ${user} at ${host}`;
  const because = (why: string): Reading<Session> => unread(`${source}: ${why}`, source, new Date());
  const [authenticator, authority, { addresses, endpoints }] = await Promise.all([
    readAuthenticator(authenticatorsFile, user),
    readAuthority(profile.ingress.caFile),
    resolveAll(profile.ingress.https.slice(0, 1), { timeoutMs, signal }),
  ]);
  const [endpoint] = endpoints;
  if (!authenticator.ok) return because(authenticator.why);
  if (!authority.ok) return because(authority.why);
  if (endpoint === undefined) return because(addresses.flatMap((one) => (one.ok ? [] : [one.why])).join("; "));
  const trusted = { endpoint, host, authority: authority.value, timeoutMs, signal, method: "POST" } as const;
  const path = "/auth/login/options";
  const options = askedOf(await request({ ...trusted, path, json: {} }), { status: 200, schema: begun });
  if (!options.ok) return because(options.why);
  if (options.value.kind !== "done") return because(`${path}: ${saidOf(options.value)}`);
  const { ceremony, options: given } = options.value.value;
  const origin = `https://${host}`;
  let response: unknown;
  try {
    response = answerChallenge(authenticator.value, { challenge: given.challenge, relyingParty, origin });
  } catch (error) {
    return because(`the authenticator cannot sign: ${whyOf(error)}`);
  }
  const last = { path: "/auth/login/verify", json: { ceremony, response } };
  const verified = askedOf(await request({ ...trusted, ...last }), { status: 200, schema: ended });
  if (!verified.ok) return because(verified.why);
  if (verified.value.kind !== "done") return because(`${last.path}: ${saidOf(verified.value)}`);
  const { tenant, role } = authenticator.value;
  const { token } = verified.value.value;
  return read({ user, tenant, role, token, endpoint, authority: authority.value }, source, new Date());
}
