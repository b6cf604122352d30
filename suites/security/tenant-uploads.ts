/** The queue of uploads: what its messages say, and what comes of such as tell of one tenant's record in another's name. */
import { poll } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { publishMessages, readMessages, type UploadMessage } from "../../probes/flow-prober/messages.ts";
import { readStations } from "../../probes/flow-prober/stations.ts";
import { saidOf, type Asked } from "../../probes/http/outcome.ts";
import type { Narrative } from "../../probes/health-api/client.ts";
import type { CheckContext } from "../check.ts";
import { watchFor } from "../infra/todo-flow.ts";
import type { Channel } from "./tenant-messages.judge.ts";
import type { Seeded } from "./two-tenants.ts";

const narratedMs = 20_000;
const settledMs = 1_500;
const place = "the exchange health-data";

/** Sends messages about the first tenant's record in the second's name, then a right one, and looks at what both came to. */
export async function throughQueue(context: CheckContext, [one, other]: readonly [Seeded, Seeded]): Promise<Channel> {
  const { cluster, profile } = context;
  const owner = { tenant: one.session.tenant };
  const first = await narrated(context, one, "");
  const messages = await readMessages(cluster, profile, one.record.id);
  const genuine: Channel["messages"] = messages.ok
    ? {
        ...messages,
        value: messages.value.map(({ tenant }) => ({ where: place, ...(tenant === undefined ? {} : { tenant }) })),
      }
    : messages;
  const base = { name: "rabbitmq", owner, places: [place], messages: genuine };
  // One after the other: what one of them writes, another would take away again.
  const forged: Reading<{ readonly published: number }>[] = [];
  for (const message of forgeries(one, other)) forged.push(await publishMessages(cluster, profile, [message]));
  const right = await publishMessages(cluster, profile, [messageOf(one)]);
  const again = right.ok && first.ok ? await narrated(context, one, first.value.writtenAt) : undefined;
  await watchFor(settledMs, context.signal);
  const what = "a right message, sent after them, had the narrative written anew";
  return {
    ...base,
    forged: sumOf(forged),
    moved: await movedBy(context, one, other),
    controls: [{ what, moved: controlOf(right, first, again) }],
  };
}

function controlOf(
  right: Reading<unknown>,
  first: Reading<Narrative>,
  again: Reading<Narrative> | undefined,
): Reading<boolean> {
  if (!right.ok) return right;
  if (!first.ok) return first;
  return again?.ok === true ? { ...again, value: true } : read(false, right.source, new Date());
}

function sumOf(published: readonly Reading<{ readonly published: number }>[]): Reading<number> {
  let last: Reading<number> = unread("no message was sent", place, new Date());
  let sum = 0;
  for (const one of published) {
    if (!one.ok) return one;
    sum += one.value.published;
    last = { ...one, value: sum };
  }
  return last;
}

function messageOf({ session: { tenant }, record: { id, sha256, recordedAt } }: Seeded): UploadMessage {
  return { id, tenant, object: `${tenant}/${id}.json`, sha256, recordedAt };
}

/** The first tenant's record in the second's name, in each way that a message can say it. */
function forgeries(one: Seeded, other: Seeded): readonly UploadMessage[] {
  const right = messageOf(one);
  const { tenant, object = "", sha256 = "" } = messageOf(other);
  const { tenant: _, ...without } = right;
  return [
    { ...right, ...(tenant === undefined ? {} : { tenant }), object: `${tenant}/${right.id}.json` },
    { ...right, ...(tenant === undefined ? {} : { tenant }) },
    { ...right, object, sha256 },
    without,
  ];
}

async function movedBy(
  { cluster, profile }: CheckContext,
  one: Seeded,
  other: Seeded,
): Promise<Reading<readonly string[]>> {
  const { id } = one.record;
  const { tenant } = other.session;
  const stations = await readStations(cluster, profile, { tenant, id });
  if (!stations.ok) return stations;
  const told = await other.client.narrative(id);
  if (!told.ok) return told;
  const own = await one.client.narrative(id);
  if (!own.ok) return own;
  const { narrativeObject, narrativeRow, object } = stations.value;
  const effects = [
    ...(narrativeObject === null
      ? []
      : [`a narrative of ${one.session.tenant}'s record was written into the folder of ${tenant}`]),
    ...(object === null ? [] : [`${one.session.tenant}'s record came into the folder of ${tenant}`]),
    ...(narrativeRow === null
      ? []
      : [`a narrative of ${one.session.tenant}'s record was written among the rows of ${tenant}`]),
    ...(told.value.kind === "done"
      ? [`${other.session.user} reads the narrative of ${one.session.tenant}'s record`]
      : []),
    ...(own.value.kind === "done" && own.value.value.text.includes(other.canary)
      ? [`the narrative of ${one.session.tenant}'s record tells of ${tenant}`]
      : []),
  ];
  return read(effects, stations.source, new Date());
}

/** Waits for a narrative that was written at another time than the one that is known. */
async function narrated(
  { signal }: CheckContext,
  { client, record }: Seeded,
  known: string,
): Promise<Reading<Narrative>> {
  let last: Asked<Narrative> = unread("it was never asked for", `record ${record.id}`, new Date());
  const waited = await poll<Narrative>(
    async () => {
      last = await client.narrative(record.id);
      if (!last.ok) return { state: "not yet", seen: last.why };
      if (last.value.kind !== "done") return { state: "not yet", seen: saidOf(last.value) };
      return last.value.value.writtenAt === known
        ? { state: "not yet", seen: "it is the one that was known" }
        : { state: "yes", value: last.value.value };
    },
    { what: `the narrative of ${record.id}`, timeoutMs: narratedMs, everyMs: 250, signal },
  );
  return waited.ok
    ? read(waited.value, last.source, new Date())
    : unread(waited.why, `record ${record.id}`, new Date());
}
