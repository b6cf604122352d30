/** Velero from what its own command writes, with a store outside the cluster. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { backupBucket, startBackupStore } from "./backup-store.ts";
import type { BackupStore } from "./backup-store.ts";
import { run } from "./command.ts";
import type { Engine } from "./engine.ts";
import type { ImageSet } from "./image-set.ts";
import { withContext } from "./images.ts";
import { installNetworkPolicies } from "./install-network-policies.ts";
import { apply, kubectl, rolledOut } from "./kubectl.ts";
import { readSettings } from "../settings.ts";
import { statePaths } from "./paths.ts";
import { toolFolder } from "./toolchain.ts";
import { versions } from "./versions.ts";

const waitSeconds = 180;
/** Upstream's, where none are built. */
const pulled = {
  velero: `docker.io/velero/velero:v${versions.velero}`,
  plugin: `docker.io/velero/velero-plugin-for-aws:v${versions.veleroPluginForAws}`,
  store: "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z",
};
/** Far below Velero's own hours: what hangs is told while somebody waits for it. */
const serverArguments = ["--fs-backup-timeout=3m", "--store-validation-frequency=15s"];
const resources = {
  velero: { requests: { cpu: "20m", memory: "96Mi" }, limits: { cpu: "1", memory: "384Mi" } },
  "node-agent": { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "1", memory: "512Mi" } },
};

const listSchema = z.looseObject({ items: z.array(z.looseObject({ kind: z.string(), metadata: z.looseObject({}) })) });
const workloadSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.array(z.looseObject({ name: z.string(), args: z.array(z.string()).default([]) })).min(1),
      }),
    }),
  }),
});

/** Installs Velero and waits until its server and its node agents run, and the store of backups is reached. */
export async function installVelero(engine: Engine, set: ImageSet, signal: AbortSignal): Promise<void> {
  const store = await startBackupStore(engine, set.services.minio ?? pulled.store, signal);
  await installNetworkPolicies(engine, signal);
  const objects = listSchema.parse(parse(await writtenObjects(set, store, signal))).items;
  const isDefinition = ({ kind }: { kind: string }) => kind === "CustomResourceDefinition";
  const text = (some: readonly unknown[]) => some.map((object) => stringify(object)).join("---\n");
  await apply(engine, text(objects.filter(isDefinition)), { signal, timeoutMs: 120_000 });
  const established = ["wait", "--for=condition=Established", "crd", "-l", "component=velero", "--timeout=60s"];
  await kubectl(engine, established, { signal, timeoutMs: 70_000 });
  const rest = objects.filter((object) => !isDefinition(object)).map(adapted);
  await apply(engine, text(rest), { signal, timeoutMs: 120_000 });
  for (const workload of ["deployment/velero", "daemonset/node-agent"]) {
    await rolledOut(engine, "velero", workload, waitSeconds, signal);
  }
  const available = "--for=jsonpath={.status.phase}=Available";
  const location = ["-n", "velero", "wait", available, "backupstoragelocation/default", "--timeout=90s"];
  await kubectl(engine, location, { signal, timeoutMs: 100_000 });
}

async function writtenObjects(set: ImageSet, store: BackupStore, signal: AbortSignal): Promise<string> {
  let written = "";
  await withContext("velero", async (context) => {
    const keys = join(context, "keys");
    const { user, password } = store.keys;
    const lines = `[default]\naws_access_key_id = ${user}\naws_secret_access_key = ${password}\n`;
    await writeFile(keys, lines, { mode: 0o600 });
    const args = [
      "install",
      "--dry-run",
      "-o",
      "yaml",
      "--provider=aws",
      `--bucket=${backupBucket}`,
      `--image=${set.services.velero ?? pulled.velero}`,
      `--plugins=${set.services.veleroPluginForAws ?? pulled.plugin}`,
      `--secret-file=${keys}`,
      "--use-node-agent",
      "--use-volume-snapshots=false",
      "--default-volumes-to-fs-backup",
      `--backup-location-config=region=us-east-1,s3ForcePathStyle=true,s3Url=${store.url}`,
    ];
    const program = join(await toolFolder("velero"), "velero");
    // It asks the cluster for the kinds it knows, and changes nothing.
    const env = { ...readSettings().inherited, KUBECONFIG: statePaths.kubeconfig };
    written = (await run(program, args, { env, signal, timeoutMs: 60_000 })).stdout;
  });
  return written;
}

/** Bounds that fit this machine, and the server's deadlines. */
function adapted(object: { readonly kind: string }): unknown {
  if (object.kind !== "Deployment" && object.kind !== "DaemonSet") return object;
  const workload = workloadSchema.parse(object);
  for (const container of workload.spec.template.spec.containers) {
    const isServer = container.name === "velero";
    if (isServer) container.args.push(...serverArguments);
    container["resources"] = resources[isServer ? "velero" : "node-agent"];
  }
  return workload;
}
