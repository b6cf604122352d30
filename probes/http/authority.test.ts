import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { testAuthority } from "../../test/certificate-authority.ts";
import { readAuthority } from "./authority.ts";

const folder = mkdtempSync(join(tmpdir(), "oke-proof-authority-"));
afterAll(() => rmSync(folder, { recursive: true }));
const [first, second] = [await testAuthority("first"), await testAuthority("second")];

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("a file with one authority, or with several", async () => {
  expect(await readAuthority(file("one.crt", first.pem))).toMatchObject({
    ok: true,
    value: { certificates: [first.pem.trim()] },
  });
  const bundle = await readAuthority(file("two.crt", `${first.pem}\nwords between\n${second.pem}\n`));
  expect(bundle.ok && bundle.value.certificates.length).toBe(2);
});

test.each([
  ["an empty file", ""],
  ["a file of something else", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"],
  ["a certificate that does not parse", "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n"],
  ["a certificate that breaks off", first.pem.slice(0, 300)],
  ["a good one beside a broken one", `${first.pem}\n-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n`],
])("%s is no authority, and the file is named", async (name, text) => {
  const path = file(`${name.replaceAll(" ", "-")}.crt`, text);
  expect(await readAuthority(path)).toMatchObject({ ok: false, why: expect.stringContaining(path) });
});

test("a file that is missing, and a folder in its place", async () => {
  const missing = join(folder, "no-such-authority.crt");
  expect(await readAuthority(missing)).toMatchObject({
    ok: false,
    why: expect.stringMatching(/no-such-authority.*ENOENT/),
  });
  expect(await readAuthority(folder)).toMatchObject({ ok: false, why: expect.stringContaining("EISDIR") });
});

test("without a file the system's roots are the authority, or it says that there are none", async () => {
  const reading = await readAuthority(undefined);
  expect(reading.source).toBe("the system's roots");
  expect(reading.ok ? reading.value.certificates.length > 0 : reading.why.includes("ca-certificates")).toBe(true);
});
