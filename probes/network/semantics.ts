/** What NetworkPolicies mean, by the API's own documentation: the expected cells of the truth table come from here, never from what was seen. */
import { BlockList } from "node:net";
import type { Connection, End, LabelSelector, PodEnd, Policy, PolicyPeer, PolicyPort } from "./policy.ts";

/** `either`: the API leaves it to the network plugin, so that no outcome is wrong. */
export type Expected = "open" | "blocked" | "either";

/** How a network plugin reads `endPort`: one that does not support it takes the first port alone, as the API's documentation says. */
export type PortRanges = "enforced" | "first port only";

/**
 * Whether a connection may be made while exactly these policies stand. Both ends must let it through. Who is selected by no policy of a
 * direction is not isolated in it; who is selected is let through by any rule of any policy.
 */
export function expectedOf(policies: readonly Policy[], connection: Connection, portRanges: PortRanges): Expected {
  const { from, to } = connection;
  if (from.id === to.id) return "open";
  const leaving = from.kind === "pod" ? sideOf(policies, "Egress", from, to, connection, portRanges) : "open";
  const entering = to.kind === "pod" ? sideOf(policies, "Ingress", to, from, connection, portRanges) : "open";
  return weakest([leaving, entering]);
}

/** @param own the pod that is isolated or not @param other whom it connects to, or who connects to it */
function sideOf(
  policies: readonly Policy[],
  direction: "Ingress" | "Egress",
  own: PodEnd,
  other: End,
  connection: Connection,
  portRanges: PortRanges,
): Expected {
  const isolating = policies.filter(
    ({ namespace, spec }) =>
      namespace === own.namespace && spec.policyTypes.includes(direction) && selects(spec.podSelector, own.labels),
  );
  if (isolating.length === 0) return "open";
  const rules = isolating.flatMap((policy) => rulesOf(policy, direction));
  return strongest(
    rules.map(({ namespace, peers, ports }) =>
      ports === undefined || ports.some((port) => isPort(port, connection, portRanges))
        ? peersMatch(peers, namespace, other)
        : "blocked",
    ),
  );
}

type Rule = {
  readonly namespace: string;
  readonly peers: readonly PolicyPeer[];
  readonly ports: readonly PolicyPort[] | undefined;
};

/** An empty list of peers or ports stands for all of them, as an absent one does. */
function rulesOf({ namespace, spec }: Policy, direction: "Ingress" | "Egress"): Rule[] {
  const rules =
    direction === "Ingress"
      ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from ?? [], ports }))
      : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to ?? [], ports }));
  return rules.map(({ peers, ports }) => ({ namespace, peers, ports: ports?.length === 0 ? undefined : ports }));
}

function peersMatch(peers: readonly PolicyPeer[], namespace: string, other: End): Expected {
  return peers.length === 0 ? "open" : strongest(peers.map((peer) => peerMatches(peer, namespace, other)));
}

function peerMatches(peer: PolicyPeer, namespace: string, other: End): Expected {
  if (peer.ipBlock !== undefined) {
    if (other.address === undefined || !isInBlock(peer.ipBlock, other.address)) return "blocked";
    // "These should be cluster-external IPs": plugins differ for pods and nodes whose address lies in the block.
    return other.kind === "outside" ? "open" : "either";
  }
  if (other.kind !== "pod") return "blocked";
  const inNamespace =
    peer.namespaceSelector === undefined
      ? other.namespace === namespace
      : selects(peer.namespaceSelector, other.namespaceLabels);
  return inNamespace && selects(peer.podSelector ?? {}, other.labels) ? "open" : "blocked";
}

function isInBlock({ cidr, except = [] }: NonNullable<PolicyPeer["ipBlock"]>, address: string): boolean {
  return isInSubnet(cidr, address) && !except.some((part) => isInSubnet(part, address));
}

function isInSubnet(cidr: string, address: string): boolean {
  const [network = "", prefix = ""] = cidr.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), network.includes(":") ? "ipv6" : "ipv4");
  return list.check(address, address.includes(":") ? "ipv6" : "ipv4");
}

function isPort(rule: PolicyPort, { to, protocol, port }: Connection, portRanges: PortRanges): boolean {
  if ((rule.protocol ?? "TCP") !== protocol) return false;
  if (rule.port === undefined) return true;
  if (typeof rule.port === "string") {
    const named = to.kind === "pod" ? to.ports : [];
    return named.some((one) => one.name === rule.port && one.protocol === protocol && one.port === port);
  }
  const last = portRanges === "enforced" ? (rule.endPort ?? rule.port) : rule.port;
  return port >= rule.port && port <= last;
}

/** An empty selector selects everything. */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      if (operator === "In") return value !== undefined && values.includes(value);
      // What lacks the label is not in the list, either.
      return value === undefined || !values.includes(value);
    })
  );
}

/** Any way is enough. */
function strongest(ways: readonly Expected[]): Expected {
  if (ways.includes("open")) return "open";
  return ways.includes("either") ? "either" : "blocked";
}

/** All must let it through. */
function weakest(sides: readonly Expected[]): Expected {
  if (sides.includes("blocked")) return "blocked";
  return sides.includes("either") ? "either" : "open";
}
