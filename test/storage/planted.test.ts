/** The planted defect of storage-below-free-tier, which no local cluster can show: by the whole look of its check, at a tenancy that makes what is claimed. */
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { plantingCluster } from "../../fixtures/planting-cluster.ts";
import { plantsOf } from "../../fixtures/plants.ts";
import type { Verdict } from "../../harness/verdict.ts";
import { connect } from "../../probes/kubernetes/cluster.ts";
import { lookAtStorage } from "../../suites/performance/stored.ts";
import { withOracle, writeOracleConfig } from "../oracle-api.ts";
import type { ProductionCluster } from "../production-cluster.ts";
import { claimedIn, criterionId, tenancyWith, withNodesOfTenancy } from "./tenancy.ts";

const planted = await plantsOf(criterionId);

beforeEach(() => {
  const quiet = vi.spyOn(console, "info").mockReturnValue(undefined);
  return () => quiet.mockRestore();
});

async function lookOf(served: ProductionCluster, layer: Readonly<Record<string, unknown>> = {}): Promise<Verdict> {
  const profile = served.profile({ oci: { ...writeOracleConfig(served.folder), ...ociOf(layer) } });
  const signal = AbortSignal.timeout(20_000);
  const held = () => tenancyWith({ orphans: claimedIn(served) });
  const { result } = await withOracle(held, async (_, origin) =>
    lookAtStorage({ profile, cluster: connect(profile, signal), signal }, origin),
  );
  return result;
}

/** What a layer says of Oracle's API. */
function ociOf({ oci }: Readonly<Record<string, unknown>>): object {
  return typeof oci === "object" && oci !== null ? oci : {};
}

test.each(planted)("$title fails for the planted reason, and leaves nothing", async ({ plant }) => {
  await withNodesOfTenancy({ uid: randomUUID() }, async (served) => {
    const before = [...served.objects.keys()];
    const planting = plantingCluster({
      kubeconfig: served.kubeconfig,
      runId: "run-1",
      appsImage: "none",
      // It signs nothing here.
      certificateFile: served.kubeconfig,
      keyFile: served.kubeconfig,
    });
    expect(await lookOf(served)).toMatchObject({ outcome: "pass" });
    try {
      await plant.apply(planting);
      expect(await lookOf(served)).toMatchObject({
        outcome: "fail",
        because: expect.stringMatching(plant.expects),
      });
    } finally {
      await plant.remove(planting);
      await plant.remove(planting);
    }
    expect([...served.objects.keys()]).toEqual(before);
    expect(await lookOf(served)).toMatchObject({ outcome: "pass" });
  });
});

test.each(planted)("$title, blinded, is unproven", async ({ plant: { blind } }) => {
  await withNodesOfTenancy({ uid: randomUUID() }, async (served) => {
    const layer = blind.kind === "profile" ? blind.layer({ port: 1 }) : {};
    expect(await lookOf(served, layer)).toMatchObject({
      outcome: "unproven",
      because: expect.stringMatching(/there-is-no-such-file/),
    });
  });
});
