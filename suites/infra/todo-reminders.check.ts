/** todo-notification-delivered and todo-reminder-flow: reminders that come due while we look. */
import { criterionOf } from "../../criteria/catalogue.ts";
import { poll } from "../../harness/poll.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import { findSince, readBounds, type Bounds, type Found } from "../../probes/dapr-prober/kafka.ts";
import type { Task } from "../../probes/todo/answers.ts";
import type { TodoClient } from "../../probes/todo/client.ts";
import { openTodo } from "../../probes/todo/session.ts";
import { check, type CheckContext } from "../check.ts";
import { checkTag, doneOf, newNonce, removeOwn, watchFor } from "./todo-flow.ts";
import { unlessLeft } from "./todo-outcome.judge.ts";
import { judgeDelivered, judgeReminderFlow, type Flow, type Reminded, type Watched } from "./todo-reminders.judge.ts";
import { isLogged } from "../../probes/todo/events.ts";

const dueInMs = 4_000;
const laterMs = 3_600_000;
/** The flow's limit, the time until due, and a second to look. */
const waitedMs = 35_000;
/** More than a tick of the schedule: a second delivery would come with the next one. */
const watchedMs = 12_000;

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

check("todo-notification-delivered", async ({ profile, run, signal }) => {
  const wanted = {
    dueMin: criterionOf("todo-notification-delivered").evidence.samplesMin,
    watchedSeconds: waitedMs / 1000,
  };
  const session = await openTodo(profile, signal);
  if (!session.ok) return judgeDelivered(session, wanted);
  const [client] = session.value.clients;
  const nonce = newNonce(run.id);
  let left: string | undefined;
  let watched: Reading<Watched> | undefined;
  try {
    watched = read(await remindAndWatch(client, nonce, { dueMin: wanted.dueMin, signal }), session.source, new Date());
  } finally {
    left = await removeOwn(client, nonce, new Date());
  }
  return unlessLeft(judgeDelivered(watched, wanted), left);
});

async function remindAndWatch(
  client: TodoClient,
  nonce: string,
  { dueMin, signal }: { readonly dueMin: number; readonly signal: AbortSignal },
): Promise<Watched> {
  const remind = async (name: string, ms: number): Promise<Asked<Task>> =>
    client.create({ title: `${nonce} ${name}`, tags: [checkTag], remindAt: inMs(ms) });
  const reminded: Reminded[] = [];
  // The one that is taken back has more time: its withdrawal must be there before it is due.
  const withdrawn = await remind("withdrawn", 2 * dueInMs);
  const id = doneOf(withdrawn)?.id;
  const changed = id === undefined ? {} : { changed: await client.change(id, { remindAt: null }) };
  reminded.push({ fate: "withdrawn", task: withdrawn, ...changed });
  reminded.push({ fate: "later", task: await remind("later", laterMs) });
  for (let index = 0; index < dueMin; index += 1) {
    reminded.push({ fate: "due", task: await remind(`due ${index}`, dueInMs) });
  }
  const due = reminded.flatMap(({ fate, task }) => (fate === "due" ? [doneOf(task)?.id] : []));
  const look = async () => client.notifications();
  await poll(
    async () => {
      const seen = new Set(doneOf(await look())?.notifications.map(({ taskId }) => taskId));
      const missing = due.filter((taskId) => taskId !== undefined && !seen.has(taskId));
      return missing.length === 0
        ? { state: "yes", value: true }
        : { state: "not yet", seen: `${missing.length} are missing` };
    },
    { what: "the due reminders", timeoutMs: waitedMs, everyMs: 1_000, signal },
  );
  await watchFor(watchedMs, signal);
  return { reminded, inbox: await look() };
}

check("todo-reminder-flow", async ({ profile, run, cluster, signal }) => {
  const { evidence } = criterionOf("todo-reminder-flow");
  const limits = { flowsMin: evidence.samplesMin, lagSecondsMax: 30 };
  const session = await openTodo(profile, signal);
  if (!session.ok) return judgeReminderFlow(session, limits);
  const [client] = session.value.clients;
  const nonce = newNonce(run.id);
  let left: string | undefined;
  let flows: Flow[] = [];
  try {
    flows = await followAll(client, { profile, cluster, signal }, { nonce, count: limits.flowsMin });
  } finally {
    left = await removeOwn(client, nonce, new Date());
  }
  return unlessLeft(judgeReminderFlow(read(flows, session.source, new Date()), limits), left);
});

async function followAll(
  client: TodoClient,
  { profile, cluster, signal }: Pick<CheckContext, "profile" | "cluster" | "signal">,
  { nonce, count }: { readonly nonce: string; readonly count: number },
): Promise<Flow[]> {
  const bus = profile.eventBus;
  const [eventsBefore, remindersBefore] = await Promise.all([
    readBounds(cluster, bus, "task-events"),
    readBounds(cluster, bus, "reminders"),
  ]);
  const tasks: Asked<Task>[] = [];
  for (let index = 0; index < count; index += 1) {
    tasks.push(await client.create({ title: `${nonce} ${index}`, tags: [checkTag], remindAt: inMs(dueInMs) }));
  }
  const { notifiedAfter, lastLook } = await awaitNotifications(client, tasks, signal);
  const since = async (before: Reading<Bounds>): Promise<Reading<Found>> =>
    before.ok ? findSince(cluster, bus, before.value, nonce) : before;
  // One after the other: the prober's fetches would get into each other's way.
  const events = await since(eventsBefore);
  const reminders = await since(remindersBefore);
  return tasks.map((task): Flow => {
    const id = doneOf(task)?.id;
    if (id === undefined) return { task };
    const seconds = notifiedAfter.get(id);
    return {
      task,
      eventLogged: isLogged(events, { type: "task.created", taskId: id }),
      reminderLogged: isLogged(reminders, { type: "reminder.set", taskId: id }),
      ...(seconds === undefined ? {} : { notifiedAfterSeconds: seconds }),
      ...(lastLook === undefined ? {} : { lastLook }),
    };
  });
}

/** Seconds from due to first seen, of each task whose notification came. */
async function awaitNotifications(
  client: TodoClient,
  tasks: readonly Asked<Task>[],
  signal: AbortSignal,
): Promise<{ readonly notifiedAfter: ReadonlyMap<string, number>; readonly lastLook?: Flow["lastLook"] }> {
  const notifiedAfter = new Map<string, number>();
  const expected = tasks.flatMap((task) => doneOf(task) ?? []);
  let lastLook: Flow["lastLook"];
  await poll(
    async () => {
      lastLook = await client.notifications();
      const seen = new Set(doneOf(lastLook)?.notifications.map(({ taskId }) => taskId));
      for (const { id, remindAt = "" } of expected) {
        if (!seen.has(id) || notifiedAfter.has(id)) continue;
        notifiedAfter.set(id, (Date.now() - Date.parse(remindAt)) / 1000);
      }
      return notifiedAfter.size === expected.length
        ? { state: "yes", value: true }
        : { state: "not yet", seen: `${notifiedAfter.size} of ${expected.length}` };
    },
    { what: "the notifications", timeoutMs: waitedMs, everyMs: 500, signal },
  );
  return { notifiedAfter, ...(lastLook === undefined ? {} : { lastLook }) };
}
