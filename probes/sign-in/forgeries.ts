/** Logins that must be refused, each wrong in one way only, with a credential that the server knows. */
import { randomBytes } from "node:crypto";
import { unread } from "../../harness/verdict.ts";
import type { Asked } from "../http/outcome.ts";
import { answerChallenge, type Answering, type LoginResponse } from "./authenticator.ts";
import { afterwards, type Page } from "./login.ts";
import { makeCredential, type NewCredential } from "./new-credential.ts";
import type { Begun, Ended, Steps } from "./steps.ts";

/** Whose credential it is, where it is used, and how often it was: each use counts one more. */
export type Owner = {
  readonly steps: Steps;
  readonly credential: NewCredential;
  readonly page: Page;
  /** Name of somebody else. */
  readonly another: string;
  /** The next count of the authenticator. */
  readonly count: () => number;
};

/** A forgery: what it is, and its attempt. `ok: false` where it could not be attempted. */
export type Forgery = { readonly name: string; readonly attempt: (owner: Owner) => Promise<Asked<Ended>> };

/** An honest login of the owner, which counts. */
export async function honestLogin(owner: Owner): Promise<Asked<Ended>> {
  return attempt(owner, () => ({}));
}

/** All that are tried. */
export const forgeries: readonly Forgery[] = [
  {
    name: "a response sent twice",
    attempt: async (owner) =>
      twice(owner, (begun) => {
        const same = answer(owner, begun, {});
        return [same, same];
      }),
  },
  {
    name: "a challenge answered twice",
    attempt: async (owner) => twice(owner, (begun) => [answer(owner, begun, {}), answer(owner, begun, {})]),
  },
  {
    name: "a challenge of another ceremony",
    attempt: async (owner) =>
      afterwards(await owner.steps.beginLogin(), async (old) =>
        attempt(owner, () => ({ challenge: old.options.challenge })),
      ),
  },
  { name: "a challenge of our own", attempt: async (owner) => attempt(owner, () => ({ challenge: nobodys() })) },
  {
    name: "a ceremony that never began",
    attempt: async (owner) =>
      afterwards(await owner.steps.beginLogin(), async (begun) =>
        owner.steps.endLogin(randomBytes(24).toString("base64url"), answer(owner, begun, {})),
      ),
  },
  changed("another origin", () => ({ origin: "https://sign-in.example" })),
  changed("an origin below ours", ({ page }) => ({ origin: page.origin.replace("https://", "https://evil.") })),
  changed("our origin without TLS", ({ page }) => ({ origin: page.origin.replace("https:", "http:") })),
  changed("another relying party", () => ({ relyingParty: "sign-in.example" })),
  changed("a response to a registration", () => ({ type: "webauthn.create" })),
  changed("a user who was not verified", () => ({ flags: 0x01 })),
  changed("a user who was not present", () => ({ flags: 0x04 })),
  changed("the user handle of somebody else", ({ another }) => ({ user: another })),
  changed("a counter that stands still", ({ count }) => ({ counter: count() - 1 })),
  changed("a counter that goes back", ({ count }) => ({ counter: count() - 2 })),
  {
    name: "a foreign key",
    attempt: async (owner) => {
      const { privateKey } = makeCredential(owner.credential.name);
      return attempt({ ...owner, credential: { ...owner.credential, privateKey } }, () => ({}));
    },
  },
  {
    name: "a credential of nobody",
    attempt: async (owner) => attempt({ ...owner, credential: makeCredential(owner.credential.name) }, () => ({})),
  },
  altered("an altered signature", ({ signature }) => ({ signature: flipped(signature) })),
  altered("altered authenticator data", ({ authenticatorData }) => ({
    authenticatorData: flipped(authenticatorData, 2),
  })),
  altered("no signature", () => ({ signature: "" })),
];

type Change = (owner: Owner) => Partial<Answering>;

function changed(name: string, change: Change): Forgery {
  return { name, attempt: async (owner) => attempt(owner, change) };
}

function altered(
  name: string,
  change: (signed: LoginResponse["response"]) => Partial<LoginResponse["response"]>,
): Forgery {
  return {
    name,
    attempt: async (owner) =>
      afterwards(await owner.steps.beginLogin(), async (begun) => {
        const honest = answer(owner, begun, {});
        const response = { ...honest.response, ...change(honest.response) };
        return owner.steps.endLogin(begun.ceremony, { ...honest, response });
      }),
  };
}

async function attempt(owner: Owner, change: Change): Promise<Asked<Ended>> {
  return afterwards(await owner.steps.beginLogin(), async (begun) =>
    owner.steps.endLogin(begun.ceremony, answer(owner, begun, change(owner))),
  );
}

/** Ends the same ceremony two times. The first is honest: where it is refused, nothing was tried. */
async function twice(
  { steps }: Owner,
  responses: (begun: Begun) => readonly [LoginResponse, LoginResponse],
): Promise<Asked<Ended>> {
  return afterwards(await steps.beginLogin(), async (begun) => {
    const [honest, again] = responses(begun);
    const first = await steps.endLogin(begun.ceremony, honest);
    if (!first.ok) return first;
    if (first.value.kind !== "done")
      return unread(`the first of two was ${first.value.kind}`, first.source, new Date());
    await steps.logout(first.value.value.session);
    return steps.endLogin(begun.ceremony, again);
  });
}

function answer({ credential, page, count }: Owner, begun: Begun, change: Partial<Answering>): LoginResponse {
  return answerChallenge(credential, {
    ...page,
    challenge: begun.options.challenge,
    ...("counter" in change ? {} : { counter: count() }),
    ...change,
  });
}

function nobodys(): string {
  return randomBytes(32).toString("base64url");
}

/** Another bit in a byte near the end: the last of a signature; the last but one of authenticator data makes its count higher, not lower. */
function flipped(text: string, fromEnd = 1): string {
  const bytes = Buffer.from(text, "base64url");
  const at = bytes.length - fromEnd;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString("base64url");
}
