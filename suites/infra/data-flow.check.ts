/** data-flow-end-to-end: uploads of signed-in users, followed from the Health API to their narratives. */
import { randomInt } from "node:crypto";
import { criterionOf } from "../../criteria/catalogue.ts";
import { newMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { readStations, type Stations } from "../../probes/flow-prober/stations.ts";
import { healthClient, type StoredRecord } from "../../probes/health-api/client.ts";
import { saidOf } from "../../probes/http/outcome.ts";
import { signIn } from "../../probes/sign-in/session.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeDataFlow, type Followed } from "./data-flow.judge.ts";

const flowSecondsMax = 60;

check("data-flow-end-to-end", async (context) => {
  const { samplesMin } = criterionOf("data-flow-end-to-end").evidence;
  const followed = await Promise.all(context.profile.health.users.map(async (user) => follow(context, user)));
  return judgeDataFlow(followed, samplesMin);
});

async function follow(context: CheckContext, user: string): Promise<Followed> {
  const { profile, run, signal } = context;
  const value = randomInt(40_000, 180_000) / 1000;
  const sent = { kind: newMark(run.id), value, unit: "bpm", measuredAt: new Date().toISOString() };
  const session = await signIn(profile, user, signal);
  if (!session.ok) return { user, tenant: "", sent, stored: session };
  const { tenant } = session.value;
  const client = healthClient(profile, session.value, signal);
  const uploaded = await client.upload(sent);
  if (!uploaded.ok) return { user, tenant, sent, stored: uploaded };
  const { value: outcome, source } = uploaded;
  const at = new Date(uploaded.at);
  if (outcome.kind !== "done") {
    return { user, tenant, sent, stored: unread(`${user}'s upload was ${saidOf(outcome)}`, source, at) };
  }
  const stored = read(outcome.value, source, at);
  const stations = await stationsOf(context, tenant, outcome.value);
  const removed = await client.remove(outcome.value.id);
  return { user, tenant, sent, stored, stations, removed };
}

/** Looks until the upload stands at every station, or never will; what was seen last is the reading. */
async function stationsOf(
  { cluster, profile, signal }: CheckContext,
  tenant: string,
  { id, sha256 }: StoredRecord,
): Promise<Reading<Stations>> {
  let last: Reading<Stations> = unread("the stations were never asked", `record ${id}`, new Date());
  await poll(
    async () => {
      last = await readStations(cluster, profile, { tenant, id });
      if (!last.ok) return { state: "not yet", seen: last.why };
      const { object, ...others } = last.value;
      // The ETL engine tells nothing of an object that is not what its event says.
      if (object !== null && object.sha256 !== sha256) return { state: "never", why: "the object was altered" };
      const missing = Object.entries({ object, ...others }).flatMap(([name, held]) => (held === null ? [name] : []));
      return missing.length === 0 ? { state: "yes", value: true } : { state: "not yet", seen: missing.join(", ") };
    },
    { what: `record ${id} at every station`, timeoutMs: flowSecondsMax * 1000, everyMs: 500, signal },
  );
  return last;
}
