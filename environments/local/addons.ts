/** CoreDNS's configuration, metrics-server, and the controller of the gateway. */
import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { installRelease } from "./helm.ts";
import { withContext } from "./images.ts";
import { apply, kubectl, rolledOut } from "./kubectl.ts";
import { sourceDirectory } from "./paths.ts";
import { gatewaySources, sourcesFolder } from "./sources.ts";

const waitSeconds = 150;

async function manifest(name: string): Promise<string> {
  return readFile(join(sourceDirectory, "manifests", name), "utf8");
}

/** Before the pods of CoreDNS can start (they wait for a network): so that none of them has to be replaced. */
export async function configureDns(engine: Engine, signal: AbortSignal): Promise<void> {
  await apply(engine, await manifest("coredns.yaml"), { signal });
}

export async function dnsReady(engine: Engine, signal: AbortSignal): Promise<void> {
  await rolledOut(engine, "kube-system", "deployment/coredns", waitSeconds, signal);
}

/** Installs metrics-server, and its API only when it answers. */
export async function installMetricsServer(engine: Engine, image: string, signal: AbortSignal): Promise<void> {
  await apply(engine, (await manifest("metrics-server.yaml")).replaceAll("METRICS_SERVER_IMAGE", image), { signal });
  await rolledOut(engine, "kube-system", "deployment/metrics-server", waitSeconds, signal);
  await apply(engine, await manifest("metrics-api.yaml"), { signal });
  await kubectl(engine, ["wait", "--for=condition=Available", "apiservice/v1beta1.metrics.k8s.io", "--timeout=90s"], {
    signal,
    timeoutMs: 100_000,
  });
}

/** The namespace that Envoy Gateway and its proxies run in. */
export const gatewayNamespace = "platform-gateway";

/**
 * Installs the Gateway API's resources and Envoy Gateway's controller.
 * @param images absent: those that the chart names
 */
export async function installGateway(
  engine: Engine,
  images: { readonly controller: string; readonly proxy: string } | undefined,
  signal: AbortSignal,
): Promise<void> {
  const sources = join(await sourcesFolder(gatewaySources, signal), "charts/gateway-helm");
  const crds = join(sources, "charts/crds/crds");
  const files = [
    join(crds, "gatewayapi-crds.yaml"),
    ...(await readdir(join(crds, "generated"))).toSorted().map((name) => join(crds, "generated", name)),
  ];
  const documents = await Promise.all(files.map((file) => readFile(file, "utf8")));
  await apply(engine, documents.join("\n---\n"), { signal, timeoutMs: 120_000 });
  await withContext("gateway-chart", async (chart) => {
    await cp(sources, chart, { recursive: true });
    const template = await readFile(join(chart, "values.tmpl.yaml"), "utf8");
    const image = images?.controller ?? "docker.io/envoyproxy/gateway:v1.9.1";
    await writeFile(
      join(chart, "values.yaml"),
      template.replaceAll("${GatewayImage}", image).replaceAll("${GatewayImagePullPolicy}", "IfNotPresent"),
    );
    const own =
      images === undefined
        ? {}
        : {
            "global.images.envoyProxy.image": images.proxy,
            "config.envoyGateway.provider.kubernetes.shutdownManager.image": images.controller,
          };
    const set = { ...own, "topologyInjector.enabled": false, "crds.enabled": false };
    await installRelease({ name: "eg", namespace: gatewayNamespace, chart, set, waitSeconds, skipCrds: true }, signal);
  });
}
