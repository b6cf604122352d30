import { expect, test } from "vitest";
import { withProgram, withScanner } from "../../test/stand-in-scanner.ts";
import { postureObject, type PostureObject } from "./objects.ts";
import { scanPosture, type PostureScan } from "./scan.ts";
import { runScanner } from "./scanner.ts";
import { heldTests, testsLeftOut } from "./tests.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const signal = AbortSignal.timeout(60_000);

const sound = {
  name: "main",
  image: "registry.example/a:1",
  resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "1m", memory: "1Mi" } },
  securityContext: { readOnlyRootFilesystem: true, runAsUser: 65532, runAsGroup: 65532 },
};
const of = (kind: string, apiVersion: string, name: string, spec: unknown): PostureObject =>
  postureObject({ apiVersion, kind, namespace: "n", name, workload: "a", labels: { app: "a" }, spec });
const deployment = (container: object): PostureObject =>
  of("Deployment", "apps/v1", "a", {
    template: { metadata: { labels: { app: "a" } }, spec: { containers: [{ ...sound, ...container }] } },
  });
const policy = of("NetworkPolicy", "networking.k8s.io/v1", "default", { podSelector: {}, policyTypes: ["Ingress"] });
const objects = [deployment({}), policy];

async function scanned(given: readonly PostureObject[], bend = ""): Promise<Awaited<ReturnType<typeof scanPosture>>> {
  return withScanner(bend, async (scanner) =>
    scanPosture(scanner, { what: "a test", objects: given }, { signal, now }),
  );
}

async function scanOf(given: readonly PostureObject[], bend = ""): Promise<PostureScan> {
  const reading = await scanned(given, bend);
  if (!reading.ok) throw new Error(reading.why);
  return reading.value;
}

test("sound objects have no finding of a held test, and the controls were told apart", async () => {
  const scan = await scanOf(objects);
  expect(scan.wrong).toEqual([]);
  expect(scan.findings.filter((one) => heldTests.includes(one.test))).toEqual([]);
  expect(scan.objects.map(({ kind, pods }) => [kind, pods])).toEqual([
    ["Deployment", true],
    ["NetworkPolicy", false],
  ]);
  expect(scan.tests.find(({ id }) => id === "container-seccomp-profile")).toEqual({
    id: "container-seccomp-profile",
    optional: true,
    graded: 0,
    skipped: 1,
    warnings: 0,
  });
});

test("a finding names its object, its container and the scanner's words; the controls' own are not told", async () => {
  const { findings } = await scanOf([deployment({ securityContext: { privileged: true } }), policy]);
  const identity = { kind: "Deployment", namespace: "n", name: "a", workload: "a" };
  expect(findings).toContainEqual(
    expect.objectContaining({
      ...identity,
      test: "container-security-context-privileged",
      where: "main",
      what: "The container is privileged",
    }),
  );
  expect(findings.filter(({ namespace }) => namespace !== "n")).toEqual([]);
  const { findings: without } = await scanOf([deployment({})]);
  expect(without.filter(({ test: id }) => heldTests.includes(id))).toMatchObject([
    { test: "pod-networkpolicy", where: "" },
  ]);
});

test("what was given to nobody is an empty scan, not a finding and not a fault of the scanner", async () => {
  expect(await scanOf([])).toMatchObject({ objects: [], findings: [], wrong: [] });
});

test("every held test and no other is graded critical on the bad control: tests that are left out are of neither list", () => {
  expect(heldTests.filter((id) => testsLeftOut.has(id))).toEqual([]);
});

test.each<readonly [string, string, RegExp]>([
  [
    "grades nothing critical",
    "for (const one of reply) for (const test of one.checks) test.grade = 10; code = 0;",
    /ended as if nothing were critical.*the bad control pod was graded ok by container-security-context-privileged, not critical/,
  ],
  [
    "says 0 in spite of what it found",
    "code = 0;",
    /^kube-score ended as if nothing were critical, though the bad control is$/,
  ],
  [
    "grades everything critical",
    "for (const one of reply) for (const test of one.checks) test.grade = 1;",
    /^the sound control pod was graded critical by container-security-context-privileged, not ok/,
  ],
  [
    "heeds annotations",
    'for (const one of reply) if (one.object_meta.name === "bad") for (const test of one.checks) test.skipped = true;',
    /the bad control pod was graded skipped by container-resources, not critical/,
  ],
  [
    "has lost a test",
    'for (const one of reply) one.checks = one.checks.filter(({ check }) => check.id !== "container-image-tag");',
    /^the bad control pod was graded not at all by container-image-tag.*container-image-tag was not made of Deployment \(apps\/v1\) n\/a$/,
  ],
  [
    "passes over one object",
    'for (const one of reply) if (one.object_meta.name === "a") one.checks.find(({ check }) => check.id === "pod-networkpolicy").skipped = true;',
    /^pod-networkpolicy was not made of Deployment \(apps\/v1\) n\/a$/,
  ],
])("a scanner that %s proves nothing", async (_, bend, wrong) => {
  expect((await scanOf(objects, bend)).wrong.join("; ")).toMatch(wrong);
});

test.each<readonly [string, string, RegExp]>([
  [
    "leaves an object out",
    "reply = reply.slice(1);",
    /^kube-score did not grade 1 of 5 objects: Deployment \(apps\/v1\) n\/a$/,
  ],
  ["sees nothing", "reply = null; code = 1;", /^kube-score did not grade 5 of 5 objects: .* and 2 more$/],
  [
    "leaves the bad control out",
    'reply = reply.filter(({ object_meta }) => object_meta.name !== "bad");',
    /^kube-score did not grade 1 of 5 objects: Pod \(v1\) oke-proof-control-[0-9a-f]{12}\/bad$/,
  ],
  [
    "invents one",
    'reply.push({ ...reply[0], object_meta: { name: "ghost", namespace: "n" } });',
    /^kube-score graded what it was not given: Deployment \(apps\/v1\) n\/ghost$/,
  ],
  ["says one twice", "reply.push(reply[0]);", /^kube-score: it graded Deployment \(apps\/v1\) n\/a twice$/],
  ["stops in the middle", "process.stdout.write('[{'); process.exit(1);", /^kube-score: its answer is not JSON/],
])("a scanner that %s is no reading", async (_, bend, why) => {
  expect(await scanned(objects, bend)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("two objects of one name are not given to it: it would take them for one", async () => {
  expect(await scanned([...objects, policy])).toMatchObject({
    ok: false,
    why: "a test: 1 objects have the name of another",
  });
});

test.each<readonly [string, string, RegExp]>([
  [
    "1 and no output",
    "process.stderr.write('Failed to score files: yaml: line 3'); process.exit(1);",
    /^kube-score ended with exit code 1: Failed to score files: yaml: line 3$/,
  ],
  [
    "another exit code",
    "process.stdout.write('[]'); process.exit(2);",
    /^kube-score ended with exit code 2 and no word$/,
  ],
  ["no end", "setInterval(() => undefined, 1000);", /^kube-score did not end within 0\.5 s$/],
  [
    "no end, deaf to SIGTERM",
    "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000);",
    /^kube-score did not end within 0\.5 s$/,
  ],
])("a child with %s says why", async (what, script, why) => {
  // On a busy machine a program takes longer than half a second to begin: only those that never end are timed so.
  const timeoutMs = what.startsWith("no end") ? 500 : 15_000;
  const ended = await withProgram(script, async (program) => runScanner(program, "{}", { signal, timeoutMs }));
  expect(ended).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test("too much output, a text that nobody reads, an abort and a program that is not there are each no reading", async () => {
  const flood = `const part = "x".repeat(1 << 20); for (let i = 0; i < 70; i += 1) process.stdout.write(part);`;
  expect(await withProgram(flood, async (one) => runScanner(one, "{}", { signal }))).toMatchObject({
    ok: false,
    why: expect.stringMatching(/^kube-score printed more than \d+ bytes$/),
  });
  const deaf = "process.exit(3);";
  expect(await withProgram(deaf, async (one) => runScanner(one, "x".repeat(5_000_000), { signal }))).toMatchObject({
    ok: false,
    why: "kube-score ended with exit code 3 and no word",
  });
  const slow = "setInterval(() => undefined, 1000);";
  expect(
    await withProgram(slow, async (one) => runScanner(one, "{}", { signal: AbortSignal.timeout(300) })),
  ).toMatchObject({ ok: false, why: "kube-score was stopped, since the check ran out of time" });
  expect(await runScanner({ path: "/nowhere/kube-score", env: {} }, "{}", { signal })).toMatchObject({
    ok: false,
    why: expect.stringMatching(
      /^kube-score could not be started \(\/nowhere\/kube-score: ENOENT\): 'oke-proof up' builds it/,
    ),
  });
});
