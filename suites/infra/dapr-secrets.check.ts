/** dapr-secrets-readable: by the prober's own sidecar, and as the applications themselves find it. */
import { readSecret } from "../../probes/dapr-prober/sidecar.ts";
import { readReaders } from "../../probes/dapr/readers.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { check } from "../check.ts";
import { sidecarsSettled } from "../settled-sidecars.ts";
import { judgeSecrets } from "./dapr-secrets.judge.ts";

check("dapr-secrets-readable", async ({ cluster, profile: { eventBus }, signal }) => {
  const { namespace, secrets } = eventBus;
  await sidecarsSettled({ cluster, signal }, namespace);
  const allowed = await fewAtATime(secrets.allowed, 1, async (secret) => ({
    secret,
    reading: await readSecret(cluster, eventBus, secret),
  }));
  const guarded = await readSecret(cluster, eventBus, secrets.guarded);
  const readers = await readReaders(cluster, { namespace, apps: secrets.readers, dependency: "secretstore" });
  return judgeSecrets({ allowed, guarded, readers }, secrets.readers);
});
