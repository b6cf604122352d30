/** A new credential, as an authenticator makes it at a registration. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { encode } from "cborg";
import { authenticatorDataOf, clientDataOf, presentAndVerified, type Credential } from "./authenticator.ts";

/** The credential, and its public key as WebAuthn has it: COSE. */
export type NewCredential = Credential & { readonly publicKey: Uint8Array };

/** What a browser sends back at the end of a registration (RegistrationResponseJSON of WebAuthn level 3). */
export type RegistrationResponse = {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly clientExtensionResults: Record<string, never>;
  readonly response: {
    readonly clientDataJSON: string;
    readonly attestationObject: string;
  };
};

/** A key pair of P-256 for a user, under an id of its own. */
export function makeCredential(name: string): NewCredential {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  // kty EC2, alg ES256, crv P-256, and the point (RFC 9053).
  const cose = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytesOf(x)],
    [-3, bytesOf(y)],
  ]);
  return {
    name,
    credentialId: randomBytes(32).toString("base64url"),
    privateKey: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
    publicKey: encode(cose),
  };
}

/** Answers the challenge of a registration, without an attestation. @param asked.counter how often the authenticator was used */
export function answerRegistration(
  { credentialId, publicKey }: NewCredential,
  asked: {
    readonly challenge: string;
    readonly relyingParty: string;
    readonly origin: string;
    readonly counter?: number;
  },
): RegistrationResponse {
  const { challenge, relyingParty, origin, counter = 0 } = asked;
  const id = Buffer.from(credentialId, "base64url");
  const idLength = Buffer.alloc(2);
  idLength.writeUInt16BE(id.length);
  const head = authenticatorDataOf({ relyingParty, flags: presentAndVerified + attested, counter });
  // The model of the authenticator: sixteen zeros where it does not tell.
  const authData = new Uint8Array(Buffer.concat([head, Buffer.alloc(16), idLength, id, publicKey]));
  return {
    id: credentialId,
    rawId: credentialId,
    type: "public-key",
    clientExtensionResults: {},
    response: {
      clientDataJSON: clientDataOf({ type: "webauthn.create", challenge, origin }).toString("base64url"),
      attestationObject: Buffer.from(encode({ fmt: "none", attStmt: {}, authData })).toString("base64url"),
    },
  };
}

/** Flag of an authenticator's data: a new credential follows. */
const attested = 0x40;

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64url"));
}
