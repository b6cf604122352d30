/** kind's configuration of the local cluster, as text. Pure. */
import { clusterName, gatewayPorts, nodeNames } from "./versions.ts";

export type KindOptions = {
  readonly image: string;
  /** False where this machine may not raise resource limits (no CAP_SYS_RESOURCE): the kubelet must then not try. */
  readonly mayRaiseLimits: boolean;
};

/** Networks of pods and Services; nothing else of this machine may use them. */
export const podSubnet = "10.244.0.0/16";
export const serviceSubnet = "10.96.0.0/16";

/**
 * Why what is set: no CNI of kind's own (its one enforces no NetworkPolicy); no leader election, since with one replica it only
 * turns a busy laptop into restarts; etcd need not wait for the disk, since this cluster is rebuilt rather than repaired;
 * the gateway's NodePorts on every node, at a port each.
 */
export function kindConfig(options: KindOptions): string {
  const nodes = nodeNames.map((name, index) =>
    nodeEntry(name === nodeNames[0] ? "control-plane" : "worker", index, options.image),
  );
  return `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
name: ${clusterName}
networking:
  disableDefaultCNI: true
  apiServerAddress: 127.0.0.1
  podSubnet: ${podSubnet}
  serviceSubnet: ${serviceSubnet}
containerdConfigPatches:
  - |-
    [plugins."io.containerd.grpc.v1.cri".registry]
      config_path = "/etc/containerd/certs.d"
kubeadmConfigPatches:
  - |
    kind: ClusterConfiguration
    controllerManager:
      extraArgs: { leader-elect: "false" }
    scheduler:
      extraArgs: { leader-elect: "false" }
    etcd:
      local:
        extraArgs: { unsafe-no-fsync: "true" }
  - |
    kind: KubeletConfiguration
    serializeImagePulls: false
    volumeStatsAggPeriod: 10s
${options.mayRaiseLimits ? "" : "    featureGates:\n      KubeletInUserNamespace: true\n"}nodes:
${nodes.join("")}`;
}

function nodeEntry(role: "control-plane" | "worker", index: number, image: string): string {
  const mappings = Object.values(gatewayPorts).map(
    ({ nodePort, hostPorts }) =>
      `      - { containerPort: ${nodePort}, hostPort: ${hostPorts[index] ?? 0}, listenAddress: 127.0.0.1, protocol: TCP }\n`,
  );
  return `  - role: ${role}\n    image: ${image}\n    extraPortMappings:\n${mappings.join("")}`;
}
