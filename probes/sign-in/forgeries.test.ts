import { randomBytes } from "node:crypto";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { expect, test } from "vitest";
import { read } from "../../harness/verdict.ts";
import type { Outcome } from "../http/outcome.ts";
import { forgeries, honestLogin, type Owner } from "./forgeries.ts";
import { makeCredential } from "./new-credential.ts";
import { stepsAt, type Steps } from "./steps.ts";

const page = { relyingParty: "a.test", origin: "https://a.test" };
const at = new Date("2026-11-22T12:00:00.000Z");

/** What a server looks at, by name: a careless one leaves one of it out. */
type Careless = "the challenge's one use" | "the origin" | "the counter" | "the user handle" | undefined;

/** A server that verifies by the library that ours verifies by, and the owner of a credential that it knows. */
function meeting(careless?: Careless): Owner {
  const credential = makeCredential("eve");
  const ceremonies = new Map<string, string>();
  let counter = 0;
  let used = 0;
  const said = (outcome: Outcome<never>) => read(outcome, "server", at);
  const refused = said({ kind: "refused", status: 401, said: "no" });
  const unused = async () => Promise.reject(new Error("no forgery asks for this"));
  const steps: Steps = {
    ...stepsAt({
      endpoint: { ip: "", port: 1, label: "", lookupMs: 0 },
      host: "",
      authority: { certificates: [] },
      timeoutMs: 1,
      signal: AbortSignal.abort(),
    }),
    beginRegistration: unused,
    logout: async () => read({ kind: "done", value: { status: "signed out" } }, "server", at),
    beginLogin: async () => {
      const [ceremony, challenge] = [randomBytes(8).toString("hex"), randomBytes(32).toString("base64url")];
      ceremonies.set(ceremony, challenge);
      return read({ kind: "done", value: { ceremony, options: { challenge } } }, "server", at);
    },
    endLogin: async (ceremony, response) => {
      const expectedChallenge = ceremonies.get(ceremony);
      if (careless !== "the challenge's one use") ceremonies.delete(ceremony);
      if (expectedChallenge === undefined || response.id !== credential.credentialId) return refused;
      const { userHandle, clientDataJSON } = response.response;
      if (careless !== "the user handle" && Buffer.from(userHandle, "base64url").toString() !== "eve") return refused;
      const { origin } = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString());
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response,
        expectedChallenge,
        expectedOrigin: careless === "the origin" ? String(origin) : page.origin,
        expectedRPID: page.relyingParty,
        credential: {
          id: credential.credentialId,
          publicKey: new Uint8Array(credential.publicKey),
          counter: careless === "the counter" ? 0 : counter,
        },
      }).catch(() => ({ verified: false, authenticationInfo: { newCounter: counter } }));
      if (!verified) return refused;
      counter = authenticationInfo.newCounter;
      return read({ kind: "done", value: { token: "a.b.c", session: "s" } }, "server", at);
    },
  };
  return { steps, credential, page, another: "mallory", count: () => (used += 1) };
}

async function acceptedBy(owner: Owner): Promise<string[]> {
  const accepted: string[] = [];
  for (const { name, attempt } of forgeries) {
    expect(await honestLogin(owner), `before ${name}`).toMatchObject({ value: { kind: "done" } });
    const came = await attempt(owner);
    expect(came, name).toMatchObject({ ok: true });
    if (came.ok && came.value.kind === "done") accepted.push(name);
  }
  return accepted;
}

test("a server that looks at everything refuses all, and every honest login between them succeeds", async () => {
  expect(await acceptedBy(meeting())).toEqual([]);
});

test.each<readonly [Careless, readonly string[]]>([
  ["the challenge's one use", ["a challenge answered twice"]],
  ["the origin", ["another origin", "an origin below ours", "our origin without TLS"]],
  ["the user handle", ["the user handle of somebody else"]],
  ["the counter", ["a counter that stands still", "a counter that goes back"]],
])("a server that does not look at %s accepts what is wrong in that, and nothing else", async (careless, names) => {
  expect(await acceptedBy(meeting(careless))).toEqual(names);
});
