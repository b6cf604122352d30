/** The layer "operations": Sealed Secrets, Argo CD with what it delivers, and Velero. */
import { cp, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { installRelease } from "./helm.ts";
import type { ImageSet } from "./image-set.ts";
import { withContext } from "./images.ts";
import { installVelero } from "./install-velero.ts";
import { apply, kubectl, rolledOut } from "./kubectl.ts";
import { statePaths } from "./paths.ts";
import { charts, imageValues, installChart } from "./platform.ts";
import { argocdSources, sealedSecretsSources, sourcesFolder } from "./sources.ts";
import { nodeNames } from "./versions.ts";

const waitSeconds = 240;

/** Sealed Secrets first, since others may seal; then what delivers; then what backs everything up. */
export async function installOperations(engine: Engine, set: ImageSet, signal: AbortSignal): Promise<void> {
  await installSealedSecrets(set, signal);
  await installArgocd(engine, set, signal);
  const delivery = { ...imageValues(set, []), "global.images.gitServer": set.gitServer };
  await installChart({ name: "delivery", namespace: "argocd", chart: "delivery", set: delivery }, signal);
  await keepPushToken(engine, signal);
  await installVelero(engine, set, signal);
}

/** What opens the Git server to the harness: the chart generated it. */
async function keepPushToken(engine: Engine, signal: AbortSignal): Promise<void> {
  const args = ["-n", "argocd", "get", "secret", "git-server-push", "-o", "jsonpath={.data.token}"];
  const token = Buffer.from((await kubectl(engine, args, { signal })).stdout, "base64").toString();
  if (token === "") throw new Error("the Secret argocd/git-server-push has no token: the chart 'delivery' makes it");
  await writeFile(`${statePaths.pushToken}.new`, token, { mode: 0o600 });
  await rename(`${statePaths.pushToken}.new`, statePaths.pushToken);
}

async function installSealedSecrets(set: ImageSet, signal: AbortSignal): Promise<void> {
  const own = join(charts, "third-party", "sealed-secrets");
  const image = set.services.sealedSecrets;
  await installRelease(
    {
      name: "sealed-secrets",
      namespace: "sealed-secrets",
      chart: join(await sourcesFolder(sealedSecretsSources, signal), "helm", "sealed-secrets"),
      valuesFiles: [join(own, "values.yaml"), ...(image === undefined ? [] : [join(own, "values-local.yaml")])],
      set: image === undefined ? {} : { "image.tag": tagOf(image) },
      waitSeconds,
    },
    signal,
  );
}

/** Argo CD's own manifests with our changes laid over them; kustomize is part of kubectl, which the node has. */
async function installArgocd(engine: Engine, set: ImageSet, signal: AbortSignal): Promise<void> {
  const manifests = join(await sourcesFolder(argocdSources, signal), "manifests");
  const folder = "/tmp/oke-proof-argocd";
  await withContext("argocd", async (context) => {
    await cp(join(charts, "third-party", "argocd"), context, { recursive: true });
    await cp(manifests, join(context, "local", "manifests"), { recursive: true });
    await setTags(join(context, "local", "kustomization.yaml"), set);
    await engine.call(["exec", nodeNames[0], "rm", "-rf", folder], { signal, timeoutMs: 20_000 });
    await engine.call(["cp", context, `${nodeNames[0]}:${folder}`], { signal, timeoutMs: 60_000 });
  });
  const built = await kubectl(engine, ["kustomize", `${folder}/local`, "--load-restrictor", "LoadRestrictionsNone"], {
    signal,
  });
  await apply(engine, built.stdout, { signal, timeoutMs: 120_000 });
  const workloads = [
    "statefulset/argocd-application-controller",
    "deployment/argocd-repo-server",
    "deployment/argocd-redis",
  ];
  for (const workload of workloads) await rolledOut(engine, "argocd", workload, waitSeconds, signal);
}

/** Names our images in the kustomization; in pull mode the manifests' own stay, whose entries are taken out. */
async function setTags(file: string, set: ImageSet): Promise<void> {
  const text = await readFile(file, "utf8");
  const { argocd, redis } = set.services;
  const filled =
    argocd === undefined || redis === undefined
      ? text.replaceAll(/^.*(?:ARGOCD_TAG|REDIS_TAG).*\n/gm, "").replace(/^images:\n/m, "images: []\n")
      : text.replace("ARGOCD_TAG", tagOf(argocd)).replace("REDIS_TAG", tagOf(redis));
  await writeFile(file, filled);
}

function tagOf(reference: string): string {
  return reference.slice(reference.lastIndexOf(":") + 1);
}
