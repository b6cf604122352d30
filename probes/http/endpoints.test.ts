import { expect, test } from "vitest";
import { resolveAll, resolveEndpoints } from "./endpoints.ts";

const options = { timeoutMs: 5_000, signal: new AbortController().signal };

test.each([
  ["127.0.0.1", "127.0.0.1:18443"],
  ["::1", "[::1]:18443"],
])("the address %s is itself, and nobody is asked", async (ip, label) => {
  expect(await resolveEndpoints({ host: ip, port: 18443 }, options)).toMatchObject({
    ok: true,
    value: [{ ip, port: 18443, label, lookupMs: 0 }],
  });
});

test("a name becomes every address behind it", async () => {
  const reading = await resolveEndpoints({ host: "localhost", port: 80 }, options);
  expect(reading.ok && reading.value.map(({ ip }) => ip).filter((ip) => !["127.0.0.1", "::1"].includes(ip))).toEqual(
    [],
  );
  expect(reading.ok && reading.value.length).toBeGreaterThan(0);
});

test("a name that does not resolve, and a resolver that is too slow, are no reading", async () => {
  const nowhere = await resolveEndpoints({ host: "nobody.invalid", port: 80 }, options);
  expect(nowhere).toMatchObject({ ok: false, why: expect.stringContaining("nobody.invalid could not be resolved") });
  const late = await resolveEndpoints({ host: "localhost", port: 80 }, { ...options, signal: AbortSignal.abort() });
  expect(late).toMatchObject({ ok: false, why: expect.stringContaining("no answer in time") });
});

test("of several addresses each endpoint comes once, and each address is accounted for", async () => {
  const profile = ["127.0.0.1", "nobody.invalid", "127.0.0.1", "::1"].map((host) => ({ host, port: 80 }));
  const { addresses, endpoints } = await resolveAll(profile, options);
  expect(endpoints.map(({ label }) => label)).toEqual(["127.0.0.1:80", "[::1]:80"]);
  expect(addresses.map(({ ok }) => ok)).toEqual([true, false, true, true]);
});
