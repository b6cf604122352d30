/** Criteria whose checks write, and what their first run makes for good. */
import { criteriaWithCheck } from "../../criteria/catalogue.ts";
import { readLocalCluster } from "../../environments/local/cluster-record.ts";
import { layerCriteria } from "../../environments/local/layer-criteria.ts";
import { layerNames } from "../../environments/local/versions.ts";
import { okeProof } from "../prove/command.ts";

/** Every criterion whose check makes something that outlives a killed process. */
const writers = [
  "health-api-upload-read",
  "etl-narrative-written",
  "data-flow-end-to-end",
  "traces-reach-jaeger",
  "todo-backend-serving",
  "todo-advanced-features",
  "todo-recurring-next-instance",
  "todo-notification-delivered",
  "todo-reminder-flow",
  "postgresql-health-data",
  "redis-health",
  "minio-data-lake",
  "dapr-state-round-trip",
  "sealed-secrets-operational",
  "network-policies-enforced",
  "tenant-isolation-api",
  "tenant-isolation-lists",
  "user-isolation-todo",
  "tenant-isolation-database",
  "tenant-isolation-cache",
  "tenant-isolation-messages",
  "tenant-isolation-objects",
  "tenant-isolation-dapr-state",
  "tenant-isolation-telemetry",
  "roles-enforced",
  "webauthn-authentication-working",
];

/** Those that have their check, and whose layer stands. */
export function writersStanding(): readonly string[] {
  const { layerKeys } = readLocalCluster();
  const standing = new Set(layerNames.filter((name) => name in layerKeys).flatMap((name) => layerCriteria[name]));
  const checked = new Set(criteriaWithCheck().map(({ id }) => id));
  return writers.filter((id) => checked.has(id) && standing.has(id));
}

/** What a first run makes for good (a schema, a bucket) is no trace of a killed one; and a run that fails leaves nothing to kill. @throws Error where it does not pass */
export async function makeOnce(ids: readonly string[]): Promise<void> {
  const { exitCode, output } = await okeProof(["validate", "--env", "local", "--criterion", ...ids]);
  if (exitCode !== 0) throw new Error(`the checks must pass before anything is killed: ${output.slice(-2000)}`);
}
