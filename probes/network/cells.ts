/** The cells of the truth table: who tries to reach whom, how, and what must come of it. */
import type { Connection, End, PodEnd, Policy, Protocol } from "./policy.ts";
import { expectedOf, type Expected, type PortRanges } from "./semantics.ts";

/** How a connection is tried: "tcp" and "udp" must be answered by the other prober, by name; "connect" only opens TCP; "dns" asks the cluster's name servers. */
export type ProbeKind = "tcp" | "udp" | "connect" | "dns";

export type Cell = {
  /** Its place in the table. */
  readonly id: number;
  readonly from: PodEnd;
  readonly to: End;
  readonly kind: ProbeKind;
  readonly protocol: Protocol;
  readonly port: number;
};

/** Who is in the table. `pods` are sources and targets, the others are targets. */
export type Ends = {
  readonly pods: readonly PodEnd[];
  readonly dns: PodEnd;
  readonly node: End;
  readonly outside: { readonly end: End; readonly port: number } | undefined;
};

/** Where every kubelet listens. */
const kubeletPort = 10250;
const dnsPort = 53;

/**
 * All cells, those of a pod to its own address too, which no policy may block; but not those to its own node, which no policy is about.
 * @param ports that each pod answers on over TCP and UDP
 * @param nodeOf address of the node that a pod runs on
 */
export function cellsOf(ends: Ends, ports: readonly number[], nodeOf: (pod: PodEnd) => string): readonly Cell[] {
  const all = ends.pods.flatMap((from) => {
    const among = ends.pods.flatMap((to) =>
      ports.flatMap((port) => [
        { from, to, kind: "tcp" as const, protocol: "TCP" as const, port },
        { from, to, kind: "udp" as const, protocol: "UDP" as const, port },
      ]),
    );
    const { outside, node } = ends;
    const beyond: Omit<Cell, "id">[] = [
      { from, to: ends.dns, kind: "dns", protocol: "UDP", port: dnsPort },
      ...(node.address === nodeOf(from)
        ? []
        : [{ from, to: node, kind: "connect" as const, protocol: "TCP" as const, port: kubeletPort }]),
      ...(outside === undefined
        ? []
        : [{ from, to: outside.end, kind: "connect" as const, protocol: "TCP" as const, port: outside.port }]),
    ];
    return [...among, ...beyond];
  });
  return all.map((cell, id) => ({ ...cell, id }));
}

/** What must come of each cell while exactly these policies stand, in the order of the cells. */
export function expectedCells(
  cells: readonly Cell[],
  policies: readonly Policy[],
  portRanges: PortRanges,
): readonly Expected[] {
  return cells.map((cell) => {
    const connection: Connection = cell;
    return expectedOf(policies, connection, portRanges);
  });
}
