import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { calculateJwkThumbprint, createLocalJWKSet, decodeJwt, decodeProtectedHeader, exportJWK, SignJWT } from "jose";
import { expect, test } from "vitest";
import { identityBy } from "../../fixtures/apps/service/identity.ts";
import { asBearer, forgedOf } from "./forgeries.ts";

const rules = { issuer: "https://health.test/auth", audience: "platform" };
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = await exportJWK(createPublicKey(privateKey));
const kid = await calculateJwkThumbprint(jwk);
const keys = createLocalJWKSet({ keys: [{ ...jwk, kid, alg: "ES256", use: "sig" }] });
const token = await new SignJWT({ tenant: "clinic-a", role: "admin", sid: "s", iss: rules.issuer, aud: rules.audience })
  .setProtectedHeader({ alg: "ES256", typ: "JWT", kid })
  .setSubject("alice-a")
  .setIssuedAt()
  .setExpirationTime("15m")
  .sign(privateKey);
const identityOf = identityBy(keys, rules, async () => ({ sessions: new Set(), users: new Map() }), "test");
const forged = forgedOf(token, jwk);
const tokenOf = (name: string): string => forged[name]?.replace("Bearer ", "") ?? "";

test("the token that all are made of is accepted", async () => {
  expect(await identityOf({ headers: { authorization: `Bearer ${token}` } })).toMatchObject({ user: "alice-a" });
});

test.each(Object.keys(forged))("one %s is refused", async (name) => {
  const authorization = forged[name];
  const headers = authorization === undefined ? {} : { authorization };
  await expect(identityOf({ headers })).rejects.toMatchObject({ status: 401 });
});

test("no two are the same, and none is the right one", () => {
  const headers = Object.values(forged);
  expect(new Set([...headers, `Bearer ${token}`]).size).toBe(headers.length + 1);
});

test.each([
  ["without a signature (alg none)", "none"],
  ["signed with the public key as a secret (HS256, PEM)", "HS256"],
  ["signed by a stranger", "ES256"],
])("one %s has the claims of the right one: whoever skips the signature lets it in", (name, alg) => {
  expect(decodeProtectedHeader(tokenOf(name))).toMatchObject({ alg, kid });
  expect(decodeJwt(tokenOf(name))).toEqual(decodeJwt(token));
});

test("what is changed is changed alone", () => {
  expect(decodeJwt(tokenOf("of another tenant"))).toEqual({ ...decodeJwt(token), tenant: "oke-proof-other" });
  expect(asBearer({ a: "b" })).toEqual({ a: "Bearer b" });
});
