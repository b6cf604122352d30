import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { expect, test } from "vitest";
import { parseSeededUsers } from "../../fixtures/apps/webauthn-server/seeded-users.ts";
import { answerChallenge, readAuthenticator, type Answering } from "./authenticator.ts";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const user = {
  name: "bob-a",
  tenant: "clinic-a",
  role: "member",
  credentialId: Buffer.alloc(32, 7).toString("base64url"),
  publicKey: pair.publicKey.export({ type: "spki", format: "der" }).toString("base64"),
};
const privateKey = pair.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
const asked = { challenge: Buffer.alloc(32, 1).toString("base64url"), relyingParty: "test", origin: "https://a.test" };

async function verified(given: Partial<Answering>): Promise<boolean> {
  const [seeded] = parseSeededUsers(JSON.stringify([user]));
  const { verified: held } = await verifyAuthenticationResponse({
    response: answerChallenge({ ...user, privateKey }, { ...asked, ...given }),
    expectedChallenge: asked.challenge,
    expectedOrigin: asked.origin,
    expectedRPID: asked.relyingParty,
    credential: { id: user.credentialId, publicKey: new Uint8Array(seeded?.publicKey ?? []), counter: 0 },
  });
  return held;
}

test("a server verifies what it signs, and nothing else", async () => {
  expect(await verified({})).toBe(true);
  await expect(verified({ challenge: "AAAA" })).rejects.toThrow(/challenge/);
  await expect(verified({ origin: "https://b.test" })).rejects.toThrow(/origin/);
  await expect(verified({ relyingParty: "other" })).rejects.toThrow(/RP ID/i);
  await expect(verified({ type: "webauthn.create" })).rejects.toThrow(/type/);
  await expect(verified({ flags: 0x01 })).rejects.toThrow(/verif/);
  expect(answerChallenge({ ...user, privateKey }, asked).response.userHandle).toBe("Ym9iLWE");
});

const folder = mkdtempSync(join(tmpdir(), "oke-proof-authenticators-"));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const kept = { schemaVersion: 1, users: [{ ...user, privateKey }] };

test("a user's authenticator is read; without it there is a reason, without a key in it", async () => {
  const good = file("good", JSON.stringify(kept));
  expect(await readAuthenticator(good, "bob-a")).toMatchObject({ ok: true, value: { tenant: "clinic-a" } });
  expect(await readAuthenticator(good, "eve")).toMatchObject({ ok: false, why: expect.stringMatching(/of eve/) });
  expect(await readAuthenticator(join(folder, "none"), "bob-a")).toMatchObject({ ok: false });
  for (const text of ["", "{}", JSON.stringify({ ...kept, users: [{ ...user, privateKey: 1, secret: privateKey }] })]) {
    const found = await readAuthenticator(file("bent", text), "bob-a");
    expect(found.ok).toBe(false);
    expect(JSON.stringify(found)).not.toContain(privateKey);
  }
});
