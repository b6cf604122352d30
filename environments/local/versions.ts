/** What the local cluster is made of. The Go modules of toolchain/ hold the same pins; a unit test compares them. */
import { UsageError } from "../settings.ts";
import { keyOf } from "./cache.ts";

export const versions = {
  kubernetes: "1.34.4",
  kind: "0.33.0",
  etcd: "3.6.16",
  coredns: "1.12.1",
  cilium: "1.15.19",
  helm: "3.22.0",
  localPathProvisioner: "0.0.30",
  metricsServer: "0.9.0",
  envoyGateway: "1.9.1",
  envoy: "1.40.0",
  node: "24.21.0",
  postgres: "15",
  debian: "bookworm",
  minio: "20260212",
  networkProber: "1",
  redis: "7.0",
  rabbitmq: "3.10",
  kafka: "3.9.1",
  dapr: "1.14.4",
  prometheus: "3.5.0",
  alertmanager: "0.28.1",
  nodeExporter: "1.5.0",
  otelCollector: "0.128.0",
  loki: "3.3.2",
  jaeger: "1.62.0",
  kubeScore: "1.20.0",
  k6: "1.8.1",
  sealedSecrets: "0.27.1",
  velero: "1.18.3",
  veleroPluginForAws: "1.14.3",
  argocd: "3.1.0",
} as const;

/** What `up` brings up one after the other; a later layer needs the earlier ones. */
export const layerNames = ["core", "events", "observability", "operations"] as const;
export type LayerName = (typeof layerNames)[number];

/**
 * The layers of a list by commas, with the earlier ones that they stand on.
 * @throws UsageError for a name that is no layer's
 */
export function layersOf(names: string): readonly LayerName[] {
  const places = names.split(",").map((name) => {
    const place = layerNames.findIndex((layer) => layer === name.trim());
    if (place === -1) throw new UsageError(`there is no layer '${name}': the layers are ${layerNames.join(", ")}`);
    return place;
  });
  return layerNames.slice(0, Math.max(...places) + 1);
}

/** Names and tags that kubeadm 1.34 asks for; the node image holds our builds under these names. */
export const kubeadmImages = {
  apiServer: `registry.k8s.io/kube-apiserver:v${versions.kubernetes}`,
  controllerManager: `registry.k8s.io/kube-controller-manager:v${versions.kubernetes}`,
  scheduler: `registry.k8s.io/kube-scheduler:v${versions.kubernetes}`,
  proxy: `registry.k8s.io/kube-proxy:v${versions.kubernetes}`,
  coredns: `registry.k8s.io/coredns/coredns:v${versions.coredns}`,
  etcd: "registry.k8s.io/etcd:3.6.5-0",
  pause: "registry.k8s.io/pause:3.10.1",
} as const;

/** The name of the kind cluster, its network and its containers' prefix. */
export const clusterName = "oke-proof";
export const nodeNames = [`${clusterName}-control-plane`, `${clusterName}-worker`, `${clusterName}-worker2`] as const;
export const registryName = `${clusterName}-registry`;
export const backupStoreName = `${clusterName}-backups`;
export const registryPort = 18500;

/** The gateway's NodePorts, and where each node's are found on this machine. */
export const gatewayPorts = {
  https: { nodePort: 30443, hostPorts: [18443, 18444, 18445] },
  http: { nodePort: 30080, hostPorts: [18080, 18081, 18082] },
} as const;

/** The repository of an image of ours. Nodes find it in the local registry, whatever its name says. */
export function imageRepository(name: string): string {
  return `localhost/oke-proof/${name}`;
}

/** A reference whose tag says what the image was made from. */
export function imageReference(name: string, version: string, parts: readonly string[]): string {
  return `${imageRepository(name)}:${version}-${keyOf(parts)}`;
}
