import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { expect, test } from "vitest";
import { answerChallenge } from "./authenticator.ts";
import { answerRegistration, makeCredential } from "./new-credential.ts";

const asked = { challenge: Buffer.alloc(32, 1).toString("base64url"), relyingParty: "test", origin: "https://a.test" };
const expected = { expectedChallenge: asked.challenge, expectedOrigin: asked.origin, expectedRPID: asked.relyingParty };

async function registered(counter: number) {
  const made = makeCredential("eve");
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: answerRegistration(made, { ...asked, counter }),
    ...expected,
    supportedAlgorithmIDs: [-7],
  });
  if (!verified) throw new Error("the registration does not verify");
  return { made, credential: registrationInfo.credential };
}

test("a server verifies a registration, and the logins that follow while they count forwards", async () => {
  const { made, credential } = await registered(1);
  expect(credential).toMatchObject({ id: made.credentialId, counter: 1 });
  const login = async (counter: number) =>
    verifyAuthenticationResponse({ response: answerChallenge(made, { ...asked, counter }), ...expected, credential });
  expect(await login(2)).toMatchObject({ verified: true, authenticationInfo: { newCounter: 2, userVerified: true } });
  await expect(login(1)).rejects.toThrow(/counter/);
});

test("no two credentials are the same", () => {
  const ids = Array.from({ length: 5 }, () => makeCredential("eve").credentialId);
  expect(new Set(ids).size).toBe(5);
});
