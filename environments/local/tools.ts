/** The Go programs by name, layer and flags; the module of each is committed in toolchain/. */
import { versions } from "./versions.ts";
import type { LayerName } from "./versions.ts";

export type Tool = {
  readonly name: string;
  /** The first layer that runs it. */
  readonly layer: LayerName;
  readonly expectedSeconds: number;
  readonly tags?: string;
  /** Values that the linker writes into string variables, by their full names. */
  readonly variables?: Readonly<Record<string, string>>;
};

function kubernetesVariables(): Record<string, string> {
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  const [major = "", minor = ""] = versions.kubernetes.split(".");
  const values = {
    gitVersion: `v${versions.kubernetes}`,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: "clean",
    buildDate: "2026-02-10T12:53:36Z",
  };
  return Object.fromEntries(
    packages.flatMap((name) => Object.entries(values).map(([variable, value]) => [`${name}.${variable}`, value])),
  );
}

const daprVariables = {
  "github.com/dapr/dapr/pkg/buildinfo.version": versions.dapr,
  "github.com/dapr/kit/logger.DaprVersion": versions.dapr,
};
const veleroInfo = "github.com/vmware-tanzu/velero/pkg/buildinfo";

const coreTools: readonly Omit<Tool, "layer">[] = [
  { name: "kind", expectedSeconds: 50 },
  { name: "pause", expectedSeconds: 5 },
  { name: "network-prober", expectedSeconds: 15 },
  { name: "kubernetes", expectedSeconds: 440, variables: kubernetesVariables() },
  { name: "etcd", expectedSeconds: 30 },
  { name: "coredns", expectedSeconds: 130 },
  {
    name: "cilium",
    expectedSeconds: 280,
    tags: "osusergo,ipam_provider_operator",
    variables: { "github.com/cilium/cilium/pkg/version.ciliumVersion": versions.cilium },
  },
  { name: "helm", expectedSeconds: 100 },
  { name: "local-path-provisioner", expectedSeconds: 100 },
  { name: "metrics-server", expectedSeconds: 180 },
  { name: "envoy-gateway", expectedSeconds: 350 },
  { name: "minio", expectedSeconds: 185 },
];

const eventsTools: readonly Omit<Tool, "layer">[] = [{ name: "dapr", expectedSeconds: 150, variables: daprVariables }];

const prometheusVersion = "github.com/prometheus/common/version.Version";
const observabilityTools: readonly Omit<Tool, "layer">[] = [
  {
    name: "prometheus",
    expectedSeconds: 190,
    tags: "remove_all_sd,enable_kubernetes_sd",
    variables: { [prometheusVersion]: versions.prometheus },
  },
  { name: "alertmanager", expectedSeconds: 30, variables: { [prometheusVersion]: versions.alertmanager } },
  { name: "otel-collector", expectedSeconds: 75, variables: { "main.version": versions.otelCollector } },
  {
    name: "loki",
    expectedSeconds: 185,
    variables: { "github.com/grafana/loki/v3/pkg/util/build.Version": versions.loki },
  },
  {
    name: "jaeger",
    expectedSeconds: 130,
    variables: { "github.com/jaegertracing/jaeger/pkg/version.latestVersion": `v${versions.jaeger}` },
  },
  // Run on this machine: what they load and scan is complete with this layer. k6 runs in the cluster too, where a profile asks for several.
  { name: "k6", expectedSeconds: 95 },
  { name: "kube-score", expectedSeconds: 60, variables: { "main.version": versions.kubeScore } },
];

const operationsTools: readonly Omit<Tool, "layer">[] = [
  { name: "sealed-secrets", expectedSeconds: 75, variables: { "main.VERSION": versions.sealedSecrets } },
  {
    name: "velero",
    expectedSeconds: 230,
    variables: {
      [`${veleroInfo}.Version`]: `v${versions.velero}`,
      [`${veleroInfo}.GitTreeState`]: "clean",
      [`${veleroInfo}.ImageRegistry`]: "localhost/oke-proof",
    },
  },
  { name: "velero-plugin-for-aws", expectedSeconds: 65 },
  {
    name: "argocd",
    expectedSeconds: 270,
    variables: { "github.com/argoproj/argo-cd/v3/common.version": versions.argocd },
  },
];

function inLayer(layer: LayerName, of: readonly Omit<Tool, "layer">[]): Tool[] {
  return of.map((tool) => ({ ...tool, layer }));
}

/** In the order in which they are built: what an earlier layer needs comes first, and in the first what the node image needs. */
export const tools: readonly Tool[] = [
  ...inLayer("core", coreTools),
  ...inLayer("events", eventsTools),
  ...inLayer("observability", observabilityTools),
  ...inLayer("operations", operationsTools),
];
