/** The small readers of what this machine and its programs say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hardLimits, storageConfiguration } from "./engine-configuration.ts";
import { deletionsOf, jumpsInto, outwardRules } from "./firewall.ts";
import { registryPathOf } from "./images.ts";
import { toolchainDirectory } from "./paths.ts";
import { versions } from "./versions.ts";

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
  ])("%s pins %s", (tool, pin) => {
    expect(readFileSync(join(toolchainDirectory, tool, "go.mod"), "utf8")).toContain(pin);
  });
});
