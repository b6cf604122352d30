import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { local } from "../../environments/local.ts";
import type { Profile } from "../../environments/profile.ts";
import { UsageError } from "../../environments/settings.ts";
import { claimCluster } from "../../harness/soak/claim.ts";
import { findSoaks } from "../../harness/soak/find.ts";
import { hoursOf } from "../../harness/soak/hours.ts";
import type { SoakRecord } from "../../harness/soak/record.ts";
import { testAuthority } from "../../test/certificate-authority.ts";
import { listening } from "../../test/loopback.ts";
import { minutesOfSoak, runSoak } from "./soak.ts";

const uid = "0c0ffee0-1111-2222-3333-444455556666";
const host = "health.oke-proof.test";
const authority = await testAuthority("soak");
const certificate = await authority.issue({ names: [host] });
const began = Date.now();
let temporary = "";
let folder = "";

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "oke-proof-run-soak-"));
  folder = join(temporary, "soak");
});

/** An API server with leases, and a Prometheus behind it whose gateway has counted ten answers each millisecond. */
function apiServer(leases = new Map<string, object>()): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const answer = (body: object, status = 200): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const leasePath = /\/leases(?:\/(.+))?$/.exec(path);
      if (path === "/version") return answer({ gitVersion: "v1.34.4" });
      if (path.endsWith("/namespaces/kube-system")) return answer({ metadata: { name: "kube-system", uid } });
      if (path.endsWith("/api/v1/query")) return answer(counters());
      if (leasePath === null) return answer({ message: `no ${path}` }, 404);
      const [, name] = leasePath;
      if (request.method === "DELETE") return answer({ deleted: leases.delete(name ?? "") });
      if (request.method === "GET")
        return answer(name === undefined ? { metadata: {}, items: [...leases.values()] } : beating(leases, name));
      const sent: { metadata: { name: string } } = JSON.parse(Buffer.concat(chunks).toString());
      leases.set(sent.metadata.name, { ...sent, metadata: { ...sent.metadata, uid: "u", resourceVersion: "1" } });
      return answer({});
    });
  };
}

/** A lease as its holder renews it all the time. */
function beating(leases: ReadonlyMap<string, object>, name: string): object {
  const renewTime = `${new Date().toISOString().slice(0, -1)}000Z`;
  const found = leases.get(name) ?? {};
  return { ...found, spec: { holderIdentity: "elsewhere/boot 7", renewTime } };
}

function counters(): object {
  const atMs = Date.now() - 200;
  const answers = Math.floor((atMs - began) * 10) + 1_000_000;
  const series = (name: string, labels: object, value: number): object => ({
    metric: { __name__: name, job: "pods", pod: "envoy-1", ...labels },
    values: [[atMs / 1000, String(value)]],
  });
  const https = { envoy_http_conn_manager_prefix: "https-10443" };
  const bucket = (le: string): object => series("envoy_http_downstream_rq_time_bucket", { ...https, le }, answers);
  const result = [
    series("envoy_server_uptime", {}, Math.round((atMs - began) / 1000) + 1000),
    series("up", {}, 1),
    series("envoy_http_downstream_rq_xx", { ...https, envoy_response_code_class: "2" }, answers),
    ...["500", "1000", "+Inf"].map(bucket),
  ];
  return { status: "success", data: { resultType: "matrix", result } };
}

/** The platform's ingress: the right backend for its host, and nobody for another. */
function ingress(status: () => number): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const isOurs = request.headers.host === host;
    response.writeHead(isOurs ? status() : 404, isOurs ? { "x-oke-proof-backend": "health-api" } : {}).end();
  };
}

type Ran = { readonly profile: Profile; readonly leases: Map<string, object> };

async function onPlatform<T>(status: () => number, work: (ran: Ran) => Promise<T>): Promise<T> {
  const leases = new Map<string, object>();
  const caFile = join(temporary, "ca.crt");
  writeFileSync(caFile, authority.pem);
  return listening(createHttps({ cert: certificate.cert, key: certificate.key }, ingress(status)), async (https) =>
    listening(createHttp(apiServer(leases)), async (port) => {
      const kubeconfig = join(temporary, "kubeconfig");
      const config = {
        clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
        users: [{ name: "u", user: { token: "not-a-secret" } }],
        contexts: [{ name: "k", context: { cluster: "c", user: "u" } }],
        "current-context": "k",
      };
      writeFileSync(kubeconfig, JSON.stringify(config));
      const profile: Profile = {
        ...local,
        cluster: { kubeconfig },
        timeouts: { requestMs: 2_000, checkMs: 60_000 },
        ingress: {
          ...local.ingress,
          caFile,
          https: [{ host: "127.0.0.1", port: https }],
          routes: [
            { host, path: "/healthz", status: 200, backend: { header: "x-oke-proof-backend", value: "health-api" } },
          ],
        },
      };
      return work({ profile, leases });
    }),
  );
}

const everyMs = 400;
/** So slow that a busy machine has made each look by the next. */
const slowMs = 1_000;
const quiet = { say: () => undefined, signal: new AbortController().signal };

function recorded(): SoakRecord {
  const [only] = findSoaks(folder, new Date());
  if (only?.record.ok !== true) throw new Error("there is no sound record");
  return only.record.value;
}

test("a soak looks at the platform each minute, leaves its record, and neither a claim nor a lease", async () => {
  const said: string[] = [];
  const left = await onPlatform(
    () => 200,
    async ({ profile, leases }) => {
      const context = { ...quiet, say: (line: string) => said.push(line) };
      const ended = await runSoak(profile, { minutes: 3, folder, everyMs: slowMs }, context);
      expect(ended.how).toBe("complete");
      return leases.size;
    },
  );
  expect(left).toBe(0);
  expect(readdirSync(folder)).toHaveLength(1);
  const record = recorded();
  expect(record.plan).toMatchObject({ clusterUid: uid, environment: "local", everyMs: slowMs });
  expect(record.looks.map(({ ingress: { state } }) => state)).toContain("answered");
  expect(record.looks.every(({ traffic }) => traffic.ok)).toBe(true);
  const [hour] = hoursOf(record, { from: new Date(record.plan.from), minutes: 3 });
  // Each of its minutes has counted some thousand answers, none of them an error.
  expect(hour).toMatchObject({ unanswered: [], failed: 0 });
  expect(hour?.answers).toBeGreaterThan(1000);
  expect(said[0]).toMatch(/^soak-\S+: watching from \S+ to \S+$/);
});

test("the first minute without an answer burns the budget of a short soak, and ends it", async () => {
  const ended = await onPlatform(
    () => 503,
    async ({ profile }) => runSoak(profile, { minutes: 50, folder, everyMs }, quiet),
  );
  expect(ended).toMatchObject({
    how: "stopped",
    because: expect.stringMatching(/^1 of 50 minutes had no answer from outside, at most 0 .*status 503/),
  });
  expect(recorded().looks.at(-1)?.ingress.state).toBe("unanswered");
});

test("interrupted, the same command goes on in the same window, and another length is refused", async () => {
  await onPlatform(
    () => 200,
    async ({ profile }) => {
      const asked = { minutes: 8, folder, everyMs };
      const first = await runSoak(profile, asked, { ...quiet, signal: AbortSignal.timeout(1_000) });
      expect(first.how).toBe("interrupted");
      await expect(runSoak(profile, { ...asked, minutes: 9 }, quiet)).rejects.toThrow(/--soak 8m goes on with it/);
      expect((await runSoak(profile, asked, quiet)).how).toBe("complete");
    },
  );
  expect(recorded()).toMatchObject({ sessions: 2, ended: { how: "complete" } });
});

test("a second soak of the same cluster is refused, on this machine and on another", async () => {
  await onPlatform(
    () => 200,
    async ({ profile, leases }) => {
      const claim = claimCluster(folder, uid);
      await expect(runSoak(profile, { minutes: 4, folder, everyMs }, quiet)).rejects.toThrow(UsageError);
      if (claim.ok) claim.release();
      leases.set("oke-proof-run-other", {
        metadata: {
          name: "oke-proof-run-other",
          uid: "v",
          resourceVersion: "1",
          annotations: { "oke-proof/run": "soak-other" },
        },
        spec: { holderIdentity: "elsewhere/boot 7", renewTime: "2026-11-22T10:00:00.000000Z" },
      });
      await expect(runSoak(profile, { minutes: 4, folder, everyMs }, quiet)).rejects.toThrow(
        "--soak: soak-other watches this cluster from elsewhere/boot 7: wait for its end, or end it",
      );
      // Its own lease and claim are gone, and it has begun no record.
      expect([...leases.keys()]).toEqual(["oke-proof-run-other"]);
    },
  );
  expect(readdirSync(folder)).toEqual([]);
});

test("the wrong cluster, and one that does not say who it is, are not watched", async () => {
  await onPlatform(
    () => 200,
    async ({ profile }) => {
      const other = { ...profile, cluster: { ...profile.cluster, expectedUid: "another" } };
      await expect(runSoak(other, { minutes: 4, folder }, quiet)).rejects.toThrow(/wrong cluster: .* expects another/);
      const nowhere = { ...profile, cluster: { kubeconfig: join(temporary, "none") } };
      await expect(runSoak(nowhere, { minutes: 4, folder }, quiet)).rejects.toThrow(
        /which cluster this is could not be read/,
      );
    },
  );
});

test("a length is minutes, or one line", () => {
  expect(minutesOfSoak("48h")).toBe(2880);
  expect(() => minutesOfSoak("two days")).toThrow(UsageError);
});
