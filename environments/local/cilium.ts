/** Installs the network of the pods: Cilium, since it enforces NetworkPolicy. */
import { join } from "node:path";
import { ciliumImageReference } from "./cilium-image.ts";
import type { Engine } from "./engine.ts";
import { installRelease } from "./helm.ts";
import { rolledOut } from "./kubectl.ts";
import { ciliumSources, sourcesFolder } from "./sources.ts";

const waitSeconds = 240;

/** Everything is off that this cluster does not ask for; the agent is privileged because its node may lack single capabilities. */
function values(image: string | undefined): Record<string, unknown> {
  const own = image === undefined ? {} : { image: { override: image, pullPolicy: "IfNotPresent" } };
  return {
    ipam: { mode: "kubernetes" },
    routingMode: "tunnel",
    tunnelProtocol: "vxlan",
    kubeProxyReplacement: "false",
    hubble: { enabled: false },
    envoy: { enabled: false },
    l7Proxy: false,
    healthChecking: false,
    endpointHealthChecking: { enabled: false },
    sysctlfix: { enabled: false },
    // A NetworkPolicy may then name nodes by their addresses: what the API server asks of a pod comes from one.
    policyCIDRMatchMode: ["nodes"],
    securityContext: { privileged: true },
    operator: { replicas: 1, ...own, resources: { requests: { cpu: "10m", memory: "64Mi" } } },
    ...own,
    // The agent may find the API server busy while three nodes compile their BPF programs at once.
    startupProbe: { failureThreshold: 150 },
    livenessProbe: { failureThreshold: 20 },
    resources: { requests: { cpu: "50m", memory: "256Mi" } },
  };
}

/** @param mode "build": our image; "pull": the chart's own */
export async function installCilium(engine: Engine, mode: "build" | "pull", signal: AbortSignal): Promise<void> {
  const chart = join(await sourcesFolder(ciliumSources, signal), "install/kubernetes/cilium");
  const set = values(mode === "build" ? await ciliumImageReference() : undefined);
  await installRelease({ name: "cilium", namespace: "kube-system", chart, set, waitSeconds: 0 }, signal);
  await rolledOut(engine, "kube-system", "daemonset/cilium", waitSeconds, signal);
}
