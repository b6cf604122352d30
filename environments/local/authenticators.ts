/** The users that the harness signs in as: `up` makes their keys once, keeps the private halves, and gives the platform the public ones. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { statePaths } from "./paths.ts";

const userSchema = z.strictObject({
  name: z.string().min(1),
  tenant: z.string().min(1),
  role: z.enum(["admin", "member"]),
  /** 32 bytes in base64url. */
  credentialId: z.string().min(1),
  /** P-256, SPKI in base64. */
  publicKey: z.string().min(1),
  /** P-256, PKCS 8 in base64. */
  privateKey: z.string().min(1),
});
const fileSchema = z.strictObject({ schemaVersion: z.literal(1), users: z.array(userSchema).min(1) });
type User = z.infer<typeof userSchema>;

/** Two tenants of two, so that each has somebody who may invite and somebody who may not. */
const people = [
  { name: "alice-a", tenant: "clinic-a", role: "admin" },
  { name: "bob-a", tenant: "clinic-a", role: "member" },
  { name: "alice-b", tenant: "clinic-b", role: "admin" },
  { name: "bob-b", tenant: "clinic-b", role: "member" },
] as const;

/** Whom a load is made as, beside them: all the visits of a few would queue at a few users' lists of tasks, which nobody's real users do. */
const visitors = Array.from({ length: 20 }, (_, index) => {
  const tenant = index % 2 === 0 ? "a" : "b";
  return { name: `visitor-${index + 1}-${tenant}`, tenant: `clinic-${tenant}`, role: "member" } as const;
});

/**
 * The users as the chart wants them: values `webauthn-stack.server.users`, without private keys.
 * @throws Error where the file of an earlier `up` cannot be understood; `down` removes it
 */
export async function signInUsers(): Promise<readonly Omit<User, "privateKey">[]> {
  const known = (await knownUsers()) ?? [];
  const missing = [...people, ...visitors].filter(({ name }) => !known.some((user) => user.name === name));
  const users = missing.length === 0 ? known : await keep([...known, ...missing.map(madeUser)]);
  return users.map(({ name, tenant, role, credentialId, publicKey }) => ({
    name,
    tenant,
    role,
    credentialId,
    publicKey,
  }));
}

async function knownUsers(): Promise<readonly User[] | undefined> {
  const text = await readFile(statePaths.authenticators, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return fileSchema.parse(JSON.parse(text)).users;
  } catch (cause) {
    throw new Error(`${statePaths.authenticators} is not what 'up' writes: run 'bin/oke-proof down'`, { cause });
  }
}

function madeUser(person: Pick<User, "name" | "tenant" | "role">): User {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    ...person,
    credentialId: randomBytes(32).toString("base64url"),
    publicKey: pair.publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    privateKey: pair.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
  };
}

async function keep(users: readonly User[]): Promise<readonly User[]> {
  const text = `${JSON.stringify({ schemaVersion: 1, users }, null, 2)}\n`;
  await writeFile(`${statePaths.authenticators}.new`, text, { mode: 0o600 });
  await rename(`${statePaths.authenticators}.new`, statePaths.authenticators);
  return users;
}
