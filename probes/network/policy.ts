/** NetworkPolicies and what they are about, as plain data: only what the truth table uses of the API. */

export type Protocol = "TCP" | "UDP";

export type LabelSelector = {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
};

export type PolicyPort = {
  /** TCP where it is absent. */
  readonly protocol?: Protocol;
  /** A number, or the name of a container's port. */
  readonly port?: number | string;
  readonly endPort?: number;
};

export type PolicyPeer = {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
};

export type PolicySpec = {
  readonly podSelector: LabelSelector;
  readonly policyTypes: readonly ("Ingress" | "Egress")[];
  readonly ingress?: readonly { readonly from?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }[];
  readonly egress?: readonly { readonly to?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }[];
};

export type Policy = { readonly namespace: string; readonly name: string; readonly spec: PolicySpec };

/** A pod of the cluster, as selectors see it. */
export type PodEnd = {
  readonly kind: "pod";
  readonly id: string;
  readonly namespace: string;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name: string; readonly protocol: Protocol; readonly port: number }[];
  /** Absent where its address is not of interest (a Service stands before it). */
  readonly address?: string;
};

/** Who connects, or is connected to. A node is in the cluster and no pod; `outside` is neither. */
export type End = PodEnd | { readonly kind: "node" | "outside"; readonly id: string; readonly address: string };

export type Connection = {
  readonly from: End;
  readonly to: End;
  readonly protocol: Protocol;
  readonly port: number;
};
