/** A cluster whose API server is a server of the test's own on loopback. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Cluster } from "../probes/kubernetes/cluster.ts";

/** A cluster entry for an API server without TLS on loopback. */
export function plainServer(port: number): Readonly<Record<string, unknown>> {
  return { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true };
}

/** Writes a kubeconfig of one user with a token that is no secret. */
export function writeKubeconfig(file: string, cluster: Readonly<Record<string, unknown>>): void {
  const config = {
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user: { token: "not-a-secret" } }],
    contexts: [{ name: "k", context: { cluster: "c", user: "u" } }],
    "current-context": "k",
  };
  writeFileSync(file, JSON.stringify(config));
}

/** Writes a kubeconfig for the address, connects, and removes the file again. A certificate authority makes it https. */
export async function withCluster<T>(
  port: number,
  work: (cluster: Cluster) => Promise<T>,
  options: { readonly requestMs?: number; readonly signal?: AbortSignal; readonly authority?: string } = {},
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-cluster-"));
  const { authority, requestMs = 5000, signal = AbortSignal.timeout(60_000) } = options;
  const cluster =
    authority === undefined
      ? plainServer(port)
      : {
          server: `https://localhost:${port}`,
          "certificate-authority-data": Buffer.from(authority).toString("base64"),
        };
  const kubeconfig = join(folder, "kubeconfig");
  writeKubeconfig(kubeconfig, cluster);
  try {
    return await work(connect({ cluster: { kubeconfig }, timeouts: { requestMs, checkMs: 60_000 } }, signal));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
