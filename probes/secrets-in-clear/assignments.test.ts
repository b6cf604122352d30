import { expect, test } from "vitest";
import { assignmentsIn, isSecret } from "./assignments.ts";

// Put together here: a literal under such a name would be found in this very file.
const random = ["f3a91c", "07bd42", "e8"].join("");

test.each<readonly [string, string, "configuration" | "prose", boolean]>([
  ["DATABASE_PASSWORD", "swordfish", "configuration", true],
  ["DATABASE_PASSWORD", "five5", "configuration", false],
  ["DATABASE_PASSWORD", "swordfish", "prose", false],
  ["DATABASE_PASSWORD", random, "prose", true],
  ["DATABASE_PASSWORD_FILE", "/secrets/password", "configuration", false],
  ["DATABASE_PASSWORD", "/secrets/password", "configuration", false],
  ["password", "$(PASSWORD)", "configuration", false],
  ["password", "${PASSWORD}", "configuration", false],
  ["password", "{{ .Values.password }}", "configuration", false],
  ["password", "$__file{/x}", "configuration", false],
  ["allowEmptyPassword", "false", "configuration", false],
  ["token", "https://issuer.example/token", "configuration", false],
  ["token", "https://user:word@issuer.example", "configuration", true],
  ["secret", "postgres-todo", "configuration", false],
  ["sealed-secret", "oke-proof/oke-proof-sealed-sound", "configuration", false],
  ["sealed-secret", `oke-proof/${random}`, "configuration", true],
  ["secret", random, "configuration", true],
  ["clientSecret", "Postgres/Todo", "configuration", true],
  ["apiKey", "abcdefgh", "configuration", true],
  ["secretName", "postgres-todo", "configuration", false],
  ["keyboard", "abcdefgh", "configuration", false],
])("%s: %s in %s is a secret: %s", (name, value, how, secret) => {
  expect(isSecret(name, value, how)).toBe(secret);
});

test.each<readonly [string, string[]]>([
  [`password: ${random}`, ["password"]],
  [`"db_password": "${random}"`, ["db_password"]],
  [`run --token=${random} now`, ["--token"]],
  [`api-key = '${random}'`, ["api-key"]],
  [`https://a.example/?access_token=${random}&x=1`, ["access_token"]],
  [`CREATE ROLE x PASSWORD :'${random}'`, []],
  ["const token = readToken(file);", []],
  ["token: string;", []],
  ["the password is in a file", []],
  ["password:", []],
])("%s", (text, names) => {
  expect(assignmentsIn(text, "prose").map(({ name }) => name)).toEqual(names);
});
