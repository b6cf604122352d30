/** health-api-upload-read and etl-narrative-written: uploads of signed-in users of two tenants, read back as they were, and told by the ETL engine. */
import { randomInt } from "node:crypto";
import { criterionOf } from "../../criteria/catalogue.ts";
import { newMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { unread } from "../../harness/verdict.ts";
import { healthClient, type HealthClient, type Upload } from "../../probes/health-api/client.ts";
import { signIn } from "../../probes/sign-in/session.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeNarratives, judgeUploads, type NarratedUpload, type ReadBack, type UploadTry } from "./uploads.judge.ts";

const narrativeSecondsMax = 60;

check("health-api-upload-read", async (context) => {
  const { samplesMin } = criterionOf("health-api-upload-read").evidence;
  const tries = await withEachUser(context, async (client, user) => {
    const sent = measurement(context);
    const uploaded = await client.upload(sent);
    const readBack: ReadBack = { user, sent, uploaded };
    if (!uploaded.ok || uploaded.value.kind !== "done") return readBack;
    const { id } = uploaded.value.value;
    // Twice: the first answer comes from the database, the second from the cache.
    const found = [await client.find(id), await client.find(id)];
    return { ...readBack, found, removed: await client.remove(id) };
  });
  return judgeUploads(tries, samplesMin);
});

check("etl-narrative-written", async (context) => {
  const { samplesMin } = criterionOf("etl-narrative-written").evidence;
  const tries = await withEachUser(context, async (client, user) => narrated(context, client, user));
  return judgeNarratives(tries, { samplesMin, secondsMax: narrativeSecondsMax });
});

/** Signs each user of the profile in and lets each do the same once, all at the same time. */
async function withEachUser<T>(
  { profile, signal }: CheckContext,
  work: (client: HealthClient, user: string) => Promise<T>,
): Promise<readonly UploadTry<T>[]> {
  return Promise.all(
    profile.health.users.map(async (user): Promise<UploadTry<T>> => {
      const session = await signIn(profile, user, signal);
      if (!session.ok) return { user, signedIn: session };
      return { user, signedIn: session, did: await work(healthClient(profile, session.value, signal), user) };
    }),
  );
}

async function narrated(context: CheckContext, client: HealthClient, user: string): Promise<NarratedUpload> {
  const { signal } = context;
  const sent = measurement(context);
  const uploaded = await client.upload(sent);
  if (!uploaded.ok || uploaded.value.kind !== "done") return { user, sent, uploaded };
  const { id } = uploaded.value.value;
  let last: NarratedUpload["narrative"];
  const waited = await poll(
    async () => {
      const asked = await client.narrative(id);
      last = asked;
      if (asked.ok && asked.value.kind === "done") return { state: "yes", value: true };
      return { state: "not yet", seen: asked.ok ? asked.value.kind : asked.why };
    },
    { what: `the narrative of ${id}`, timeoutMs: narrativeSecondsMax * 1000, everyMs: 250, signal },
  );
  const seconds = waited.elapsedMs / 1000;
  const narrative = last ?? unread("it was never asked for", `record ${id}`, new Date());
  return { user, sent, uploaded, narrative, seconds, removed: await client.remove(id) };
}

/** No two are the same, so that nothing of an earlier run passes for this one; its kind is the mark by which an undo finds it. */
function measurement({ run }: CheckContext): Upload {
  const value = randomInt(40_000, 180_000) / 1000;
  return {
    kind: newMark(run.id),
    value,
    unit: "bpm",
    measuredAt: new Date(Date.now() - randomInt(1, 86_400_000)).toISOString(),
  };
}
