/** The six data services, each by round trips through it and by its refusal of who has no right to it. */
import { criterionOf } from "../../criteria/catalogue.ts";
import type { Verdict } from "../../harness/verdict.ts";
import { readRoundTrips } from "../../probes/service-prober/round-trips.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeDataService } from "./data-services.judge.ts";

check("postgresql-health-data", async (context) =>
  byRoundTrips(context, "postgresql-health-data", "postgres-health-data"),
);
check("postgresql-webauthn-auth", async (context) =>
  byRoundTrips(context, "postgresql-webauthn-auth", "postgres-webauthn-auth"),
);
check("redis-health", async (context) => byRoundTrips(context, "redis-health", "redis-health"));
check("redis-webauthn", async (context) => byRoundTrips(context, "redis-webauthn", "redis-webauthn"));
check("minio-data-lake", async (context) => byRoundTrips(context, "minio-data-lake", "minio"));
check("rabbitmq-queue", async (context) => byRoundTrips(context, "rabbitmq-queue", "rabbitmq"));

/** @param target the prober's name of the service, which is that of its Service in the cluster */
async function byRoundTrips({ cluster, profile }: CheckContext, id: string, target: string): Promise<Verdict> {
  const { samplesMin } = criterionOf(id).evidence;
  return judgeDataService(target, await readRoundTrips(cluster, profile, target, samplesMin), samplesMin);
}
