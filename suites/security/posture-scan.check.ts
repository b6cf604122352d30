/** security-scan-passes: kube-score over what stands in the platform's namespaces, and over what the charts render for each plan. */
import { helmProgram, kubeScoreProgram } from "../../environments/local/programs.ts";
import type { Plan } from "../../environments/plan.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import { readChartObjects } from "../../probes/posture-scan/chart-objects.ts";
import { readLiveObjects } from "../../probes/posture-scan/live-objects.ts";
import type { PostureObject } from "../../probes/posture-scan/objects.ts";
import { scanPosture, type PostureScan } from "../../probes/posture-scan/scan.ts";
import { heldTests, testsLeftOut } from "../../probes/posture-scan/tests.ts";
import { check } from "../check.ts";
import { judgePostureScan, type ChartScan } from "./posture-scan.judge.ts";

check("security-scan-passes", async ({ cluster, profile, signal }) => {
  const { posture, enforcement, plans, workloads } = profile;
  // No policy stands in these but while one is tried.
  const leftOut = Object.values(enforcement.namespaces);
  const namespaces = posture.namespaces.map(({ name }) => name).filter((name) => !leftOut.includes(name));
  const live = await scanned("the cluster", await readLiveObjects(cluster, namespaces), signal);
  // Afterwards: what is rendered is parsed here, and answers of the cluster that come meanwhile would be seen too late.
  const charts: ChartScan[] = [];
  for (const plan of plans) {
    const sort = `charts of ${plan.environment}`;
    charts.push({ sort, scan: await scanned(sort, await readCharts(plan, leftOut), signal) });
  }
  return judgePostureScan(
    { cluster: live, charts },
    {
      held: heldTests,
      leftOut: testsLeftOut,
      exceptions: posture.scanExceptions,
      peopled: workloads.namespaces.filter((name) => namespaces.includes(name)),
    },
  );
});

async function readCharts(plan: Plan, leftOut: readonly string[]): Promise<Reading<readonly PostureObject[]>> {
  const helm = await helmProgram();
  const now = new Date();
  if (helm === undefined)
    return unread("no Helm: 'oke-proof up' builds it, or put it on the PATH", "helm template", now);
  return readChartObjects(helm, plan, { leftOut, now });
}

async function scanned(
  what: string,
  objects: Reading<readonly PostureObject[]>,
  signal: AbortSignal,
): Promise<Reading<PostureScan>> {
  if (!objects.ok) return objects;
  const scanner = await kubeScoreProgram();
  const now = new Date();
  if (scanner === undefined)
    return unread("no kube-score: 'oke-proof up' builds it, or put it on the PATH", "kube-score", now);
  return scanPosture(scanner, { what, objects: objects.value }, { signal, now });
}
