/** The planted defects of the criteria of days, which no local cluster can show: each by the whole look of its check, at a cluster of good days. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { soakFolder } from "../../environments/settings.ts";
import { plantingCluster } from "../../fixtures/planting-cluster.ts";
import { plantsOf } from "../../fixtures/plants.ts";
import type { Verdict } from "../../harness/verdict.ts";
import { connect } from "../../probes/kubernetes/cluster.ts";
import type { CheckContext } from "../../suites/check.ts";
import { lookAtCutoverWatch, lookAtFirstWeek, lookAtUptime } from "../../suites/performance/availability-looks.ts";
import type { ProductionCluster } from "../production-cluster.ts";
import { idsOfDays, withClusterOfDays } from "./cluster.ts";

type Layer = Readonly<Record<string, unknown>>;

const looks: Readonly<
  Record<string, (context: Pick<CheckContext, "profile" | "run" | "cluster">) => Promise<Verdict>>
> = {
  uptime: lookAtUptime,
  "first-week-without-incident": lookAtFirstWeek,
  "cutover-watched": async (context) => lookAtCutoverWatch(context, soakFolder),
};
/** These defects are what is laid over the profile, and nothing besides. */
const layersOnly: readonly string[] = ["uptime", "first-week-without-incident"];
const planted = (await Promise.all(idsOfDays.map(async (id) => plantsOf(id)))).flat();

async function lookOf(id: string, uid: string, { profile }: ProductionCluster, layer: Layer): Promise<Verdict> {
  const asked = profile(layer);
  const cluster = connect(asked, AbortSignal.timeout(20_000));
  const look = looks[id];
  if (look === undefined) throw new Error(`${id} has no look of days`);
  return look({ profile: asked, run: { id: "run-1", clusterUid: uid }, cluster });
}

test.each(planted)("$title fails for the planted reason, and leaves nothing", async ({ id, title, plant }) => {
  const uid = randomUUID();
  await withClusterOfDays({ uid }, async (served) => {
    const planting = plantingCluster({
      kubeconfig: served.kubeconfig,
      runId: "run-1",
      appsImage: "none",
      // It signs nothing here.
      certificateFile: served.kubeconfig,
      keyFile: served.kubeconfig,
    });
    const layer = plant.layer?.(served.folder) ?? {};
    try {
      await plant.apply(planting);
      expect(await lookOf(id, uid, served, layer)).toMatchObject({
        outcome: "fail",
        because: expect.stringMatching(plant.expects),
      });
    } finally {
      await plant.remove(planting);
      await plant.remove(planting);
    }
    const outcome = layersOnly.includes(title) ? "fail" : "unproven";
    expect(await lookOf(id, uid, served, layer)).toMatchObject({ outcome });
  });
});

test.each(planted)("$title, blinded, is unproven", async ({ id, plant: { blind } }) => {
  const uid = randomUUID();
  await withClusterOfDays({ uid, mayAsk: blind.kind !== "no rights" }, async (served) => {
    const layer = blind.kind === "profile" ? blind.layer({ port: 1 }) : {};
    expect(await lookOf(id, uid, served, layer)).toMatchObject({ outcome: "unproven" });
  });
});
