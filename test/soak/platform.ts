/** A platform to soak, on loopback: an API server with leases, a Prometheus behind it, and an ingress. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { local } from "../../environments/local.ts";
import type { Profile } from "../../environments/profile.ts";
import { testAuthority } from "../certificate-authority.ts";
import { plainServer, writeKubeconfig } from "../api-server.ts";
import { listening } from "../loopback.ts";

const host = "health.oke-proof.test";
const authority = await testAuthority("soak");
const certificate = await authority.issue({ names: [host] });
const began = Date.now();

/** An API server with leases, and a Prometheus behind it whose gateway has counted ten answers each millisecond. */
function apiServer(
  uid: string,
  leases: Map<string, object>,
): (request: IncomingMessage, response: ServerResponse) => void {
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

/** `leases` are those of the cluster, by name. */
export type SoakPlatform = { readonly profile: Profile; readonly leases: Map<string, object> };

/**
 * Serves the platform as long as `work` takes.
 * @param platform.uid the cluster's
 * @param platform.status what the route answers, asked each time
 */
export async function onPlatform<T>(
  { uid, status }: { readonly uid: string; readonly status: () => number },
  work: (platform: SoakPlatform) => Promise<T>,
): Promise<T> {
  const temporary = mkdtempSync(join(tmpdir(), "oke-proof-soaked-"));
  try {
    return await serving(temporary, { uid, status }, work);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

async function serving<T>(
  temporary: string,
  { uid, status }: { readonly uid: string; readonly status: () => number },
  work: (platform: SoakPlatform) => Promise<T>,
): Promise<T> {
  const leases = new Map<string, object>();
  const caFile = join(temporary, "ca.crt");
  writeFileSync(caFile, authority.pem);
  return listening(createHttps({ cert: certificate.cert, key: certificate.key }, ingress(status)), async (https) =>
    listening(createHttp(apiServer(uid, leases)), async (port) => {
      const kubeconfig = join(temporary, "kubeconfig");
      writeKubeconfig(kubeconfig, plainServer(port));
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
