/** Authorizations that must be refused, each made of a token that is accepted: wrong in one way, and right in all others. */
import { createHmac, createPublicKey, generateKeyPairSync, sign, type JsonWebKey } from "node:crypto";

/** Whole headers by what is wrong with them; undefined: none is sent. */
export type Authorizations = Readonly<Record<string, string | undefined>>;

type Json = Readonly<Record<string, unknown>>;

/**
 * All that can be made without the platform's signing key.
 * @param token one that is accepted
 * @param publicKey of the platform, as it publishes it
 * @throws Error where the token is none
 */
export function forgedOf(token: string, publicKey: JsonWebKey): Authorizations {
  const [head = "", body = "", signature = ""] = token.split(".");
  const header = jsonOf(head);
  const claims = jsonOf(body);
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const secret = createPublicKey({ key: publicKey, format: "jwk" }).export({ type: "spki", format: "pem" });
  const changed = (change: Json): string => `${head}.${partOf({ ...claims, ...change })}.${signature}`;
  const byStranger = (more: Json): string => {
    const signed = `${partOf({ ...header, ...more })}.${body}`;
    const made = sign("sha256", Buffer.from(signed), { key: stranger.privateKey, dsaEncoding: "ieee-p1363" });
    return `${signed}.${made.toString("base64url")}`;
  };
  const withMac = (key: string | Buffer): string => {
    const signed = `${partOf({ ...header, alg: "HS256" })}.${body}`;
    return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
  };
  const tokens = {
    "without a signature (alg none)": `${partOf({ ...header, alg: "none" })}.${body}.`,
    "without a signature (alg NoNe)": `${partOf({ ...header, alg: "NoNe" })}.${body}.`,
    "of alg none with a signature left on it": `${partOf({ ...header, alg: "none" })}.${body}.${signature}`,
    "with its signature taken away": `${head}.${body}.`,
    "with a signature of zeros": `${head}.${body}.${Buffer.alloc(64).toString("base64url")}`,
    "signed with the public key as a secret (HS256, PEM)": withMac(secret),
    "signed with the public key as a secret (HS256, x)": withMac(Buffer.from(publicKey.x ?? "", "base64url")),
    "signed by a stranger": byStranger({}),
    "signed by a stranger whose key it brings along": byStranger({ jwk: stranger.publicKey.export({ format: "jwk" }) }),
    "of another tenant": changed({ tenant: "oke-proof-other" }),
    "of a higher role": changed({ role: claims["role"] === "admin" ? "superuser" : "admin" }),
    "of another user": changed({ sub: "oke-proof-other" }),
    "that lives longer": changed({ exp: Number(claims["exp"]) + 86_400 }),
    "cut in half": token.slice(0, Math.floor(token.length / 2)),
    "short of its last letters": token.slice(0, -4),
  };
  return {
    ...asBearer(tokens),
    "that is empty": "Bearer ",
    "that is no token": "Bearer oke-proof",
    "under another scheme": `Basic ${token}`,
    "that is not there": undefined,
  };
}

/** Tokens as headers. */
export function asBearer(tokens: Readonly<Record<string, string>>): Authorizations {
  return Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, `Bearer ${token}`]));
}

function jsonOf(part: string): Json {
  const json: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
  if (typeof json !== "object" || json === null) throw new Error("the token holds no claims");
  return { ...json };
}

function partOf(json: Json): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}
