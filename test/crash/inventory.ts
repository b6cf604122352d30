/** What stands in the cluster and its applications, seen as the administrator: by other eyes than those of `oke-proof undo`. */
import { tagIn } from "../../harness/mark.ts";
import type { PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { redisContainer } from "../../fixtures/redis-command.ts";

/** Names by where they stand, sorted. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

const health = "health-platform";

/** Kinds that checks make, in all namespaces. */
const kinds = [
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["v1", "Namespace"],
  ["v1", "ServiceAccount"],
] as const;

/** The same of what carries a run's label. */
const labelled = [
  ["v1", "ConfigMap"],
  ["v1", "Pod"],
  ["v1", "Secret"],
] as const;

async function sql(
  cluster: PlantingCluster,
  at: { readonly namespace: string; readonly pod: string; readonly database: string },
  query: string,
): Promise<string[]> {
  const psql = `PATH="$PATH:/usr/lib/postgresql/15/bin" psql --host=/var/run/postgresql --username=postgres`;
  const script = `${psql} --no-psqlrc --quiet --tuples-only --no-align --dbname=${at.database} --command="$1"`;
  const container = { namespace: at.namespace, pod: at.pod, container: "postgres" };
  return linesOf(await cluster.exec(container, ["sh", "-ec", script, "sql", query]));
}

/** Marks that stand anywhere in the states of the todo platform: tasks, what is still to be published, reminders and notifications. */
const marksInState = `SELECT DISTINCT key || ' ' || m[1] FROM state, regexp_matches(value::text, '(oke-proof[- ][0-9a-f]{12,})', 'g') AS m`;

const accounts = `SELECT 'user ' || id FROM webauthn.users UNION SELECT 'invitation ' || "user" FROM webauthn.invitations`;

async function objects(cluster: PlantingCluster): Promise<string[]> {
  const script = `
    import { readFileSync } from "node:fs";
    import { Client } from "minio";
    const of = (key) => readFileSync("/credentials/minio/root-" + key, "utf8").trim();
    const client = new Client({ endPoint: "minio", port: 9000, useSSL: false, region: "us-east-1", accessKey: of("user"), secretKey: of("password") });
    for (const bucket of ["health-data", "oke-proof"])
      for await (const { name } of client.listObjectsV2(bucket, "", true)) console.log(bucket + "/" + name);`;
  const container = { namespace: health, pod: "service-prober-0", container: "service-prober" };
  return linesOf(await cluster.exec(container, ["node", "--input-type=module", "--eval", script]));
}

async function keys(cluster: PlantingCluster, name: string, pattern: string): Promise<string[]> {
  const script = `export REDISCLI_AUTH="$(cat /passwords/password)"; redis-cli --scan --pattern '${pattern}'`;
  return linesOf(await cluster.exec(await redisContainer(cluster, name), ["sh", "-ec", script]));
}

function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").toSorted();
}

/** @throws Error where something of it cannot be seen: an inventory with a hole is none */
export async function takeInventory(cluster: PlantingCluster): Promise<Inventory> {
  const healthData = { namespace: health, pod: "postgres-health-data-0", database: "health" };
  const webauthn = { namespace: health, pod: "postgres-webauthn-auth-0", database: "webauthn" };
  const todo = { namespace: "todo-chatbot", pod: "postgres-todo-0", database: "todo" };
  const asked: Readonly<Record<string, () => Promise<readonly string[]>>> = {
    "all objects": async () =>
      (await Promise.all(kinds.map(async ([version, kind]) => cluster.listLabelled(version, kind, "")))).flat(),
    "objects of runs": async () =>
      (
        await Promise.all(labelled.map(async ([version, kind]) => cluster.listLabelled(version, kind, "oke-proof/run")))
      ).flat(),
    heartbeats: async () => cluster.listLabelled("coordination.k8s.io/v1", "Lease", "oke-proof/heartbeat"),
    records: async () => sql(cluster, healthData, "SELECT kind || ' ' || id FROM health.records"),
    narratives: async () => sql(cluster, healthData, "SELECT record FROM health.narratives"),
    "rows of round trips": async () => sql(cluster, healthData, "SELECT value FROM oke_proof.round_trips"),
    accounts: async () => sql(cluster, webauthn, accounts),
    "marks in states": async () => sql(cluster, todo, marksInState),
    "the prober's states": async () => sql(cluster, todo, "SELECT key FROM state WHERE starts_with(key, 'oke-proof-')"),
    objects: async () => objects(cluster),
    "cached records": async () => keys(cluster, "redis-health", "record:*"),
    "keys of round trips": async () => keys(cluster, "redis-health", "oke-proof:*"),
  };
  const taken = await Promise.all(
    Object.entries(asked).map(async ([name, look]) => [name, (await look()).toSorted()] as const),
  );
  return Object.fromEntries(taken);
}

/**
 * What came and what went, a line each.
 * @param foreign on a cluster that others work on at the same time: what carries the mark or label of another run is theirs
 */
export function differences(before: Inventory, after: Inventory, foreign: (line: string) => boolean): string[] {
  return Object.keys(before).flatMap((name) => {
    const [earlier = [], later = []] = [before[name], after[name]];
    const came = later.filter((line) => !earlier.includes(line)).map((line) => `${name}: came ${line}`);
    const went = earlier.filter((line) => !later.includes(line)).map((line) => `${name}: went ${line}`);
    return [...came, ...went].filter((line) => !foreign(line));
  });
}

/** Tags of all marks in a line. */
export function tagsOf(line: string): readonly string[] {
  return [...line.matchAll(/oke-proof[-/: .][0-9a-f]{24}/g)].flatMap(([mark]) => tagIn(mark) ?? []);
}
