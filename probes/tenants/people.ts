/** The users of the profile's tenants, signed in; and those who are nobody, with no token or one that nobody signed for them. */
import { generateKeyPairSync, sign } from "node:crypto";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { request, type Answer } from "../http/request.ts";
import type { Generated } from "../openapi/generate.ts";
import { signIn, type Session } from "../sign-in/session.ts";

/** Who sends a request. The headers are never part of a sentence or a fact. */
export type Identity = {
  readonly name: string;
  readonly tenant: string;
  readonly role: "admin" | "member" | "nobody";
  readonly headers: Readonly<Record<string, string>>;
  readonly session: Session;
};

/** An answer, or why there was none: a refused connection tells nothing of an operation. */
export type Answered = Reading<Pick<Answer, "status" | "body" | "headers" | "bodyCut">>;

/** Signs all of them in, tenant by tenant, the admin first. `ok: false` where one of them cannot. */
export async function openPeople(
  profile: Pick<Profile, "tenants" | "signIn" | "ingress" | "timeouts">,
  signal: AbortSignal,
): Promise<Reading<readonly Identity[]>> {
  const users = profile.tenants.flatMap(({ name, admin, member }) => [
    { tenant: name, role: "admin", user: admin } as const,
    { tenant: name, role: "member", user: member } as const,
  ]);
  const sessions = await Promise.all(users.map(async ({ user }) => signIn(profile, user, signal)));
  const people: Identity[] = [];
  for (const [at, session] of sessions.entries()) {
    if (!session.ok) return session;
    const { tenant = "", role = "member", user = "" } = users[at] ?? {};
    const is = session.value;
    if (is.tenant !== tenant || is.role !== role) {
      const why = `${user} is ${is.role} of ${is.tenant}, where the profile says ${role} of ${tenant}`;
      return unread(why, session.source, new Date());
    }
    people.push({ name: user, tenant, role, headers: bearer(is.token), session: is });
  }
  return read(people, `sign-in at ${profile.signIn.host}`, new Date());
}

/** Those who are not the owner although they say so: without a token, with the owner's claims in another's token, and signed by another key. */
export function nobodies(owner: Identity, other: Identity): readonly Identity[] {
  const nobody = { tenant: "", role: "nobody", session: other.session } as const;
  const [, claims = ""] = owner.session.token.split(".");
  const [head = "", , signature = ""] = other.session.token.split(".");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const [ownHead = ""] = owner.session.token.split(".");
  const forged = sign("sha256", Buffer.from(`${ownHead}.${claims}`), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return [
    { ...nobody, name: "nobody", headers: {} },
    { ...nobody, name: `${other.name} with ${owner.name}'s claims`, headers: bearer(`${head}.${claims}.${signature}`) },
    {
      ...nobody,
      name: `a forger of ${owner.name}'s token`,
      headers: bearer(`${ownHead}.${claims}.${forged.toString("base64url")}`),
    },
  ];
}

/** Asks for what a document says, once, as somebody. @param more further headers */
export async function askAs(
  where: { readonly host: string; readonly timeoutMs: number; readonly signal: AbortSignal },
  identity: Identity,
  generated: Generated,
): Promise<Answered> {
  const { endpoint, authority } = identity.session;
  const { method, path, headers, json } = generated;
  const sent = json === undefined ? {} : { json };
  const asked = { ...where, endpoint, authority, method, path, headers: { ...headers, ...identity.headers }, ...sent };
  const answer = await request({ ...asked, bodyBytesMax: 4 * 1024 * 1024 });
  if (!answer.ok) return answer;
  const { value, source, at } = answer;
  if (value.kind !== "answered")
    return unread(`${method} ${source}: ${value.kind}: ${value.detail}`, source, new Date(at));
  const { status, body, bodyCut } = value;
  return read({ status, body, headers: value.headers, bodyCut }, source, new Date(at));
}

/**
 * The same, asked a second time where the first brought no answer at all: on a busy platform one late answer in hundreds is no news. What was
 * answered is never asked again. Not for what makes an object: the first may have made one.
 */
export async function askTwice(...asked: Parameters<typeof askAs>): Promise<Answered> {
  const first = await askAs(...asked);
  return first.ok || asked[0].signal.aborted ? first : askAs(...asked);
}

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}
