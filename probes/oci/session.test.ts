import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { SimpleAuthenticationDetailsProvider } from "oci-common";
import type { OciAccess } from "../../environments/oci.ts";
import { homeRegion, tenancy, throwAwayKey, withOracle, type Bent } from "../../test/oracle-api.ts";
import { openSession, sessionOf } from "./session.ts";
import { readTenancyKind } from "./tenancy-kind.ts";

let directory = "";

beforeEach(() => {
  const quiet = vi.spyOn(console, "warn").mockReturnValue(undefined);
  directory = mkdtempSync(join(tmpdir(), "oke-proof-oci-"));
  writeFileSync(join(directory, "key.pem"), throwAwayKey);
  return () => {
    quiet.mockRestore();
    rmSync(directory, { recursive: true });
  };
});

function access(lines: readonly string[], changes: Partial<OciAccess> = {}): OciAccess {
  const configFile = join(directory, "config");
  writeFileSync(configFile, ["[DEFAULT]", ...lines].join("\n"));
  return { configFile, configProfile: "DEFAULT", tenancy, homeRegion, ...changes };
}

const whole = (of: string = tenancy): string[] => [
  "user=ocid1.user.oc1..u",
  "fingerprint=aa:bb",
  `tenancy=${of}`,
  `region=${homeRegion}`,
  `key_file=${join(directory, "key.pem")}`,
];
const options = { requestMs: 1_000, signal: AbortSignal.timeout(60_000) };

test("a session of the tenancy that the profile names", () => {
  expect(openSession(access(whole()), options)).toMatchObject({ ok: true, value: { tenancy, homeRegion } });
});

test.each<readonly [string, () => OciAccess, RegExp]>([
  ["no file", () => access([], { configFile: join(directory, "none") }), /none/],
  ["no such section", () => access(whole(), { configProfile: "OTHER" }), /OTHER/],
  ["no key", () => access(whole().slice(0, 4)), /key/i],
  ["another tenancy", () => access(whole("ocid1.tenancy.oc1..zzzz")), /zzzz, and the profile expects .*aaaa/],
])("with %s there is none", (_, of, why) => {
  expect(openSession(of(), options)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("whoever is not Oracle is not asked, wherever variables lead the clients", async () => {
  const lead = (realm: string) => vi.stubEnv("OCI_DEFAULT_REALM", realm);
  const provider = new SimpleAuthenticationDetailsProvider(tenancy, "ocid1.user.oc1..u", "aa:bb", throwAwayKey, null);
  const asked = async (region: string) =>
    readTenancyKind(sessionOf(provider, { tenancy, homeRegion: region }, options));
  try {
    lead("elsewhere.example");
    const why =
      /https:\/\/osp-oci-integ\.osp\.xx-nowhere-1\.oci\.elsewhere\.example is no address below oraclecloud\.com/;
    expect(await asked("xx-nowhere-1")).toMatchObject({ ok: false, why: expect.stringMatching(why) });
    lead("oraclecloud.com@127.0.0.1:1");
    // Oracle's own SDK refuses a name in front of the host.
    expect(await asked("xx-nowhere-1")).toMatchObject({ ok: false, why: expect.stringMatching(/user info/) });
  } finally {
    vi.unstubAllEnvs();
  }
});

const subscribed =
  (items: unknown, status = 200): Bent =>
  () => ({ status, body: { items } });

test.each<readonly [string, Bent, object]>([
  ["a free one", subscribed([{ planType: "FREE_TIER" }]), { ok: true, value: "free" }],
  ["one that pays", subscribed([{ planType: "PAYG" }]), { ok: true, value: "paying" }],
  [
    "one with an old subscription",
    subscribed([{ planType: "FREE_TIER" }, { planType: "PAYG" }]),
    { ok: true, value: "paying" },
  ],
  ["none", subscribed([]), { ok: false, why: expect.stringMatching(/knows of none/) }],
  ["another plan", subscribed([{ planType: "GOLD" }]), { ok: false, why: expect.stringMatching(/planType/) }],
  ["no plan", subscribed([{}]), { ok: false, why: expect.stringMatching(/planType/) }],
  ["no list", subscribed(undefined), { ok: false, why: expect.stringMatching(/subscription/) }],
  [
    "no right",
    () => ({ status: 404, body: { code: "NotAuthorizedOrNotFound", message: "x" } }),
    { ok: false, why: expect.stringMatching(/no right/) },
  ],
])("the kind of a tenancy with %s", async (_, bent, expected) => {
  const { result, asked } = await withOracle({ lists: {}, answers: {} }, readTenancyKind, { bent });
  expect(result).toMatchObject(expected);
  expect(asked[0]).toMatch(/^\/eu-frankfurt-1\/20191001\/subscriptions\?/);
});

test("what does not answer is asked once", async () => {
  const silent: Bent = () => ({ status: 0, body: "" });
  const { result, asked } = await withOracle({ lists: {}, answers: {} }, readTenancyKind, {
    bent: silent,
    requestMs: 200,
  });
  expect(result).toMatchObject({ ok: false, why: expect.stringMatching(/no answer within 0.2 s/) });
  expect(asked.length).toBe(1);
});
