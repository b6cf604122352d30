import { createServer } from "node:http";
import { once } from "node:events";
import { expect, test } from "vitest";
import { askAs, nobodies, type Identity } from "./people.ts";

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const endpoint = { ip: "127.0.0.1", port: 9, label: "127.0.0.1:9", lookupMs: 0 };

function person(user: string, tenant: string): Identity {
  const token = `${part({ alg: "ES256", kid: user })}.${part({ sub: user, tenant })}.${part({ signed: user })}`;
  const session = {
    user,
    tenant,
    role: "member",
    token,
    session: "s",
    endpoint,
    authority: { certificates: [] },
  } as const;
  return { name: user, tenant, role: "member", headers: { authorization: `Bearer ${token}` }, session };
}

const [owner, other] = [person("bob-a", "clinic-a"), person("bob-b", "clinic-b")];

test("those who are nobody claim to be the owner, and none of them has the owner's signature", () => {
  const [nobody, swapped, forger, ...more] = nobodies(owner, other);
  expect(more).toEqual([]);
  expect(nobody?.headers).toEqual({});
  const [ownHead, claims, signature] = owner.session.token.split(".");
  const [otherHead, , otherSignature] = other.session.token.split(".");
  expect(swapped?.headers["authorization"]).toBe(`Bearer ${otherHead}.${claims}.${otherSignature}`);
  expect(forger?.headers["authorization"]).toMatch(new RegExp(`^Bearer ${ownHead}\\.${claims}\\.[\\w-]{86}$`));
  expect(forger?.headers["authorization"]).not.toContain(signature);
  for (const one of [nobody, swapped, forger]) expect(one).toMatchObject({ role: "nobody", tenant: "" });
});

test("a refused connection and one that is closed in the middle are no answers", async () => {
  const signal = AbortSignal.timeout(5_000);
  const where = { host: "health.test", timeoutMs: 1_000, signal };
  const asked = { method: "GET", path: "/a", headers: { authorization: "Bearer x", "x-tenant": "clinic-b" } } as const;
  expect(await askAs(where, owner, asked)).toMatchObject({ ok: false, why: expect.stringContaining("refused") });
  const server = createServer((request) => void request.socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const there = { ...owner, session: { ...owner.session, endpoint: { ...endpoint, port } } };
  expect(await askAs(where, there, asked)).toMatchObject({ ok: false });
  server.close();
});
