/** The topics of the todo platform: what their events say, and what comes of such as tell of one tenant's task in another's name. */
import { randomUUID } from "node:crypto";
import { newTitleMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { findSince, produce, readBounds, type Bounds } from "../../probes/dapr-prober/kafka.ts";
import { saidOf, type Asked } from "../../probes/http/outcome.ts";
import type { Task } from "../../probes/todo/answers.ts";
import { eventsAbout } from "../../probes/todo/events.ts";
import type { Session } from "../../probes/sign-in/session.ts";
import type { CheckContext } from "../check.ts";
import { checkTag, doneOf, removeOwn } from "../infra/todo-flow.ts";
import type { Channel } from "./tenant-messages.judge.ts";
import { todoSideOf, type Seeded, type TodoSide } from "./two-tenants.ts";

const topics = ["task-events", "reminders", "task-updates"];
const dueInMs = 4_000;
const laterMs = 3_600_000;
/** Until due, a tick of the schedule, and a look. */
const waitedMs = 30_000;
const forgedSource = "oke-proof-forged";
/** One for each partition, whichever the right one takes. */
const copies = 3;

/** Makes tasks of the first tenant, tells of them in the second's name, and looks at what came to both. */
export async function throughBroker(context: CheckContext, [one, other]: readonly [Seeded, Seeded]): Promise<Channel> {
  const owner: TodoSide = todoSideOf(context, one.session);
  const stranger: TodoSide = todoSideOf(context, other.session);
  const title = newTitleMark(context.run.id);
  try {
    return await followed(context, { owner, stranger, title });
  } finally {
    await Promise.all([owner, stranger].map(async ({ client }) => removeOwn(client, title, new Date())));
  }
}

async function followed(
  context: CheckContext,
  { owner, stranger, title }: { readonly owner: TodoSide; readonly stranger: TodoSide; readonly title: string },
): Promise<Channel> {
  const { tenant, user } = owner.session;
  const base = { name: "kafka", owner: { tenant, user }, places: topics };
  const { cluster, profile } = context;
  const before = new Map<string, Reading<Bounds>>();
  for (const topic of topics) before.set(topic, await readBounds(cluster, profile.eventBus, topic));
  const remind = async (name: string, ms: number): Promise<Asked<Task>> => {
    const remindAt = new Date(Date.now() + ms).toISOString();
    return owner.client.create({ title: `${title} ${name}`, tags: [checkTag], remindAt });
  };
  const reminded = await remind("reminded", laterMs);
  const recurring = await owner.client.create({
    title: `${title} recurring`,
    tags: [checkTag],
    recurring: "daily",
    dueAt: "2031-02-28T09:30:00.000Z",
  });
  const [task, other] = [doneOf(reminded), doneOf(recurring)];
  if (task === undefined || other === undefined) {
    const none = unread<never>(
      `tasks of ${user} could not be made: ${whyNot(reminded) ?? whyNot(recurring)}`,
      "todo",
      new Date(),
    );
    return { ...base, messages: none, forged: none, moved: none, controls: [] };
  }
  const forged = await forge(context, { task, other, stranger: stranger.session });
  // After the forged ones, which stand in every partition: when these are through, those were.
  await owner.client.change(other.id, { status: "done" });
  const due = await remind("due", dueInMs);
  const controls = await awaitRight(context, owner, { due: doneOf(due)?.id ?? "", completed: other.id });
  const moved = await movedTo(stranger, { title, owner: user });
  return { ...base, messages: await genuine(context, before, task.id), forged, moved, controls };
}

/** A reminder and a completion of the owner's tasks, which name the stranger. */
async function forge(
  { cluster, profile: { eventBus } }: CheckContext,
  { task, other, stranger }: { readonly task: Task; readonly other: Task; readonly stranger: Session },
): Promise<Reading<number>> {
  const { tenant, user } = stranger;
  const at = new Date().toISOString();
  const named = (taskId: string, id: string) => ({ id, at, tenant, user, taskId });
  const numbers = Array.from({ length: copies }, (_, index) => index);
  const reminders = numbers.map((index) =>
    cloudEvent({
      ...named(task.id, `${task.id}.9${index}.set`),
      type: "reminder.set",
      reminderId: `${task.id}.9${index}`,
      remindAt: at,
      title: `${task.title} forged`,
    }),
  );
  const completed = numbers.map((index) =>
    cloudEvent({
      ...named(other.id, `${other.id}.9${index}.task.completed`),
      type: "task.completed",
      task: { id: other.id, status: "done", recurring: other.recurring, dueAt: other.dueAt },
    }),
  );
  const sent = await produce(cluster, eventBus, "reminders", reminders);
  if (!sent.ok) return sent;
  const also = await produce(cluster, eventBus, "task-events", completed);
  return also.ok ? { ...also, value: sent.value.acknowledged.length + also.value.acknowledged.length } : also;
}

function cloudEvent(data: Readonly<Record<string, unknown>>): string {
  const about = { specversion: "1.0", type: "com.dapr.event.sent", source: forgedSource, id: randomUUID() };
  return JSON.stringify({ ...about, datacontenttype: "application/json", data });
}

/** What the right events, sent after the forged ones, moved: the reminder came to its owner, and the next task was made. */
async function awaitRight(
  { signal }: CheckContext,
  { client }: TodoSide,
  { due, completed }: { readonly due: string; readonly completed: string },
): Promise<Channel["controls"]> {
  let inbox: Reading<boolean> = unread("the inbox was never looked into", "todo", new Date());
  let next: Reading<boolean> = unread("the next task was never looked for", "todo", new Date());
  await poll(
    async () => {
      inbox = seen(await client.notifications(), ({ notifications }) =>
        notifications.some(({ taskId }) => taskId === due),
      );
      next = seen(await client.find(completed), ({ nextId }) => nextId !== undefined);
      return inbox.ok && inbox.value && next.ok && next.value
        ? { state: "yes", value: true }
        : { state: "not yet", seen: "not both" };
    },
    { what: "what the right events move", timeoutMs: waitedMs, everyMs: 500, signal },
  );
  return [
    { what: "a right reminder, sent after them, came to its owner", moved: inbox },
    { what: "a right completion, sent after them, had the next task made", moved: next },
  ];
}

/** Whatever of the owner's tasks is found with the stranger. */
async function movedTo(
  { client, session }: TodoSide,
  { title, owner }: { readonly title: string; readonly owner: string },
): Promise<Reading<readonly string[]>> {
  const inbox = await client.notifications();
  const tasks = await client.list([["search", title]]);
  const notified = doneOf(inbox)?.notifications.filter((one) => one.title.includes(title));
  const found = doneOf(tasks)?.total;
  if (notified === undefined) return unread(`the inbox of ${session.user}: ${whyNot(inbox)}`, inbox.source, new Date());
  if (found === undefined) return unread(`the tasks of ${session.user}: ${whyNot(tasks)}`, tasks.source, new Date());
  const effects = [
    ...(notified.length === 0 ? [] : [`${session.user} was reminded of a task of ${owner}`]),
    ...(found === 0 ? [] : [`${session.user} was made ${found} tasks after one of ${owner}`]),
  ];
  return read(effects, inbox.source, new Date());
}

/** The events of all topics about a task, without the forged ones. */
async function genuine(
  { cluster, profile: { eventBus } }: CheckContext,
  before: ReadonlyMap<string, Reading<Bounds>>,
  taskId: string,
): Promise<Channel["messages"]> {
  const messages: { where: string; tenant?: string; user?: string }[] = [];
  let source = "the prober";
  for (const [topic, bounds] of before) {
    if (!bounds.ok) return bounds;
    const found = await findSince(cluster, eventBus, bounds.value, taskId);
    const events = eventsAbout(found, taskId);
    if (!events.ok) return events;
    source = events.source;
    const right = events.value.filter((one) => one.source !== forgedSource);
    messages.push(
      ...right.map(({ tenant, user }) => ({
        where: topic,
        ...(tenant === undefined ? {} : { tenant }),
        ...(user === undefined ? {} : { user }),
      })),
    );
  }
  return read(messages, source, new Date());
}

function seen<T>(asked: Asked<T>, holds: (value: T) => boolean): Reading<boolean> {
  const value = doneOf(asked);
  return value === undefined
    ? unread(whyNot(asked) ?? "it was not answered", asked.source, new Date())
    : read(holds(value), asked.source, new Date(asked.at));
}

function whyNot(asked: Asked<unknown>): string | undefined {
  if (!asked.ok) return asked.why;
  return asked.value.kind === "done" ? undefined : saidOf(asked.value);
}
