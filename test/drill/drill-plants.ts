/** A defect for each criterion that drills decide: users lose something, and the criterion must fail for that reason. One drill stands for all of its criterion. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../environments/settings.ts";
import { plantAppDefect, removeAppDefect, type AppDefect } from "../../fixtures/app-defect.ts";
import type { ObjectReference, PlantingCluster } from "../../fixtures/planting-cluster.ts";
import { healthDatabase, superuserSql } from "../../fixtures/platform-sql.ts";

export type DrillPlant = {
  /** Those that must fail for it, each for the same reason. */
  readonly criteria: readonly [string, ...string[]];
  readonly drill: string;
  /** What is wrong, in few words. */
  readonly name: string;
  /** The criterion whose check shows whether the defect is in force: fail while it is. Undefined where it is so at once. */
  readonly shownBy?: string;
  readonly expects: RegExp;
  apply(cluster: PlantingCluster): Promise<void>;
  /** Safe twice, and where `apply` stopped half-way. */
  remove(cluster: PlantingCluster): Promise<void>;
};

/** A switch of a service. */
function switched(defect: AppDefect, shownBy: string) {
  return {
    name: defect.name,
    shownBy,
    apply: async (cluster: PlantingCluster) => plantAppDefect(cluster, defect),
    remove: async (cluster: PlantingCluster) => removeAppDefect(cluster, defect),
  };
}

const healthApi = (name: string): AppDefect => ({
  namespace: "health-platform",
  app: "health-api",
  name: `health-api.${name}`,
});

/** It answers 201 and keeps nothing. */
const forgets = switched(healthApi("forgets-uploads"), "health-api-upload-read");
/** It answers 200 with another value than was uploaded. */
const alters = switched(healthApi("upload-altered"), "health-api-upload-read");
/** What lies in the data lake is not what was uploaded. */
const altersObjects = switched(healthApi("object-altered"), "data-flow-end-to-end");

const dumps: ObjectReference = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  namespace: "health-platform",
  name: "postgres-health-data-backup",
};
const cronJob = z.looseObject({
  spec: z.looseObject({
    jobTemplate: z.looseObject({
      spec: z.looseObject({
        template: z.looseObject({
          spec: z.looseObject({ initContainers: z.array(z.looseObject({ args: z.array(z.string()) })).min(1) }),
        }),
      }),
    }),
  }),
});
const whole = "/pg_dump --host";
const withoutRows = "/pg_dump --schema-only --host";

/** Rewrites the words by which dumps are made. A list is laid over as a whole: all else of it goes in as it was read. */
async function reword(cluster: PlantingCluster, from: string, to: string): Promise<void> {
  const found = await cluster.read(dumps);
  if (found === undefined) throw new Error(`there is no CronJob ${dumps.namespace}/${dumps.name}`);
  const { initContainers } = cronJob.parse(found).spec.jobTemplate.spec.template.spec;
  const reworded = initContainers.map((one) => ({ ...one, args: one.args.map((text) => text.replace(from, to)) }));
  const spec = { jobTemplate: { spec: { template: { spec: { initContainers: reworded } } } } };
  await cluster.patch(dumps, { spec });
}

/** Those by which the tenant's rows of a kind are found, and the newest of them: without the first PostgreSQL would help itself with the second. */
const indexes = [
  ["records_newest", "(tenant, recorded_at DESC, id)"],
  ["records_kind", "(tenant, kind, recorded_at DESC, id)"],
] as const;

const wayIn: ObjectReference = {
  apiVersion: "gateway.envoyproxy.io/v1alpha1",
  kind: "BackendTrafficPolicy",
  namespace: "health-platform",
  name: "platform",
};
const bounds = z.looseObject({
  "webauthn-stack": z.looseObject({
    gateway: z.looseObject({ requestsAtOnceMax: z.int(), requestsWaitingMax: z.int() }),
  }),
});

/** The gateway's bound of what is under way, as the chart has it. */
function boundOfChart() {
  const values = parse(readFileSync(join(projectRoot, "helm", "health-platform", "values.yaml"), "utf8"));
  const { requestsAtOnceMax, requestsWaitingMax } = bounds.parse(values)["webauthn-stack"].gateway;
  return {
    maxConnections: requestsAtOnceMax,
    maxParallelRequests: requestsAtOnceMax,
    maxPendingRequests: requestsWaitingMax,
  };
}

export const drillPlants: readonly DrillPlant[] = [
  {
    criteria: ["pod-restart-survived"],
    drill: "pod-kill-one",
    ...forgets,
    expects: /\d+ of \d+ accepted writes of health-api are lost/,
  },
  {
    criteria: ["scaling-survived"],
    drill: "scale-to-zero",
    ...switched(
      { namespace: "todo-chatbot", app: "notification-service", name: "notification-service.delivers-twice" },
      "todo-notification-delivered",
    ),
    expects: /\d+ of \d+ events came more than once, as that of todo-backend/,
  },
  {
    criteria: ["node-loss-survived"],
    drill: "node-drain",
    ...forgets,
    expects: /\d+ of \d+ accepted writes of health-api are lost/,
  },
  {
    criteria: ["dependency-outage-survived"],
    drill: "network-cut",
    ...alters,
    expects: /\d+ of \d+ requests to health-api failed, .* has another content than was written/,
  },
  {
    criteria: ["rollback-restores-service"],
    drill: "bad-rollout",
    ...alters,
    expects: /\d+ of \d+ requests to health-api failed, .* has another content than was written/,
  },
  {
    criteria: ["disturbance-survived"],
    drill: "http-delay",
    ...forgets,
    expects: /\d+ of \d+ accepted writes of health-api are lost/,
  },
  {
    // Two hours are not waited for, and the limit is the catalogue's, which no profile lowers: what is shown is that data which are not intact were never verified, however fast that was.
    criteria: ["restore-data-intact", "restore-within-two-hours"],
    drill: "restore",
    ...altersObjects,
    expects: /\d+ of \d+ rows and objects are altered/,
  },
  {
    // What was accepted never reaches what is backed up: no backup of whatever age holds it.
    criteria: ["restore-recovery-point"],
    drill: "restore",
    ...forgets,
    expects: /none of \d+ markers came back/,
  },
  {
    // A dump that is made, is read back and holds no row: its list of tables is whole. The schedule's own dumps of that time are like it.
    criteria: ["database-restore-tested"],
    drill: "database-restore",
    name: "the dumps hold tables and no rows",
    expects: /'(check the dump|compare)' did not do what the runbook says/,
    apply: async (cluster) => reword(cluster, whole, withoutRows),
    remove: async (cluster) => reword(cluster, withoutRows, whole),
  },
  {
    criteria: ["database-queries-indexed"],
    drill: "table-filled",
    name: "the indexes of records are gone",
    expects: /filter by kind scans the whole of health\.records at every request/,
    apply: async (cluster) =>
      superuserSql(
        cluster,
        healthDatabase,
        indexes.map(([name]) => `DROP INDEX IF EXISTS health.${name}`),
      ),
    remove: async (cluster) =>
      superuserSql(
        cluster,
        healthDatabase,
        indexes.map(([name, columns]) => `CREATE INDEX IF NOT EXISTS ${name} ON health.records ${columns}`),
      ),
  },
  {
    criteria: ["overload-degrades-gracefully"],
    drill: "overload",
    name: "the gateway has everybody wait",
    expects: /\d+ of \d+ answers were neither right nor a refusal: /,
    apply: async (cluster) => cluster.patch(wayIn, { spec: { circuitBreaker: null } }),
    remove: async (cluster) => cluster.patch(wayIn, { spec: { circuitBreaker: boundOfChart() } }),
  },
];
