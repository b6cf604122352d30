/** autoscalers-ready and autoscaling-bounded: the autoscalers of the cluster and what they scale. */
import { readAutoscalers, readScaleTargets } from "../../probes/kubernetes/autoscalers.ts";
import { allowance202606 } from "../../probes/terraform/allowance.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeAutoscalersReady, judgeAutoscalingBounded, type AutoscalerReadings } from "./autoscalers.judge.ts";

async function gather({ cluster }: CheckContext): Promise<AutoscalerReadings> {
  const [autoscalers, targets] = await Promise.all([readAutoscalers(cluster), readScaleTargets(cluster)]);
  return { autoscalers, targets };
}

check("autoscalers-ready", async (context) => judgeAutoscalersReady(await gather(context), new Date()));

check("autoscaling-bounded", async (context) => judgeAutoscalingBounded(await gather(context), allowance202606));
