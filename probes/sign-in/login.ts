/** A login with a credential that is at hand, at an address where every step can be asked for. */
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { readAuthority } from "../http/authority.ts";
import { resolveAll } from "../http/endpoints.ts";
import type { Asked } from "../http/outcome.ts";
import { whyOf } from "../why.ts";
import { answerChallenge, type Answering, type Credential } from "./authenticator.ts";
import { answerRegistration, type NewCredential } from "./new-credential.ts";
import type { Access, Ended, Steps } from "./steps.ts";

/** Where the profile's users sign in: the first address of the ingress. `ok: false` where it is not known, or nobody to trust. */
export async function openSignIn(
  profile: Pick<Profile, "signIn" | "ingress" | "timeouts">,
  signal: AbortSignal,
): Promise<Reading<Access>> {
  const { host } = profile.signIn;
  const timeoutMs = profile.timeouts.requestMs;
  const [authority, { addresses, endpoints }] = await Promise.all([
    readAuthority(profile.ingress.caFile),
    resolveAll(profile.ingress.https.slice(0, 1), { timeoutMs, signal }),
  ]);
  const [endpoint] = endpoints;
  if (!authority.ok) return authority;
  if (endpoint === undefined) {
    return unread(addresses.flatMap((one) => (one.ok ? [] : [one.why])).join("; "), host, new Date());
  }
  return read({ endpoint, host, authority: authority.value, timeoutMs, signal }, endpoint.label, new Date());
}

/** What an authenticator is asked besides the challenge. */
export type Page = Omit<Answering, "challenge">;

/** The page of the profile, where an honest user signs in. */
export function pageOf({ signIn: { host, relyingParty } }: Pick<Profile, "signIn">): Page {
  return { relyingParty, origin: `https://${host}` };
}

/** A whole login. The first step that is not done is what came of it. */
export async function login(steps: Steps, credential: Credential, page: Page): Promise<Asked<Ended>> {
  return afterwards(await steps.beginLogin(), async ({ ceremony, options: { challenge } }) => {
    const source = `the authenticator of ${credential.name}`;
    try {
      return await steps.endLogin(ceremony, answerChallenge(credential, { ...page, challenge }));
    } catch (error) {
      return unread(`${source} cannot sign: ${whyOf(error)}`, source, new Date());
    }
  });
}

/** A whole registration of somebody who was invited. The first step that is not done is what came of it. */
export async function register(
  steps: Steps,
  credential: NewCredential,
  page: Page,
  invitation: string,
): Promise<Asked<Ended>> {
  return afterwards(await steps.beginRegistration(invitation), async ({ ceremony, options: { challenge } }) =>
    steps.endRegistration(ceremony, answerRegistration(credential, { ...page, challenge })),
  );
}

/** Goes on with what was done; else what came of it is the end. */
export async function afterwards<A, B>(asked: Asked<A>, next: (value: A) => Promise<Asked<B>>): Promise<Asked<B>> {
  if (!asked.ok) return asked;
  const { value, source, at } = asked;
  return value.kind === "done" ? next(value.value) : read(value, source, new Date(at));
}
