/** Signing in as a user does, by the whole ceremony, through the ingress. */
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Authority } from "../http/authority.ts";
import type { Endpoint } from "../http/endpoints.ts";
import { saidOf } from "../http/outcome.ts";
import { readAuthenticator } from "./authenticator.ts";
import { login, openSignIn, pageOf } from "./login.ts";
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
  const source = `sign-in of ${user} at ${profile.signIn.host}`;
  const because = (why: string): Reading<Session> => unread(`${source}: ${why}`, source, new Date());
  const [authenticator, access] = await Promise.all([
    readAuthenticator(profile.signIn.authenticatorsFile, user),
    openSignIn(profile, signal),
  ]);
  if (!authenticator.ok) return because(authenticator.why);
  if (!access.ok) return because(access.why);
  const ended = await login(stepsAt(access.value), authenticator.value, pageOf(profile));
  if (!ended.ok) return because(ended.why);
  if (ended.value.kind !== "done") return because(`${ended.source}: ${saidOf(ended.value)}`);
  const { tenant, role } = authenticator.value;
  const { endpoint, authority } = access.value;
  return read({ user, tenant, role, ...ended.value.value, endpoint, authority }, source, new Date());
}
