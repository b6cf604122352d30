/** The nine pods of the truth table, and whom they try to reach besides each other: seen to be ready before anything is applied. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { condition } from "../kubernetes/shapes.ts";
import type { Source } from "./ask.ts";
import type { Ends } from "./cells.ts";
import type { End, PodEnd } from "./policy.ts";

const selector = "app.kubernetes.io/name=network-prober";
const aliases = ["x", "y", "z"] as const;
const podNames = ["a-0", "b-0", "c-0"] as const;
const outsideAnnotation = "oke-proof/outside";

const proberPod = z.object({
  metadata: z.object({
    name: z.string().min(1),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).optional(),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    containers: z.array(
      z.object({
        ports: z
          .array(
            z.object({
              name: z.string(),
              containerPort: z.int(),
              protocol: z.enum(["TCP", "UDP", "SCTP"]).optional(),
            }),
          )
          .optional(),
      }),
    ),
  }),
  status: z.object({
    phase: z.string(),
    podIP: z.string().optional(),
    hostIP: z.string().optional(),
    conditions: z.array(condition).optional(),
    containerStatuses: z
      .array(
        z.object({ state: z.object({ waiting: z.object({ reason: z.string().optional() }).optional() }).optional() }),
      )
      .optional(),
  }),
});
type ProberPod = z.output<typeof proberPod>;

const nodeShape = z.object({
  metadata: z.object({ name: z.string().min(1) }),
  status: z.object({ addresses: z.array(z.object({ type: z.string(), address: z.string() })).optional() }),
});

/** Who takes part, how each is asked, and on which node (by address) each runs. */
export type Identities = {
  readonly ends: Ends;
  readonly sources: readonly Source[];
  readonly nodeOf: ReadonlyMap<string, string>;
};

/** All of them, or why there are not: a pod that is missing, not pulled, not scheduled or not ready is named with its reason. */
export async function readIdentities(
  cluster: Cluster,
  { enforcement }: Pick<Profile, "enforcement">,
): Promise<Reading<Identities>> {
  const found: { readonly end: PodEnd; readonly source: Source; readonly node: string; readonly outside: string }[] =
    [];
  for (const alias of aliases) {
    const namespace = enforcement.namespaces[alias];
    const query = new URLSearchParams({ labelSelector: selector });
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
    const pods = await cluster.list(`${path}?${query.toString()}`, proberPod);
    if (!pods.ok) return pods;
    for (const name of podNames) {
      const pod = pods.value.find(({ metadata }) => metadata.name === name);
      const not = whyNotReady(pod);
      const { podIP, hostIP } = pod?.status ?? {};
      if (pod === undefined || not !== undefined || podIP === undefined || hostIP === undefined) {
        return unread(`network prober ${namespace}/${name} ${not ?? "has no address"}`, pods.source, new Date(pods.at));
      }
      const id = `${alias}/${name.slice(0, 1)}`;
      const proxy = `${path}/${name}:${enforcement.port}/proxy`;
      const outside = pod.metadata.annotations?.[outsideAnnotation] ?? "";
      found.push({ end: endOf(id, namespace, podIP, pod), source: { id, proxy }, node: hostIP, outside });
    }
  }
  const nodeOf = new Map(found.map(({ end, node }) => [end.id, node]));
  const node = await readOtherNode(cluster, [...nodeOf.values()]);
  if (!node.ok) return node;
  const outside = outsideOf(found[0]?.outside ?? "");
  const source = node.source;
  if (enforcement.outside && outside === undefined) {
    const why = "no address outside the cluster is known: networkProbers.outside of helm/harness-access names one";
    return unread(why, source, new Date());
  }
  const ends: Ends = {
    pods: found.map(({ end }) => end),
    dns: clusterDns,
    node: node.value,
    outside: enforcement.outside ? outside : undefined,
  };
  return read({ ends, sources: found.map((one) => one.source), nodeOf }, source, new Date());
}

/** As the API's documentation has the name servers' pods: their Service stands before them. */
export const clusterDns: PodEnd = {
  kind: "pod",
  id: "dns",
  namespace: "kube-system",
  namespaceLabels: { "kubernetes.io/metadata.name": "kube-system" },
  labels: { "k8s-app": "kube-dns" },
  ports: [],
};

function whyNotReady(pod: ProberPod | undefined): string | undefined {
  if (pod === undefined) return "is not there (helm/harness-access brings it: networkProbers.enabled)";
  if (pod.metadata.deletionTimestamp !== undefined) return "is about to go";
  const conditions = pod.status.conditions ?? [];
  const unscheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled !== undefined) return `is not scheduled: ${unscheduled.message ?? unscheduled.reason ?? "no reason"}`;
  const waiting = pod.status.containerStatuses?.flatMap(({ state }) => state?.waiting?.reason ?? [])[0];
  if (waiting !== undefined) return `waits: ${waiting}`;
  return conditions.some(({ type, status }) => type === "Ready" && status === "True") ? undefined : "is not ready";
}

function endOf(id: string, namespace: string, address: string, pod: ProberPod): PodEnd {
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  return {
    kind: "pod",
    id,
    namespace,
    namespaceLabels: { "kubernetes.io/metadata.name": namespace },
    labels: pod.metadata.labels,
    ports: ports.flatMap(({ name, containerPort, protocol = "TCP" }) =>
      protocol === "SCTP" ? [] : [{ name, protocol, port: containerPort }],
    ),
    address,
  };
}

/** A node that none of the pods runs on, or as few as can be: no policy keeps a pod from its own node. */
async function readOtherNode(cluster: Cluster, hosts: readonly string[]): Promise<Reading<End>> {
  const nodes = await cluster.list("/api/v1/nodes", nodeShape);
  if (!nodes.ok) return nodes;
  const carries = (address: string): number => hosts.filter((host) => host === address).length;
  const [other] = nodes.value
    .flatMap(({ status }) => (status.addresses ?? []).filter(({ type }) => type === "InternalIP").slice(0, 1))
    .toSorted((left, right) => carries(left.address) - carries(right.address));
  return other === undefined
    ? unread("no node has an address", nodes.source, new Date(nodes.at))
    : read<End>({ kind: "node", id: "node", address: other.address }, nodes.source, new Date(nodes.at));
}

function outsideOf(text: string): Ends["outside"] {
  const [address = "", port = ""] = text.split(":");
  if (address === "" || port === "") return undefined;
  return { end: { kind: "outside", id: "outside", address }, port: Number(port) };
}
