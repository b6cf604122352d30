/** Pods that break one rule of Pod Security each, and pods that break none. They are asked about and never made. */
import type { PodSecurityLevel } from "../../environments/posture.ts";

const soundContainer = {
  name: "main",
  // Asked about in dry runs only: nothing is ever pulled.
  image: "oke-proof.invalid/never-pulled:1",
  resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "1m", memory: "8Mi" } },
};
const soundContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const soundPodContext = { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } };

type Change = {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly podContext?: Readonly<Record<string, unknown>>;
  readonly container?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
};

function podWith({ spec, podContext, container, context }: Change): Readonly<Record<string, unknown>> {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "oke-proof-dry-run", labels: { "app.kubernetes.io/managed-by": "oke-proof" } },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { ...soundPodContext, ...podContext },
      containers: [{ ...soundContainer, securityContext: { ...soundContext, ...context }, ...container }],
      ...spec,
    },
  };
}

type Variant = {
  /** The end of "a pod with …". */
  readonly words: string;
  /** The strictest level that admits it. */
  readonly allowedBy: PodSecurityLevel;
  /** How Pod Security calls the rule that it breaks, in its own sentence. */
  readonly rule: string;
  readonly pod: Readonly<Record<string, unknown>>;
};

const breaks = (allowedBy: PodSecurityLevel, words: string, rule: string, change: Change): Variant => ({
  words,
  allowedBy,
  rule,
  pod: podWith(change),
});

const volume = (source: Readonly<Record<string, unknown>>): Change => ({
  spec: { volumes: [{ name: "data", ...source }] },
});

/** One a rule of the Pod Security Standards that the API server does not refuse as invalid by itself. */
export const podVariants = {
  sound: breaks("restricted", "nothing forbidden", "", {}),
  // An escalation that is not forbidden: with `privileged` the API takes no other.
  privileged: breaks("privileged", "a privileged container", "privileged", {
    context: { privileged: true, allowPrivilegeEscalation: true },
  }),
  hostNetwork: breaks("privileged", "the node's network", "host namespaces", { spec: { hostNetwork: true } }),
  hostPid: breaks("privileged", "the node's processes", "host namespaces", { spec: { hostPID: true } }),
  hostIpc: breaks("privileged", "the node's shared memory", "host namespaces", { spec: { hostIPC: true } }),
  hostPath: breaks("privileged", "a folder of the node", "hostPath", volume({ hostPath: { path: "/" } })),
  hostPort: breaks("privileged", "a port of the node", "hostPort", {
    container: { ports: [{ containerPort: 8080, hostPort: 18080 }] },
  }),
  capability: breaks("privileged", "the capability NET_ADMIN", "capabilities", {
    context: { capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } },
  }),
  unconfined: breaks("privileged", "unfiltered system calls", "seccompProfile", {
    podContext: { seccompProfile: { type: "Unconfined" } },
  }),
  sysctl: breaks("privileged", "a changed kernel parameter", "sysctls", {
    podContext: { sysctls: [{ name: "kernel.msgmax", value: "65536" }] },
  }),
  seLinux: breaks("privileged", "an SELinux type of its own", "seLinuxOptions", {
    podContext: { seLinuxOptions: { type: "spc_t" } },
  }),
  appArmor: breaks("privileged", "no AppArmor profile", "AppArmor", {
    podContext: { appArmorProfile: { type: "Unconfined" } },
  }),
  escalation: breaks("baseline", "escalation allowed", "allowPrivilegeEscalation != false", {
    context: { allowPrivilegeEscalation: true },
  }),
  capabilitiesKept: breaks("baseline", "the runtime's capabilities", "unrestricted capabilities", {
    context: { capabilities: {} },
  }),
  anyUser: breaks("baseline", "a user that may be root", "runAsNonRoot != true", {
    podContext: { runAsNonRoot: undefined },
  }),
  root: breaks("baseline", "the user root", "runAsUser=0", { podContext: { runAsUser: 0 } }),
  noSeccomp: breaks("baseline", "no filter of system calls named", "seccompProfile", {
    podContext: { seccompProfile: undefined },
  }),
  networkVolume: breaks(
    "baseline",
    "a volume of another kind",
    "restricted volume types",
    volume({ nfs: { server: "192.0.2.1", path: "/" } }),
  ),
} as const satisfies Readonly<Record<string, Variant>>;

export type PodVariant = keyof typeof podVariants;
/** All of them, the sound one first. */
export const podVariantNames: readonly PodVariant[] = [
  "sound",
  "privileged",
  "hostNetwork",
  "hostPid",
  "hostIpc",
  "hostPath",
  "hostPort",
  "capability",
  "unconfined",
  "sysctl",
  "seLinux",
  "appArmor",
  "escalation",
  "capabilitiesKept",
  "anyUser",
  "root",
  "noSeccomp",
  "networkVolume",
];
