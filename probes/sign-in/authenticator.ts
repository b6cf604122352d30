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
  const kept = await listAuthenticators(file);
  if (!kept.ok) return kept;
  const found = kept.value.find(({ name }) => name === user);
  return found === undefined
    ? unread(`${file} holds no authenticator of ${user}`, file, new Date())
    : read(found, file, new Date());
}

/** All authenticators of the file, one at least. */
export async function listAuthenticators(file: string): Promise<Reading<readonly Authenticator[]>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return unread(`the authenticators cannot be read: ${whyOf(error)}`, file, new Date());
  }
  const kept = parsed(text);
  return kept === undefined
    ? unread(`${file} does not hold authenticators`, file, new Date())
    : read(kept.users, file, new Date());
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
    readonly userHandle: string;
  };
};

/** A credential as its authenticator keeps it: whose it is, and the private key. */
export type Credential = Pick<Authenticator, "name" | "credentialId" | "privateKey">;

/** What an authenticator is asked, and how it answers: all that has a default is what an honest one does. */
export type Answering = {
  /** In base64url, as the server gave it. */
  readonly challenge: string;
  readonly relyingParty: string;
  /** Of the page that a browser would show. */
  readonly origin: string;
  /** 0 where it is not counted, as with passkeys that live on several machines: several runs may sign in as one user at once. */
  readonly counter?: number;
  readonly flags?: number;
  /** Of the client data. */
  readonly type?: string;
  /** Name of the user that the credential is said to be of. */
  readonly user?: string;
};

/** User present, and verified. */
export const presentAndVerified = 0x05;

/** Answers the challenge of a login. @throws Error where the private key is none */
export function answerChallenge({ name, credentialId, privateKey }: Credential, asked: Answering): LoginResponse {
  const { challenge, origin, type = "webauthn.get", user = name } = asked;
  const clientData = clientDataOf({ type, challenge, origin });
  const authenticatorData = authenticatorDataOf({ flags: presentAndVerified, counter: 0, ...asked });
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
      userHandle: Buffer.from(user).toString("base64url"),
    },
  };
}

/** The client data of a ceremony, as a browser makes it. */
export function clientDataOf(said: { type: string; challenge: string; origin: string }): Buffer {
  return Buffer.from(JSON.stringify({ ...said, crossOrigin: false }));
}

/** The beginning of an authenticator's data: whom for, what it saw of the user, and how often it was used. */
export function authenticatorDataOf(of: { relyingParty: string; flags: number; counter: number }): Buffer {
  const rest = Buffer.alloc(5);
  rest.writeUInt8(of.flags, 0);
  rest.writeUInt32BE(of.counter, 1);
  return Buffer.concat([digest(Buffer.from(of.relyingParty)), rest]);
}

function digest(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
