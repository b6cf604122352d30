import { expect, test } from "vitest";
import { secretsInFiles } from "./charts.ts";
import { fingerprintOf } from "../service-prober/fingerprints.ts";
import { canary, scan, type Known, type Place } from "./scanner.ts";

// Put together here: literals of these forms would be found in this very file.
const random = ["f3a91c", "07bd42", "e8"].join("");
const token = ["ghp", "A1b2C3d4E5".repeat(4).slice(0, 36)].join("_");
const pem = ["PRIVATE", "KEY"].join(" ");
const word = "ab".repeat(32);
const unseen = ["Zx81kQ", "p02mmV", "7"].join("");
const known: Known = {
  values: [{ what: "the token", value: "known-to-us" }],
  fingerprints: { word, of: new Map([[fingerprintOf(word, unseen), "password of redis"]]) },
};
const place = (text: string, changes: Partial<Place> = {}): Place => ({
  where: "here",
  text,
  how: "prose",
  ...changes,
});

test.each<readonly [string, Place, RegExp | undefined]>([
  ["nothing", place("a text about passwords"), undefined],
  [
    "a variable",
    place("swordfish", { name: "REDIS_PASSWORD", how: "configuration" }),
    /^a value under the name REDIS_PASSWORD$/,
  ],
  ["a variable of another name", place("swordfish", { name: "REDIS_HOST", how: "configuration" }), undefined],
  ["an assignment", place(`login with password=${random}`), /^a value under the name password$/],
  ["a token by its format", place(`x ${token} y`), /^what \S+ knows as a secret$/],
  ["a private key", place(`-----BEGIN ${pem}-----\n${random.repeat(20)}\n-----END ${pem}-----`), /^a private key$/],
  [
    "a signed token",
    place(["eyJ", ".eyJ", "."].map((part) => `${part}${random}${random}`).join("")),
    /^a signed token$/,
  ],
  ["a URL with a password", place(`postgres://user:${random}@db.example:5432/x`), /knows as a secret$/],
  ["a canary of a run", place(canary(), { name: "A_PASSWORD", how: "configuration" }), undefined],
  ["what is known", place("... known-to-us ..."), /^the token$/],
  ["a password that only its holder knows", place(`redis://cache/${unseen}?x`), /^the password of redis$/],
  ["the same in base64", place(`data: ${Buffer.from(unseen).toString("base64")}`), /^the password of redis$/],
  ["a part of it", place(unseen.slice(1)), undefined],
])("%s", async (_, given, what) => {
  const found = await scan([place("before"), given, place("after")], known);
  expect(found).toMatchObject({ places: 3, controlled: true });
  expect(found.findings.some((one) => one.where === "here" && what?.test(one.what) === true)).toBe(what !== undefined);
  expect(found.findings.filter(({ where }) => where !== "here")).toEqual([]);
  expect(what !== undefined || found.findings.length === 0).toBe(true);
  expect(JSON.stringify(found)).not.toContain(random);
});

test("a finding is traced to its own place among thousands", async () => {
  const many = Array.from({ length: 3000 }, (_, index) => place("x".repeat(300), { where: `file ${index}` }));
  const places = many.with(1234, place(`x ${token}`, { where: "file 1234" }));
  expect((await scan(places, known)).findings.map(({ where }) => where)).toEqual(["file 1234"]);
});

test("a value of a rendered Secret that stands in a file is a secret in clear", () => {
  const secrets = [
    { what: "Secret db of release x, key password", value: "swordfish" },
    { what: "Secret db of release x, key user", value: "administrator" },
    { what: "Secret db of release x, key short-password", value: "fish" },
  ];
  const files = [place("user: administrator, password: swordfish", { where: "values.yaml" }), place("other")];
  expect(secretsInFiles(secrets, files)).toEqual([
    { where: "values.yaml", what: "the value of Secret db of release x, key password" },
  ]);
});
