/** Kubeconfigs of ServiceAccounts: the harness's own, and any that a test asks for. */
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { UsageError } from "../settings.ts";
import { findLocalCluster } from "./cluster-record.ts";
import { findEngine } from "./engine.ts";
import { kubectl } from "./kubectl.ts";
import { statePaths } from "./paths.ts";

const tokenHours = 12;
const hoursLeftMin = 2;
const mintMsMax = 8000;

/** The harness's account, made by helm/harness-access. */
export const harnessAccount = { namespace: "oke-proof", name: "oke-proof-reader" } as const;

const adminSchema = z.object({
  clusters: z
    .array(
      z.object({ name: z.string(), cluster: z.object({ server: z.url(), "certificate-authority-data": z.string() }) }),
    )
    .min(1),
  "current-context": z.string(),
});

/** Server and context of the administrator's kubeconfig. @throws Error where it is not what kind writes */
export async function readAdminKubeconfig(): Promise<{ server: string; authority: string; context: string }> {
  const parsed = adminSchema.parse(parse(await readFile(statePaths.kubeconfig, "utf8")));
  const [first] = parsed.clusters;
  if (first === undefined) throw new Error(`${statePaths.kubeconfig}: no cluster in it`);
  return {
    server: first.cluster.server,
    authority: first.cluster["certificate-authority-data"],
    context: parsed["current-context"],
  };
}

/**
 * Writes a kubeconfig for a ServiceAccount of the local cluster, with a token for twelve hours, readable by this user only.
 * @throws CommandError where the account does not exist or the cluster does not answer
 */
export async function kubeconfigForServiceAccount(namespace: string, name: string, file: string): Promise<void> {
  const engine = await findEngine(findLocalCluster()?.engine ?? "auto");
  if (engine === undefined)
    throw new UsageError(
      "no container engine answers, so the local cluster cannot be asked for a token: run 'bin/oke-proof doctor'",
    );
  const args = ["-n", namespace, "create", "token", name, `--duration=${tokenHours}h`];
  const token = (await kubectl(engine, args, { timeoutMs: mintMsMax })).stdout.trim();
  const { server, authority } = await readAdminKubeconfig();
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "oke-proof", cluster: { server, "certificate-authority-data": authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name: "oke-proof", context: { cluster: "oke-proof", user: name, namespace } }],
    "current-context": "oke-proof",
  };
  await writeFile(`${file}.new`, stringify(config), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Makes sure that the harness's kubeconfig is good for two more hours at least; mints a new token otherwise. */
export async function ensureHarnessAccess(now = new Date()): Promise<void> {
  const written = await stat(statePaths.harnessKubeconfig).catch(() => undefined);
  const hoursLeft = written === undefined ? 0 : tokenHours - (now.getTime() - written.mtimeMs) / 3_600_000;
  if (hoursLeft >= hoursLeftMin && hoursLeft <= tokenHours) return;
  await kubeconfigForServiceAccount(harnessAccount.namespace, harnessAccount.name, statePaths.harnessKubeconfig);
}
