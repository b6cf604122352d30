/** dapr-bindings-fire: the sidecars' own counters, looked at each second for as long as three calls take. */
import { criterionOf } from "../../criteria/catalogue.ts";
import { unread } from "../../harness/verdict.ts";
import { isFor, readComponents } from "../../probes/dapr/components.ts";
import { watchSchedule } from "../../probes/dapr/schedules.ts";
import { readDaprPods } from "../../probes/dapr/sidecars.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { check } from "../check.ts";
import { isEnough, judgeSchedules, periodOf, type Watched } from "./dapr-bindings.judge.ts";

const podsMax = 50;

check("dapr-bindings-fire", async ({ cluster, profile: { eventBus, timeouts } }) => {
  const { namespace } = eventBus;
  const { samplesMin } = criterionOf("dapr-bindings-fire").evidence;
  const components = await readComponents(cluster, namespace);
  if (!components.ok) return judgeSchedules(components, [], samplesMin);
  const schedules = components.value.filter(({ type }) => type === "bindings.cron");
  const pods = await readDaprPods(cluster, namespace);
  if (!pods.ok) return judgeSchedules(pods, [], samplesMin);
  const pairs = schedules.flatMap((schedule) => {
    const periodSeconds = periodOf(schedule);
    if (periodSeconds === undefined) return [];
    const called = pods.value.filter(({ appId }) => isFor(schedule, appId));
    return called.map(({ name, appId }) => ({ component: schedule.name, app: appId, pod: name, periodSeconds }));
  });
  // All at once: each takes as long as its calls take. What is left of the check's time is for reading.
  const timeoutMs = timeouts.checkMs - 10_000;
  const watched = await fewAtATime(pairs.slice(0, podsMax), podsMax, async (pair): Promise<Watched> => {
    const enough = (counts: Parameters<typeof isEnough>[0]): boolean =>
      isEnough(counts, pair.periodSeconds, samplesMin);
    return { ...pair, counts: await watchSchedule(cluster, { namespace, ...pair }, { timeoutMs, enough }) };
  });
  const left = pairs.slice(podsMax).map((pair): Watched => {
    const why = `more than ${podsMax} pods are called: it was not watched`;
    return { ...pair, counts: unread(why, components.source, new Date()) };
  });
  return judgeSchedules({ ...components, value: schedules }, [...watched, ...left], samplesMin);
});
