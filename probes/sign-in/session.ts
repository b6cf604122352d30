/** Signing in as a user does, by the whole ceremony, through the ingress. */
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { readAuthority, type Authority } from "../http/authority.ts";
import { resolveAll, type Endpoint } from "../http/endpoints.ts";
import { saidOf, type Asked } from "../http/outcome.ts";
import { whyOf } from "../why.ts";
import { answerChallenge, readAuthenticator, type LoginResponse } from "./authenticator.ts";
import { stepsAt } from "./steps.ts";

/** Somebody who is signed in, and where the ingress was found. The token is never part of a sentence or a fact. */
export type Session = {
  readonly user: string;
  readonly tenant: string;
  readonly role: "admin" | "member";
  readonly token: string;
  /** The session's secret: what it is refreshed and ended by. */
  readonly session: string;
  readonly endpoint: Endpoint;
  readonly authority: Authority;
};

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
  const steps = stepsAt({ endpoint, host, authority: authority.value, timeoutMs, signal });
  const options = doneOr(await steps.beginLogin(), "/auth/login/options");
  if (typeof options === "string") return because(options);
  const { ceremony, options: given } = options;
  let response: LoginResponse;
  try {
    const asked = { challenge: given.challenge, relyingParty, origin: `https://${host}` };
    response = answerChallenge(authenticator.value, asked);
  } catch (error) {
    return because(`the authenticator cannot sign: ${whyOf(error)}`);
  }
  const ended = doneOr(await steps.endLogin(ceremony, response), "/auth/login/verify");
  if (typeof ended === "string") return because(ended);
  const { tenant, role } = authenticator.value;
  return read({ user, tenant, role, ...ended, endpoint, authority: authority.value }, source, new Date());
}

/** What was done, or why it was not. */
function doneOr<T extends object>(asked: Asked<T>, path: string): T | string {
  if (!asked.ok) return asked.why;
  return asked.value.kind === "done" ? asked.value.value : `${path}: ${saidOf(asked.value)}`;
}
