/** What stands of the local cluster, asked of the engine and of the API server; never waits longer than half a minute: a slow answer must not pass for none. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { parse } from "yaml";
import { z } from "zod";
import { findLocalCluster } from "./cluster-record.ts";
import type { LocalCluster } from "./cluster-record.ts";
import type { Engine, EngineName } from "./engine.ts";
import { findEngine } from "./engine.ts";
import { judgeState, parseContainers } from "./judge-state.ts";
import type { LocalState, NodeState, Seen } from "./judge-state.ts";
import { lockHolder } from "./lock.ts";
import { networkOwner } from "./network.ts";
import { statePaths } from "./paths.ts";
import { nodeNames } from "./versions.ts";

export type LocalStatus = {
  readonly state: LocalState;
  readonly because: string;
  readonly kubeconfig: string;
  readonly clusterUid: string | null;
  readonly nodes: Readonly<Record<string, NodeState>>;
  readonly gateway: { readonly httpsAddresses: readonly string[]; readonly httpAddresses: readonly string[] };
  readonly engine: string;
  readonly images: "build" | "pull" | "unknown";
};

const engineMsMax = 15_000;
const apiMsMax = 10_000;

/** @param engine the one that is known to answer; absent: looked for */
export async function status(engine?: Engine): Promise<LocalStatus> {
  const recorded = tolerantRecord();
  const used = engine ?? (await findEngine(recorded?.engine ?? "auto"));
  const [nodes, owner, uid] = await Promise.all([
    used === undefined ? missingNodes() : nodeStates(used),
    used === undefined ? undefined : networkOwner(used).catch(() => undefined),
    readIdentity(),
  ]);
  const seen = {
    nodes,
    networkIsOurs: owner === undefined ? undefined : owner !== "",
    recordedUid: recorded?.clusterUid,
    uid,
  };
  const judged = judgeState(seen);
  const builder = lockHolder();
  const building = builder !== undefined && builder !== process.pid && judged.state !== "healthy";
  return {
    ...(building ? { state: "building" as const, because: `process ${builder} is at it` } : judged),
    kubeconfig: statePaths.kubeconfig,
    clusterUid: recorded?.clusterUid ?? null,
    nodes,
    gateway: recorded?.gateway ?? { httpsAddresses: [], httpAddresses: [] },
    engine: used === undefined ? "none answers" : `${used.name} ${used.version}`,
    images: recorded?.images ?? "unknown",
  };
}

/** A record that cannot be read counts as none: `up` will write a new one. */
function tolerantRecord(): LocalCluster | undefined {
  try {
    return findLocalCluster();
  } catch {
    return undefined;
  }
}

function missingNodes(): Record<string, NodeState> {
  return Object.fromEntries(nodeNames.map((name) => [name, "missing" as const]));
}

async function nodeStates(engine: Engine): Promise<Record<string, NodeState>> {
  const template = "{{.Name}}\t{{.State.Status}}\t{{.State.Pid}}";
  const found = await engine.call(["inspect", "--type=container", "--format", template, ...nodeNames], {
    timeoutMs: engineMsMax,
    accept: [1, 125],
  });
  return parseContainers(found.stdout, nodeNames, (pid) => isNodeAlive(engine.name, pid));
}

/** Podman believes its files: a container whose process was killed with everything else still counts as running there. */
function isNodeAlive(engine: EngineName, pid: number): boolean {
  return engine === "docker" || (pid > 0 && existsSync(join("/proc", String(pid), "root", "kind", "version")));
}

const kubeconfigSchema = z.object({
  clusters: z
    .array(z.object({ cluster: z.object({ server: z.url(), "certificate-authority-data": z.string() }) }))
    .min(1),
  users: z
    .array(z.object({ user: z.object({ "client-certificate-data": z.string(), "client-key-data": z.string() }) }))
    .min(1),
});

const uidSchema = z.object({ metadata: z.object({ uid: z.string().min(1) }) });
const nodesSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

/** UID of kube-system and the names of the nodes, as the administrator of the kubeconfig. */
export async function readIdentity(): Promise<Seen["uid"]> {
  try {
    const config = kubeconfigSchema.parse(parse(await readFile(statePaths.kubeconfig, "utf8")));
    const [cluster] = config.clusters;
    const [user] = config.users;
    if (cluster === undefined || user === undefined) return { ok: false, why: "an empty kubeconfig" };
    const tls = {
      ca: Buffer.from(cluster.cluster["certificate-authority-data"], "base64"),
      cert: Buffer.from(user.user["client-certificate-data"], "base64"),
      key: Buffer.from(user.user["client-key-data"], "base64"),
    };
    const ask = async (path: string): Promise<unknown> =>
      JSON.parse(await get(new URL(path, cluster.cluster.server), tls));
    const [system, nodes] = await Promise.all([ask("/api/v1/namespaces/kube-system"), ask("/api/v1/nodes?limit=100")]);
    const registered = nodesSchema.parse(nodes).items.map((node) => node.metadata.name);
    return { ok: true, value: uidSchema.parse(system).metadata.uid, registered };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? (error.message.split("\n")[0] ?? "unknown") : String(error) };
  }
}

function get(url: URL, tls: { ca: Buffer; cert: Buffer; key: Buffer }): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...tls, agent: false, signal: AbortSignal.timeout(apiMsMax) }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (body += part));
      response.on("error", reject);
      response.on("end", () =>
        response.statusCode === 200 ? resolve(body) : reject(new Error(`${url.href} answered ${response.statusCode}`)),
      );
    });
    asked.on("error", (error) => reject(new Error(`${url.host}: ${error.message}`, { cause: error })));
    asked.end();
  });
}
