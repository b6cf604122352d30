import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { environmentNames, loadProfile } from "./load.ts";
import { readSettings, UsageError } from "./settings.ts";

function profileFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "oke-proof-profile-")), "profile.yaml");
  writeFileSync(file, text);
  return file;
}

const withFile = (text: string): ReturnType<typeof readSettings> =>
  readSettings({ OKE_PROOF_PROFILE: profileFile(text) });

test.each(environmentNames)("the built-in profile '%s' is valid", (name) => {
  expect(loadProfile(name, readSettings({})).name).toBe(name);
});

test("an unknown environment is refused with the names there are", () => {
  expect(() => loadProfile("prod", readSettings({}))).toThrow(/unknown environment 'prod': choose one of local, kind/);
});

test("a file is laid over the profile key by key, a list replaces a list", () => {
  const settings = withFile("nodes: { count: 2 }\nworkloads: { namespaces: [health] }\n");
  const profile = loadProfile("oke-staging", settings);
  expect(profile.nodes.count).toBe(2);
  expect(profile.workloads.namespaces).toEqual(["health"]);
  expect(profile.storage.usedPercentMax).toBe(80);
});

test("a file takes away the reason why a generator may stand beside its subject, and can give none that is empty", () => {
  expect(loadProfile("local", withFile("nodes: { count: 3 }")).load.sharedMachine).toMatch(/containers/);
  expect(loadProfile("local", withFile("load: { sharedMachine: null }")).load.sharedMachine).toBeUndefined();
  expect(() => loadProfile("local", withFile('load: { sharedMachine: "" }'))).toThrow(/load\.sharedMachine/);
});

test.each([
  ["unknown key", "nodes: { cuont: 2 }", /cuont/],
  ["wrong type", "nodes: { count: three }", /nodes\.count/],
  ["beyond its limit", "nodes: { count: 0 }", /nodes\.count/],
  ["no mapping", "- a\n- b\n", /no mapping/],
  ["empty", "", /no mapping/],
  ["not YAML", "nodes: {", /profile .*profile\.yaml/],
  ["for another environment", "name: kind", /is for 'kind'/],
  ["laxer than the roadmap", "storage: { usedPercentMax: 80.1 }", /storage\.usedPercentMax/],
  [
    "content with anybody's answer",
    "ingress: { routes: [{ host: health.staging.example, path: /, status: 200 }] }",
    /anybody may answer/,
  ],
  [
    "content with no answer",
    "ingress: { routes: [{ host: health.staging.example, path: /, status: 404 }] }",
    /names no backend/,
  ],
  [
    "silent about a host's name",
    "ingress: { routes: [{ host: a.example, path: /, status: 200, backend: { header: x, value: y } }] }",
    /has no record of a\.example/,
  ],
])("a profile file that is %s is refused in one line", (_, text, message) => {
  const error = errorOf(() => loadProfile("oke-staging", withFile(text)));
  expect(error).toBeInstanceOf(UsageError);
  expect(String(error)).toMatch(message);
  expect(String(error)).not.toContain("\n");
});

test("a profile may be as strict as the roadmap, or stricter", () => {
  for (const percent of [79.9, 80]) {
    const { storage } = loadProfile("oke-staging", withFile(`storage: { usedPercentMax: ${percent} }`));
    expect(storage.usedPercentMax).toBe(percent);
  }
});

test("Node's switch that turns the verification of certificates off is refused", () => {
  expect(() => readSettings({ NODE_TLS_REJECT_UNAUTHORIZED: "0" })).toThrow(/NODE_TLS_REJECT_UNAUTHORIZED=0.*unset it/);
  expect(readSettings({ NODE_TLS_REJECT_UNAUTHORIZED: "1" }).engine).toBe("auto");
});

test.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
  ["nothing", {}, []],
  ["a proxy and more memory", { HTTPS_PROXY: "http://a:1", NODE_OPTIONS: "--max-old-space-size=4096" }, []],
  ["variables that are empty", { NODE_EXTRA_CA_CERTS: "", NODE_USE_SYSTEM_CA: "0", NODE_OPTIONS: "" }, []],
  ["one more authority", { NODE_EXTRA_CA_CERTS: "ca.pem" }, ["NODE_EXTRA_CA_CERTS"]],
  ["the machine's authorities", { NODE_USE_SYSTEM_CA: "1" }, ["NODE_USE_SYSTEM_CA"]],
  ["the same by an option", { NODE_OPTIONS: "--no-warnings --use-openssl-ca" }, ["NODE_OPTIONS"]],
  ["code before ours", { NODE_OPTIONS: "--import=./before.mjs" }, ["NODE_OPTIONS"]],
  ["the same in short", { NODE_OPTIONS: "-r ./before.cjs" }, ["NODE_OPTIONS"]],
])("what Node is told to believe: %s", (_, environment, expected) => {
  expect(readSettings(environment).trustsBeside).toEqual(expected);
});

test("a missing profile file is refused", () => {
  const settings = readSettings({ OKE_PROOF_PROFILE: join(tmpdir(), "no-such-profile.yaml") });
  expect(() => loadProfile("kind", settings)).toThrow(/no-such-profile\.yaml/);
});

test("variables go over the file", () => {
  const settings = readSettings({
    OKE_PROOF_PROFILE: profileFile("cluster: { expectedUid: from-file, kubeconfig: from-file }"),
    OKE_PROOF_CLUSTER_UID: "from-variable",
  });
  expect(loadProfile("kind", settings).cluster).toMatchObject({
    expectedUid: "from-variable",
    kubeconfig: "from-file",
  });
});

test("a mistyped variable is refused, never ignored", () => {
  expect(() => readSettings({ OKE_PROOF_KUBECONIFG: "x" })).toThrow(/OKE_PROOF_KUBECONIFG/);
});

test("no text of a profile file makes anything but a usage error", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const error = errorOf(() => loadProfile("kind", withFile(text)));
      expect(error === undefined || error instanceof UsageError).toBe(true);
    }),
    { numRuns: 60 },
  );
});

function errorOf(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}
