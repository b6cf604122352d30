/** Nine network probers behind an API server of the test's own: they reach what the policies that stand let them, and can be broken. */
import { createServer } from "node:http";
import { z } from "zod";
import type { PolicyCase } from "../fixtures/network/truth-table.ts";
import { answeringPorts, truthTable } from "../fixtures/network/truth-table.ts";
import type { Source } from "../probes/network/ask.ts";
import { cellsOf, type Cell, type Ends } from "../probes/network/cells.ts";
import { clusterDns } from "../probes/network/identities.ts";
import type { PodEnd, Policy } from "../probes/network/policy.ts";
import { expectedOf } from "../probes/network/semantics.ts";
import type { Cluster } from "../probes/kubernetes/cluster.ts";
import { withCluster } from "./api-server.ts";
import { listening } from "./loopback.ts";

const namespaces = { x: "network-x", y: "network-y", z: "network-z" };
const controlPort = 9000;
const outsideAddress = "192.0.2.7";

export const cases: readonly PolicyCase[] = truthTable({ namespaces, controlPort, outside: outsideAddress });

function podEnd(alias: "x" | "y" | "z", name: string): PodEnd {
  const ports = (["tcp", "udp"] as const).flatMap((kind) =>
    answeringPorts.map((port, index) => ({
      name: `${index === 0 ? "first" : "second"}-${kind}`,
      protocol: kind === "tcp" ? ("TCP" as const) : ("UDP" as const),
      port,
    })),
  );
  const namespace = namespaces[alias];
  return {
    kind: "pod",
    id: `${alias}/${name}`,
    namespace,
    namespaceLabels: { "kubernetes.io/metadata.name": namespace },
    labels: { "oke-proof/identity": name },
    ports,
    address: `10.244.${"xyz".indexOf(alias)}.${"abc".indexOf(name) + 2}`,
  };
}

export const ends: Ends = {
  pods: (["x", "y", "z"] as const).flatMap((alias) => ["a", "b", "c"].map((name) => podEnd(alias, name))),
  dns: clusterDns,
  node: { kind: "node", id: "node", address: "192.0.2.2" },
  outside: { end: { kind: "outside", id: "outside", address: outsideAddress }, port: 5000 },
};
export const cells: readonly Cell[] = cellsOf(ends, answeringPorts, () => "192.0.2.3");
export const sources: readonly Source[] = ends.pods.map(({ id }) => ({ id, proxy: `/${id}` }));

/** How the world is, and may be changed in the middle. */
export type World = {
  standing: Policy[];
  /** What is said instead of the truth; undefined leaves the truth. */
  outcome: (cell: Cell, round: number) => string | undefined;
  /** Status of a prober's answer, where it is not 200. */
  status: (id: string, round: number) => number;
  instance: (id: string, round: number) => string;
  /** Whether a prober answers at its own door. */
  alive: (id: string, round: number) => boolean;
  rounds: Map<string, number>;
};

export function soundWorld(changes: Partial<World> = {}): World {
  return {
    standing: [],
    outcome: () => undefined,
    status: () => 200,
    instance: () => "first",
    alive: () => true,
    rounds: new Map(),
    ...changes,
  };
}

const question = z.object({ nonce: z.string(), targets: z.array(z.object({ id: z.int() })) });

/** Serves the world while `work` asks it. */
export async function inWorld<T>(world: World, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const id = (request.url ?? "").split("/").slice(1, 3).join("/");
      const round = (world.rounds.get(id) ?? 0) + 1;
      world.rounds.set(id, round);
      const { nonce, targets } = question.parse(JSON.parse(body));
      const answers = targets.map((target) => ({ id: target.id, ms: 1, ...tried(world, id, target.id, round) }));
      const told = { pod: id, nonce, instance: world.instance(id, round), answers };
      response.writeHead(world.status(id, round)).end(JSON.stringify(told));
    });
  });
  return listening(server, async (port) => withCluster(port, work));
}

function tried(world: World, id: string, target: number, round: number): { outcome: string; answeredBy?: string } {
  const cell = cells[target];
  if (cell === undefined) return world.alive(id, round) ? { outcome: "open", answeredBy: id } : { outcome: "refused" };
  const said = world.outcome(cell, round);
  const outcome = said ?? (expectedOf(world.standing, cell, "enforced") === "blocked" ? "timeout" : "open");
  return outcome === "open" && cell.kind !== "connect" ? { outcome, answeredBy: cell.to.id } : { outcome };
}
