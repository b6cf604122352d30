/** Bad input gets one clear line and exit code 3, or unproven criteria and exit code 2; never a stack trace, never a hang, never a yes. */
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { projectRoot } from "../environments/settings.ts";
import { readLedger } from "../reporters/ledger.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Ended = {
  readonly exitCode: number | null;
  readonly output: string;
  readonly out: string;
  readonly seconds: number;
};

async function okeProof(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const out = join(mkdtempSync(join(tmpdir(), "oke-proof-input-")), "run");
  const started = performance.now();
  const judging = args[0] === "validate" || args[0] === "gate" ? ["--out", out] : [];
  const [command = "", ...rest] = args;
  const child = spawn(join(projectRoot, "bin", "oke-proof"), [command, ...judging, ...rest], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => void parts.push(part));
  }
  const exitCode = await new Promise<number | null>((done) => child.once("close", done));
  return { exitCode, output: parts.join(""), out, seconds: (performance.now() - started) / 1000 };
}

/** A kubeconfig for a server of our own on loopback. */
function kubeconfigFor(server: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "oke-proof-input-")), "kubeconfig");
  const cluster = { name: "c", cluster: { server, "insecure-skip-tls-verify": true } };
  const user = { name: "u", user: { token: "not-a-secret" } };
  const context = { name: "kind-kind", context: { cluster: "c", user: "u" } };
  writeFileSync(
    file,
    JSON.stringify({ clusters: [cluster], users: [user], contexts: [context], "current-context": "kind-kind" }),
  );
  return file;
}

async function apiServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return kubeconfigFor(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
}

const profileFile = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), "oke-proof-input-")), "profile.yaml");
  writeFileSync(file, text);
  return file;
};

test.each<[string, string[], Record<string, string>, RegExp]>([
  ["an unknown command", ["validat"], {}, /unknown command 'validat'/],
  ["an unknown flag", ["validate", "--critreion", "x"], {}, /unknown option '--critreion'/],
  ["a missing value", ["validate", "--env"], {}, /argument missing/],
  ["an unknown environment", ["validate", "--env", "prod"], {}, /unknown environment 'prod'/],
  ["an unknown suite", ["validate", "--env", "kind", "--suite", "infar"], {}, /unknown suite 'infar'/],
  ["an unknown criterion", ["validate", "--env", "kind", "--criterion", "nodes-helthy"], {}, /near: .*nodes-healthy/],
  [
    "a soak of no length",
    ["validate", "--suite", "performance", "--soak", "2 days"],
    {},
    /--soak "2 days" is no length/,
  ],
  ["a soak of three weeks", ["validate", "--suite", "performance", "--soak", "504h"], {}, /too long: at most 336h/],
  ["a soak without its suite", ["validate", "--env", "kind", "--soak", "5m"], {}, /add '--suite performance'/],
  ["a soak of a gate", ["gate", "--env", "kind", "--soak", "5m"], {}, /unknown option '--soak'/],
  ["a gate without an environment", ["gate"], {}, /required option '--env/],
  ["a mistyped variable", ["validate", "--env", "kind"], { OKE_PROOF_KUBECONFG: "x" }, /OKE_PROOF_KUBECONFG/],
  [
    "a malformed profile",
    ["validate", "--env", "kind"],
    { OKE_PROOF_PROFILE: profileFile("nodes: {") },
    /profile\.yaml/,
  ],
  ["an unknown key", ["validate", "--env", "kind"], { OKE_PROOF_PROFILE: profileFile("nodse: { count: 1 }") }, /nodse/],
  ["up for a cluster that is not ours", ["up", "--env", "oke-staging"], {}, /local cluster only/],
  ["an unknown drill", ["drill", "pod-kil", "--env", "kind"], {}, /unknown drill 'pod-kil'/],
  [
    "a drill on a cluster of one's own",
    ["drill", "pod-kill-one", "--env", "kind"],
    {},
    /nothing was touched: .*permit/,
  ],
  ["a drill on production", ["drill", "node-stop", "--env", "oke-production"], {}, /nothing was touched: .*permit/],
  ["a report of nothing", ["report", "/no/such/folder"], {}, /no.such.folder/],
])("%s: one line, exit 3", async (_, args, environment, message) => {
  const ended = await okeProof(args, environment);
  expect(ended.output).toMatch(message);
  expect(ended.output).not.toMatch(/^\s+at /m);
  expect(ended.output.trim().split("\n").length, ended.output).toBe(1);
  expect(ended.exitCode).toBe(3);
});

test.each<[string, () => string]>([
  ["missing", () => join(tmpdir(), "no-such-kubeconfig")],
  ["empty", () => profileFile("")],
  ["not YAML", () => profileFile("clusters: [")],
])("a kubeconfig that is %s never becomes a yes", async (_, file) => {
  const ended = await okeProof(["validate", "--env", "kind"], { OKE_PROOF_KUBECONFIG: file() });
  expect(ended.output).not.toMatch(/^\s+at /m);
  expect([2, 3]).toContain(ended.exitCode);
  expect(ended.output).toMatch(/kubeconfig/i);
});

test.each<[string, RequestListener]>([
  ["answers 500", (_, response) => response.writeHead(500).end("boom")],
  ["answers 429", (_, response) => response.writeHead(429, { "retry-after": "1" }).end()],
  ["answers 401", (_, response) => response.writeHead(401).end('{"kind":"Status","code":401}')],
  ["answers 403", (_, response) => response.writeHead(403).end('{"kind":"Status","code":403}')],
  ["answers 404", (_, response) => response.writeHead(404).end('{"kind":"Status","code":404}')],
  [
    "answers a web page",
    (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>login</html>"),
  ],
  [
    "answers cut-off JSON",
    (_, response) => response.writeHead(200, { "content-type": "application/json" }).end('{"kind":"Names'),
  ],
  [
    "answers an empty object",
    (_, response) => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
  ],
  ["never answers", () => undefined],
  ["hangs up", (request) => void request.socket.destroy()],
])(
  "an API server that %s: everything unproven, exit 2, reports written",
  async (_, answer) => {
    const environment = { OKE_PROOF_KUBECONFIG: await apiServer(answer), OKE_PROOF_CONTEXT: "kind-kind" };
    const ended = await okeProof(["validate", "--env", "kind"], environment);
    expect(ended.output).not.toMatch(/^\s+at /m);
    expect(ended.exitCode, ended.output).toBe(2);
    const ledger = readLedger(join(ended.out, "ledger.json"));
    expect(ledger.verdict).toBe("not-proven");
    expect(ledger.criteria.filter(({ outcome }) => outcome !== "unproven")).toEqual([]);
    expect(ended.seconds).toBeLessThan(45);
  },
  60_000,
);

test("a dead address: everything unproven, exit 2", async () => {
  const environment = { OKE_PROOF_KUBECONFIG: kubeconfigFor("http://127.0.0.1:9"), OKE_PROOF_CONTEXT: "kind-kind" };
  const ended = await okeProof(["validate", "--env", "kind"], environment);
  expect(ended.exitCode, ended.output).toBe(2);
  expect(ended.output).toMatch(/127\.0\.0\.1:9|refused/);
}, 60_000);

test("the wrong cluster: one line, exit 3", async () => {
  const body = JSON.stringify({
    kind: "Namespace",
    apiVersion: "v1",
    metadata: { name: "kube-system", uid: "uid-of-another" },
  });
  const kubeconfig = await apiServer((request, response) => {
    const version = JSON.stringify({ major: "1", minor: "34", gitVersion: "v1.34.4" });
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(request.url?.startsWith("/version") === true ? version : body);
  });
  const environment = {
    OKE_PROOF_KUBECONFIG: kubeconfig,
    OKE_PROOF_CONTEXT: "kind-kind",
    OKE_PROOF_CLUSTER_UID: "uid-expected",
  };
  const ended = await okeProof(["validate", "--env", "kind"], environment);
  expect(ended.output).toMatch(/wrong cluster: .*uid-of-another.*uid-expected/);
  expect(ended.exitCode).toBe(3);
}, 60_000);

test("an undo record that there is none of: one line, exit 3, and nothing is asked to change", async () => {
  const asked: string[] = [];
  const kubeconfig = await apiServer(({ method = "", url = "" }, response) => {
    asked.push(method);
    const body = url.startsWith("/version")
      ? { major: "1", minor: "34", gitVersion: "v1.34.4" }
      : url.includes("/configmaps")
        ? { metadata: {}, items: [] }
        : { metadata: { name: "kube-system", uid: "uid-put-back" } };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const environment = { OKE_PROOF_KUBECONFIG: kubeconfig, OKE_PROOF_CONTEXT: "kind-kind" };
  const ended = await okeProof(["undo", "--env", "kind", "--put-back", "oke-proof-undo-0"], environment);
  expect(ended.output).toBe(
    "oke-proof: undo: nothing was closed: there is no undo record 'oke-proof-undo-0': no record is open\n",
  );
  expect(ended.exitCode).toBe(3);
  expect(asked.filter((method) => method !== "GET")).toEqual([]);
}, 60_000);

/** Three nodes, and a kube-system whose UID changes after it was read so many times. */
function swappedAfter(reads: number): RequestListener {
  let left = reads;
  const names = ["a", "b", "c"].map((name) => ({ name, uid: name, creationTimestamp: "2026-01-01T00:00:00Z" }));
  return ({ url = "" }, response) => {
    const uid = url.startsWith("/api/v1/namespaces/kube-system") && left-- <= 0 ? "uid-2" : "uid-1";
    const body = url.startsWith("/version")
      ? { gitVersion: "v1.34.4" }
      : url.startsWith("/api/v1/nodes")
        ? { metadata: {}, items: names.map((metadata) => ({ metadata, spec: {}, status: {} })) }
        : { metadata: { name: "kube-system", uid } };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

test.each([
  ["stays the same", 1000, 0, "pass", /3 nodes/],
  ["is another after it was named", 1, 2, "unproven", /about cluster uid-1, but uid-2 answered this check/],
] as const)(
  "a cluster that %s while the run goes on",
  async (_, reads, exitCode, outcome, because) => {
    const environment = { OKE_PROOF_KUBECONFIG: await apiServer(swappedAfter(reads)), OKE_PROOF_CONTEXT: "kind-kind" };
    const ended = await okeProof(["validate", "--env", "kind", "--criterion", "node-count"], environment);
    const line = readLedger(join(ended.out, "ledger.json")).criteria.find(({ id }) => id === "node-count");
    expect(line).toMatchObject({ outcome, because: expect.stringMatching(because) });
    expect(ended.exitCode, ended.output).toBe(exitCode);
  },
  60_000,
);

test("a gate says why it would refuse whatever its checks say", async () => {
  const environment = {
    OKE_PROOF_KUBECONFIG: await apiServer(swappedAfter(1000)),
    OKE_PROOF_CONTEXT: "kind-kind",
    OKE_PROOF_CLUSTER_UID: "uid-1",
    OKE_PROOF_PROFILE: profileFile("ingress: { daysLeftMin: 1 }\nnodes: { count: 2 }"),
  };
  const ended = await okeProof(["gate", "--env", "kind"], environment);
  const { verdict, run, exitCode } = readLedger(join(ended.out, "ledger.json"));
  expect(verdict).not.toBe("go");
  expect(ended.exitCode).toBe(exitCode);
  expect(exitCode).not.toBe(0);
  for (const why of [/to practise on/, /any server may pass/, /daysLeftMin is 1, not 21/, /asks for 2 nodes/]) {
    expect(run.notes).toContainEqual(expect.stringMatching(why));
  }
}, 180_000);
