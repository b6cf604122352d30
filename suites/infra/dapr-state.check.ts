/** dapr-state-round-trip: through the sidecar, and by SQL in the store that it writes to. */
import { randomUUID } from "node:crypto";
import { criterionOf } from "../../criteria/catalogue.ts";
import { tripOfState } from "../../probes/dapr-prober/sidecar.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { check } from "../check.ts";
import { judgeStates } from "./dapr-state.judge.ts";

check("dapr-state-round-trip", async ({ cluster, profile: { eventBus } }) => {
  const { samplesMin } = criterionOf("dapr-state-round-trip").evidence;
  const keys = Array.from({ length: samplesMin }, () => randomUUID());
  const states = await fewAtATime(keys, 1, async (key) => {
    const value = randomUUID();
    return { key, value, trip: await tripOfState(cluster, eventBus, { key, value }) };
  });
  return judgeStates(states, samplesMin);
});
