/** dapr-secrets-scoped: the allowed secret given out, every other that stands in the namespace refused, and one that does not exist refused alike. */
import { randomBytes } from "node:crypto";
import { askSecret, readOwnSidecar, readSecret } from "../../probes/dapr-prober/sidecar.ts";
import { readReaders } from "../../probes/dapr/readers.ts";
import { readSecretScopes } from "../../probes/dapr/secret-scopes.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { check } from "../check.ts";
import { sidecarsSettled } from "../settled-sidecars.ts";
import { judgeSecretsScoped, type Ask, type Asked } from "./dapr-secrets-scoped.judge.ts";

const atOnce = 4;
const secretsMax = 40;
const store = "secretstore";
/** The store that every sidecar has where it is not told otherwise. */
const builtIn = "kubernetes";

check("dapr-secrets-scoped", async ({ cluster, profile: { eventBus }, signal }) => {
  const { namespace, secrets } = eventBus;
  await sidecarsSettled({ cluster, signal }, namespace);
  const readers = await readReaders(cluster, { namespace, apps: secrets.readers, dependency: "secretstore" });
  const scopes = await readSecretScopes(cluster, namespace);
  const used = scopes.ok ? scopes.value.used : [];
  const guarded = [...new Set([secrets.guarded, ...used])].filter((name) => !secrets.allowed.includes(name));
  const madeUp = `oke-proof-${randomBytes(8).toString("hex")}`;
  const asks: Ask[] = [
    ...[...guarded.slice(0, secretsMax), madeUp].map((secret): Ask => ({ secret, store, as: "inScope" })),
    ...[secrets.guarded, madeUp].map((secret): Ask => ({ secret, store: builtIn, as: "inScope" })),
    ...[...secrets.allowed, secrets.guarded, madeUp].map((secret): Ask => ({ secret, store, as: "outOfScope" })),
  ];
  const allowed = await fewAtATime(secrets.allowed, 1, async (secret) => readSecret(cluster, eventBus, secret));
  const asked = await fewAtATime(asks, atOnce, async (ask): Promise<Asked> => {
    return { ...ask, reading: await askSecret(cluster, eventBus, ask) };
  });
  const outsider = await readOwnSidecar(cluster, eventBus, "outOfScope");
  // Again at the end: a store that went away in between refuses nobody.
  const allowedAgain = await fewAtATime(secrets.allowed, 1, async (secret) => readSecret(cluster, eventBus, secret));
  return judgeSecretsScoped(
    { allowed: [...allowed, ...allowedAgain], asked, outsider, readers, scopes },
    { madeUp, guarded: secrets.guarded, left: guarded.slice(secretsMax) },
  );
});
