import { generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testAuthority } from "../../test/certificate-authority.ts";
import { closedPort, listening } from "../../test/loopback.ts";
import { signIn } from "./session.ts";

const host = "health.oke-proof.test";
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const folder = mkdtempSync(join(tmpdir(), "oke-proof-sign-in-"));
const authenticatorsFile = join(folder, "authenticators.json");
const user = {
  name: "bob-a",
  tenant: "clinic-a",
  role: "member",
  credentialId: "credential",
  publicKey: pair.publicKey.export({ type: "spki", format: "der" }).toString("base64"),
  privateKey: pair.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
};
writeFileSync(authenticatorsFile, JSON.stringify({ schemaVersion: 1, users: [user] }));
const authority = await testAuthority("ingress");
const caFile = join(folder, "ca.crt");
writeFileSync(caFile, authority.pem);

const profileOf = (port: number) => ({
  signIn: { host, relyingParty: "oke-proof.test", authenticatorsFile, revokedWithinSeconds: 5 },
  ingress: { https: [{ host: "127.0.0.1", port }], http: [], caFile, daysLeftMin: 0, routes: [] },
  timeouts: { requestMs: 3_000, checkMs: 10_000 },
});
const begun = { ceremony: "c-1", options: { challenge: "AAAA" } };

type Said = { readonly status: number; readonly body: unknown };

/** Signs in at a server that says this, step by step. */
async function signedIn(options: Said, verified: Said, name = "bob-a") {
  const posted: { path: string; body: string }[] = [];
  const server = createServer(await authority.issue({ names: [host] }), (request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const path = request.url ?? "";
      posted.push({ path, body });
      const said = path === "/auth/login/options" ? options : verified;
      response.writeHead(said.status, { "content-type": "application/json" }).end(JSON.stringify(said.body));
    });
  });
  const reading = await listening(server, async (port) => signIn(profileOf(port), name, AbortSignal.timeout(10_000)));
  return { reading, posted };
}

const well = { status: 200, body: { token: "a.b.c", session: "s" } };

test("a user signs in by a signature over the server's challenge", async () => {
  const { reading, posted } = await signedIn({ status: 200, body: begun }, well);
  expect(reading).toMatchObject({
    ok: true,
    value: { user: "bob-a", tenant: "clinic-a", role: "member", token: "a.b.c" },
  });
  expect(posted.map(({ path }) => path)).toEqual(["/auth/login/options", "/auth/login/verify"]);
  const { ceremony, response } = JSON.parse(posted[1]?.body ?? "");
  expect(ceremony).toBe("c-1");
  const [data, client, signature] = ["authenticatorData", "clientDataJSON", "signature"].map((part) =>
    Buffer.from(String(response.response[part]), "base64url"),
  );
  const digest = Buffer.from(await crypto.subtle.digest("SHA-256", client ?? Buffer.alloc(0)));
  expect(JSON.parse(client?.toString() ?? "")).toMatchObject({ challenge: "AAAA", origin: `https://${host}` });
  expect(
    verify("sha256", Buffer.concat([data ?? Buffer.alloc(0), digest]), pair.publicKey, signature ?? Buffer.alloc(0)),
  ).toBe(true);
});

test.each<readonly [string, Said, Said, string, RegExp]>([
  ["no ceremony", { status: 503, body: {} }, well, "bob-a", /\/auth\/login\/options at \S+: refused with 503/],
  ["a ceremony of another shape", { status: 200, body: { ceremony: "c" } }, well, "bob-a", /something else: options/],
  ["no welcome", { status: 200, body: begun }, { status: 401, body: {} }, "bob-a", /verify at \S+: refused with 401/],
  ["no token", { status: 200, body: begun }, { status: 200, body: { token: "x" } }, "bob-a", /something else: token/],
  ["no such user", { status: 200, body: begun }, well, "eve", /no authenticator of eve/],
])("%s is a reason, and no session", async (_, options, verified, name, why) => {
  const { reading } = await signedIn(options, verified, name);
  expect(reading).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  expect(JSON.stringify(reading)).not.toContain(user.privateKey);
});

test("nobody there is a reason, too", async () => {
  const reading = await signIn(profileOf(await closedPort()), "bob-a", AbortSignal.timeout(10_000));
  expect(reading).toMatchObject({ ok: false, why: expect.stringMatching(/refused/) });
});
