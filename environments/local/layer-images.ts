/** The images of the platform's services, by the layer that runs them first. Each starts as the image that its makers publish does. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { placeNode } from "./apps-images.ts";
import { kafkaFiles } from "./kafka-files.ts";
import { gitRoot, javaRoot, nodeExporterRoot, rabbitmqRoot, redisRoot } from "./layer-roots.ts";
import type { Recipe } from "./recipes.ts";
import { versions } from "./versions.ts";

type Single = {
  readonly name: string;
  readonly version: string;
  readonly program?: string;
  readonly path: string;
  readonly user?: string;
};

/** One static program that is the image's entry point. */
function single(layer: Recipe["layer"], { name, version, program, path, user }: Single): Recipe {
  return {
    name,
    version,
    layer,
    expectedSeconds: 6,
    programs: [[name, program ?? name, path]],
    lines: [`USER ${user ?? "65532:65532"}`, `ENTRYPOINT ["${path}"]`],
  };
}

const core = {
  redis: {
    name: "redis",
    version: versions.redis,
    layer: "core",
    expectedSeconds: 3,
    base: redisRoot,
    lines: ["USER 100:101"],
  },
  rabbitmq: {
    name: "rabbitmq",
    version: versions.rabbitmq,
    layer: "core",
    expectedSeconds: 4,
    base: rabbitmqRoot,
    // Debian's program on the usual path is a wrapper that wants to become another user.
    lines: ["ENV PATH=/usr/lib/rabbitmq/bin:/usr/bin:/bin HOME=/var/lib/rabbitmq LANG=C.UTF-8", "USER 101:103"],
  },
  minio: single("core", { name: "minio", version: versions.minio, path: "/usr/bin/minio" }),
  networkProber: single("core", {
    name: "network-prober",
    version: versions.networkProber,
    path: "/network-prober",
  }),
} as const satisfies Record<string, Recipe>;

const events = {
  kafka: {
    name: "kafka",
    version: versions.kafka,
    layer: "events",
    expectedSeconds: 90,
    base: javaRoot,
    files: kafkaFiles,
    lines: [
      "ENV PATH=/opt/java/openjdk/bin:/bin",
      "USER 1000:1000",
      'ENTRYPOINT ["/opt/java/openjdk/bin/java", "-Dlog4j.configuration=file:/opt/kafka/config/log4j.properties", "-cp", "/opt/kafka/libs/*"]',
    ],
  },
  daprControlPlane: {
    name: "dapr",
    version: versions.dapr,
    layer: "events",
    expectedSeconds: 6,
    programs: ["operator", "sentry", "injector", "placement"].map((name) => ["dapr", name, `/${name}`] as const),
    lines: ["USER 65532:65532"],
  },
  daprd: {
    name: "daprd",
    version: versions.dapr,
    layer: "events",
    expectedSeconds: 5,
    programs: [["dapr", "daprd", "/daprd"]],
    lines: ["USER 65532:65532", 'ENTRYPOINT ["/daprd"]'],
  },
} as const satisfies Record<string, Recipe>;

const observability = {
  prometheus: {
    ...single("observability", { name: "prometheus", version: versions.prometheus, path: "/bin/prometheus" }),
    programs: [
      ["prometheus", "prometheus", "/bin/prometheus"],
      ["prometheus", "promtool", "/bin/promtool"],
    ],
  },
  alertmanager: single("observability", {
    name: "alertmanager",
    version: versions.alertmanager,
    path: "/bin/alertmanager",
  }),
  nodeExporter: {
    name: "node-exporter",
    version: versions.nodeExporter,
    layer: "observability",
    expectedSeconds: 3,
    base: nodeExporterRoot,
    lines: ["USER 65532:65532", 'ENTRYPOINT ["/usr/bin/prometheus-node-exporter"]'],
  },
  loki: single("observability", { name: "loki", version: versions.loki, path: "/usr/bin/loki" }),
  otelCollector: single("observability", {
    name: "otel-collector",
    version: versions.otelCollector,
    path: "/otel-collector",
  }),
  jaeger: single("observability", {
    name: "jaeger",
    version: versions.jaeger,
    program: "all-in-one",
    path: "/go/bin/all-in-one-linux",
  }),
  // Where the profile asks for generators inside the cluster.
  k6: single("observability", { name: "k6", version: versions.k6, path: "/usr/bin/k6", user: "12345:12345" }),
} as const satisfies Record<string, Recipe>;

const operations = {
  sealedSecrets: single("operations", {
    name: "sealed-secrets",
    version: versions.sealedSecrets,
    program: "controller",
    path: "/usr/local/bin/controller",
    user: "1001",
  }),
  argocd: {
    name: "argocd",
    version: versions.argocd,
    layer: "operations",
    expectedSeconds: 12,
    base: gitRoot,
    programs: [
      ["argocd", "cmd", "/usr/local/bin/argocd"],
      ["helm", "helm", "/usr/local/bin/helm"],
    ],
    // One program under many names: the first word it is called by says which of them it is.
    lines: [
      `RUN for name in server repo-server application-controller applicationset-controller dex notifications cmp-server git-ask-pass k8s-auth commit-server; do ln -s argocd /usr/local/bin/argocd-$name; done`,
      "USER 999",
      "WORKDIR /home/argocd",
    ],
  },
  // Below the reference services, one of which serves repositories with git's own program.
  gitRuntime: {
    name: "node24-git",
    version: versions.node,
    layer: "operations",
    expectedSeconds: 8,
    base: gitRoot,
    files: {
      key: async () => Promise.resolve(versions.node),
      fill: async (root) => {
        await mkdir(join(root, "usr/bin"), { recursive: true });
        await placeNode(join(root, "usr/bin/node"));
      },
    },
    lines: ["USER 65532:65532", 'ENTRYPOINT ["/usr/bin/node"]'],
  },
  velero: {
    name: "velero",
    version: versions.velero,
    layer: "operations",
    expectedSeconds: 6,
    programs: ["velero", "velero-helper", "velero-restore-helper"].map((name) => ["velero", name, `/${name}`] as const),
    lines: ["ENV HOME=/tmp", "USER 1002:1000", 'ENTRYPOINT ["/velero"]'],
  },
  veleroPluginForAws: {
    name: "velero-plugin-for-aws",
    version: versions.veleroPluginForAws,
    layer: "operations",
    expectedSeconds: 5,
    programs: [
      ["velero-plugin-for-aws", "velero-plugin-for-aws", "/plugins/velero-plugin-for-aws"],
      ["velero-plugin-for-aws", "cp-plugin", "/bin/cp-plugin"],
    ],
    lines: [
      "USER 65532:65532",
      'ENTRYPOINT ["/bin/cp-plugin", "/plugins/velero-plugin-for-aws", "/target/velero-plugin-for-aws"]',
    ],
  },
} as const satisfies Record<string, Recipe>;

/** All of them, by the names that the charts' values `global.images` give them. */
export const layerImages = { ...core, ...events, ...observability, ...operations };
export type LayerImageName = keyof typeof layerImages;
