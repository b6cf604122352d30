/** The small readers of what this machine and its programs say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hardLimits, storageConfiguration } from "./engine-configuration.ts";
import { deletionsOf, jumpsInto, outwardRules, replacement } from "./firewall.ts";
import { registryPathOf } from "./images.ts";
import { toolchainDirectory } from "./paths.ts";
import { layerNames, layersOf, versions } from "./versions.ts";

describe("hardLimits", () => {
  it.each([
    [
      "Max open files            1024                 20000                files\nMax processes 1 2 processes",
      20_000,
      2,
    ],
    [
      "Max open files            1024                 unlimited            files",
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ],
    ["", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])("%j", (text, openFiles, processes) => {
    expect(hardLimits(text)).toEqual({ openFiles, processes });
  });
});

describe("storageConfiguration", () => {
  it("keeps everything in the folders given", () => {
    expect(storageConfiguration("/cache", "/run/x")).toContain(
      'graphroot = "/cache/storage"\nrunroot = "/run/x/containers"',
    );
  });
});

describe("the rules that close the machine", () => {
  it("accept answers, then refuse all else that leaves the bridge", () => {
    const [answers, tcp, rest] = outwardRules("bridge9").map((rule) => rule.join(" "));
    expect(answers).toContain("-i bridge9 ! -o bridge9");
    expect(answers).toContain("ESTABLISHED -j ACCEPT");
    expect(tcp).toContain("-p tcp -j REJECT --reject-with tcp-reset");
    expect(rest).toMatch(/oke-proof -j REJECT$/);
  });

  it("replace earlier ones in one step", () => {
    const listing = "-P FORWARD ACCEPT\n-A FORWARD -i old ! -o old -m comment --comment oke-proof -j REJECT\n";
    const lines = replacement("FORWARD", "new", listing).split("\n");
    expect(lines[1]).toBe("-D FORWARD -i old ! -o old -m comment --comment oke-proof -j REJECT");
    expect(lines.slice(2, 5).map((line) => line.slice(0, 22))).toEqual(
      [1, 2, 3].map((n) => `-I FORWARD ${n} -i new ! `),
    );
    expect(lines.slice(-2)).toEqual(["COMMIT", ""]);
  });

  it("are found again by their mark, and only they", () => {
    const listing = `-P FORWARD ACCEPT
-A FORWARD -i podman1 ! -o podman1 -m comment --comment oke-proof -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -i podman1 ! -o podman1 -p tcp -m comment --comment "oke-proof" -j REJECT --reject-with tcp-reset
-A FORWARD -m comment --comment "netavark firewall plugin rules" -j NETAVARK_FORWARD
-A FORWARD -i a -m comment --comment oke-proof-other -j ACCEPT`;
    expect(deletionsOf(listing).map((words) => words.slice(0, 4))).toEqual([
      ["-D", "FORWARD", "-i", "podman1"],
      ["-D", "FORWARD", "-i", "podman1"],
    ]);
  });
});

describe("jumpsInto", () => {
  it("finds what leads into a chain and keeps a comment together", () => {
    const listing = `-N NETAVARK_FORWARD
-A FORWARD -m comment --comment "netavark firewall plugin rules" -j NETAVARK_FORWARD
-A FORWARD -j NETAVARK_FORWARD_OTHER
-A INPUT -j ACCEPT`;
    const comment = ["-m", "comment", "--comment", "netavark firewall plugin rules"];
    expect(jumpsInto(listing, ["NETAVARK_FORWARD"])).toEqual([["-D", "FORWARD", ...comment, "-j", "NETAVARK_FORWARD"]]);
  });
});

describe("registryPathOf", () => {
  it.each([
    ["localhost/oke-proof/apps:1", "oke-proof/apps:1"],
    ["registry.k8s.io/pause:3", "pause:3"],
    ["127.0.0.1:5000/a/b:1", "a/b:1"],
    ["library/node:24", "library/node:24"],
    ["node:24", "node:24"],
  ])("%s is %s", (reference, path) => {
    expect(registryPathOf(reference)).toBe(path);
  });
});

describe("layersOf", () => {
  it("has what a layer stands on", () => {
    expect(layersOf("core")).toEqual(["core"]);
    expect(layersOf("events")).toEqual(["core", "events"]);
    expect(layersOf("operations, core")).toEqual([...layerNames]);
  });

  it("knows its layers", () => {
    expect(() => layersOf("core,event")).toThrow("there is no layer 'event'");
  });
});

describe("the toolchain's modules", () => {
  it.each([
    ["kubernetes", `k8s.io/kubernetes v${versions.kubernetes}`],
    ["kind", `sigs.k8s.io/kind v${versions.kind}`],
    ["etcd", `go.etcd.io/etcd/server/v3 v${versions.etcd}`],
    ["coredns", `github.com/coredns/coredns v${versions.coredns}`],
    ["cilium", `github.com/cilium/cilium v${versions.cilium}`],
    ["helm", `helm.sh/helm/v3 v${versions.helm}`],
    ["local-path-provisioner", `github.com/rancher/local-path-provisioner v${versions.localPathProvisioner}`],
    ["metrics-server", `sigs.k8s.io/metrics-server v${versions.metricsServer}`],
    ["envoy-gateway", `github.com/envoyproxy/gateway v${versions.envoyGateway}`],
    ["minio", `github.com/minio/minio v0.0.0-${versions.minio}`],
    ["dapr", `github.com/dapr/dapr v${versions.dapr}`],
    // Prometheus 3.5.0 is the module's v0.305.0.
    ["prometheus", `github.com/prometheus/prometheus v0.${versions.prometheus.replace(".", "0")}`],
    ["alertmanager", `github.com/prometheus/alertmanager v${versions.alertmanager}`],
    ["otel-collector", `go.opentelemetry.io/collector/otelcol v${versions.otelCollector}`],
    ["loki", `github.com/grafana/loki/v3 v${versions.loki}`],
    ["jaeger", `github.com/jaegertracing/jaeger v${versions.jaeger}`],
    ["k6", `go.k6.io/k6 v${versions.k6}`],
    ["kube-score", `github.com/zegl/kube-score v${versions.kubeScore}`],
    ["sealed-secrets", `github.com/bitnami-labs/sealed-secrets v${versions.sealedSecrets}`],
    ["velero", `github.com/vmware-tanzu/velero v${versions.velero}`],
    ["velero-plugin-for-aws", `github.com/vmware-tanzu/velero-plugin-for-aws v${versions.veleroPluginForAws}`],
    ["argocd", `github.com/argoproj/argo-cd/v3 v${versions.argocd}`],
  ])("%s pins %s", (tool, pin) => {
    expect(readFileSync(join(toolchainDirectory, tool, "go.mod"), "utf8")).toContain(pin);
  });

  it("has Kafka by its jars", () => {
    const pom = readFileSync(join(toolchainDirectory, "kafka", "pom.xml"), "utf8");
    expect(pom).toContain(`<artifactId>kafka_2.13</artifactId><version>${versions.kafka}</version>`);
  });
});
