/** An authenticator in software: what a security key does, with a key that stands in a file. */
import { createHash, createPrivateKey, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";

const keptSchema = z.strictObject({
  schemaVersion: z.literal(1),
  users: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        tenant: z.string().min(1),
        role: z.enum(["admin", "member"]),
        /** In base64url. */
        credentialId: z.string().min(1),
        /** P-256, SPKI in base64. */
        publicKey: z.string().min(1),
        /** P-256, PKCS 8 in base64. */
        privateKey: z.string().min(1),
      }),
    )
    .min(1),
});

/** A user's credential with its private key. */
export type Authenticator = z.output<typeof keptSchema>["users"][number];

/** The authenticator of a user from the profile's file; `ok: false` where there is none, in words that hold no key. */
export async function readAuthenticator(file: string, user: string): Promise<Reading<Authenticator>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return unread(`the authenticators cannot be read: ${whyOf(error)}`, file, new Date());
  }
  const kept = parsed(text);
  if (kept === undefined) return unread(`${file} does not hold authenticators`, file, new Date());
  const found = kept.users.find(({ name }) => name === user);
  return found === undefined
    ? unread(`${file} holds no authenticator of ${user}`, file, new Date())
    : read(found, file, new Date());
}

/** Not the parser's own words: they may quote the text. */
function parsed(text: string): z.output<typeof keptSchema> | undefined {
  try {
    return keptSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What a browser sends back at the end of a login (AuthenticationResponseJSON of WebAuthn level 3). */
export type LoginResponse = {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly clientExtensionResults: Record<string, never>;
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
  };
};

/** User present, and verified. */
const flags = 0x05;

/**
 * Answers a challenge. The counter stays 0, as with passkeys that live on several machines: several runs may sign in as one user at once.
 * @param asked.challenge in base64url, as the server gave it
 * @param asked.origin of the page that a browser would show
 * @throws Error where the private key is none
 */
export function answerChallenge(
  { credentialId, privateKey }: Pick<Authenticator, "credentialId" | "privateKey">,
  asked: { readonly challenge: string; readonly relyingParty: string; readonly origin: string },
): LoginResponse {
  const { challenge, relyingParty, origin } = asked;
  const clientData = Buffer.from(JSON.stringify({ type: "webauthn.get", challenge, origin, crossOrigin: false }));
  const authenticatorData = Buffer.concat([digest(Buffer.from(relyingParty)), Buffer.from([flags, 0, 0, 0, 0])]);
  const key = createPrivateKey({ key: Buffer.from(privateKey, "base64"), format: "der", type: "pkcs8" });
  const signature = sign("sha256", Buffer.concat([authenticatorData, digest(clientData)]), key);
  return {
    id: credentialId,
    rawId: credentialId,
    type: "public-key",
    clientExtensionResults: {},
    response: {
      clientDataJSON: clientData.toString("base64url"),
      authenticatorData: authenticatorData.toString("base64url"),
      signature: signature.toString("base64url"),
    },
  };
}

function digest(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
