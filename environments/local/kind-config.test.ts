import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { kindConfig } from "./kind-config.ts";

const schema = z.looseObject({
  networking: z.object({
    disableDefaultCNI: z.literal(true),
    apiServerAddress: z.literal("127.0.0.1"),
    podSubnet: z.string(),
    serviceSubnet: z.string(),
  }),
  kubeadmConfigPatches: z.array(z.string()),
  containerdConfigPatches: z.array(z.string()).length(1),
  nodes: z.array(
    z.object({
      role: z.enum(["control-plane", "worker"]),
      image: z.literal("image:1"),
      extraPortMappings: z.array(
        z.object({
          containerPort: z.number(),
          hostPort: z.number(),
          listenAddress: z.literal("127.0.0.1"),
          protocol: z.literal("TCP"),
        }),
      ),
    }),
  ),
});

describe("kindConfig", () => {
  const config = schema.parse(parse(kindConfig({ image: "image:1", mayRaiseLimits: true })));

  it("has one control plane and two workers", () => {
    expect(config.nodes.map((node) => node.role)).toEqual(["control-plane", "worker", "worker"]);
  });

  it("gives each node its own port of this machine for each of the gateway's", () => {
    const mapped = config.nodes.map((node) =>
      node.extraPortMappings.map(({ containerPort, hostPort }) => `${containerPort}:${hostPort}`),
    );
    expect(mapped).toEqual([
      ["30443:18443", "30080:18080"],
      ["30443:18444", "30080:18081"],
      ["30443:18445", "30080:18082"],
    ]);
  });

  it.each([
    [true, false],
    [false, true],
  ])("with the right to raise limits %s, the kubelet's gate is there: %s", (mayRaiseLimits, gate) => {
    const patches = schema.parse(parse(kindConfig({ image: "image:1", mayRaiseLimits }))).kubeadmConfigPatches;
    expect(patches.flatMap((patch) => parseAllDocuments(patch))).toHaveLength(2);
    expect(patches.join("\n").includes("KubeletInUserNamespace: true")).toBe(gate);
  });
});
