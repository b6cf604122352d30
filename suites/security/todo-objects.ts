/** Tasks and notifications of the todo platform that a check across users makes, and taking all of them away again. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { newTitleMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Generated } from "../../probes/openapi/generate.ts";
import { askAs, askTwice, type Answered, type Identity } from "../../probes/tenants/people.ts";
import type { CheckContext } from "../check.ts";
import { parsed } from "./health-objects.ts";
import type { Where } from "./stage.ts";
import type { Keeper, Kept, Maker } from "./tenant-matrix.ts";
import type { State } from "./tenant-matrix.judge.ts";

const taskSchema = z.looseObject({ id: z.uuid(), title: z.string() });
const tasksSchema = z.object({ tasks: z.array(taskSchema), total: z.int() });
const notificationSchema = z.looseObject({ id: z.string().min(1), taskId: z.uuid(), title: z.string() });
const notificationsSchema = z.object({ notifications: z.array(notificationSchema) });

const path = "/api/v1/tasks";
const inbox = "/api/v1/notifications";
const remindInMs = 2_000;
const removalsAtOnce = 4;

export type TodoObjects = {
  readonly where: Where;
  readonly tasks: Keeper & Maker;
  readonly notifications: Keeper;
  /** Deletes all that was made, as those who made it. @returns a sentence where something is still there */
  readonly removeAll: (people: readonly Identity[]) => Promise<string | undefined>;
};

/** @param notifiedWithinMs more than a tick of the schedule that reminders are delivered by */
export function todoObjects(
  { profile, run, signal }: Pick<CheckContext, "profile" | "run" | "signal">,
  notifiedWithinMs: number,
): TodoObjects {
  const where = { host: profile.todo.host, timeoutMs: profile.timeouts.requestMs, signal };
  const marks = new Set<string>();
  const ask = async (who: Identity, method: Generated["method"], at: string, json?: unknown): Promise<Answered> =>
    (json === undefined ? askTwice : askAs)(where, who, {
      method,
      path: at,
      headers: {},
      ...(json === undefined ? {} : { json }),
    });
  const newTitle = (): string => {
    const title = newTitleMark(run.id);
    marks.add(title);
    return title;
  };
  const makeTask = async (owner: Identity, more: Readonly<Record<string, unknown>> = {}): Promise<Reading<Kept>> => {
    const title = newTitle();
    const made = parsed(await ask(owner, "POST", path, { title, ...more }), 201, taskSchema);
    return made.ok ? { ...made, value: { id: made.value.id, canaries: [title] } } : made;
  };
  const makeOneOrAnother: typeof makeTask = async (owner, more) => {
    const made = await makeTask(owner, more);
    // Another one, under another mark: what became of the first is found and taken away at the end.
    return made.ok ? made : makeTask(owner, more);
  };
  const tasksOf = async (who: Identity): Promise<Reading<z.output<typeof tasksSchema>>> =>
    parsed(await ask(who, "GET", `${path}?search=oke-proof&limit=200`), 200, tasksSchema);
  const inboxOf = async (who: Identity): Promise<Reading<z.output<typeof notificationsSchema>>> =>
    parsed(await ask(who, "GET", inbox), 200, notificationsSchema);
  const isOurs = ({ title }: { readonly title: string }): boolean => [...marks].some((mark) => title.startsWith(mark));
  return {
    where,
    tasks: {
      what: "task",
      make: async (owner) => makeOneOrAnother(owner),
      async look(owner, { id }) {
        const [one, all] = await Promise.all([ask(owner, "GET", `${path}/${id}`), tasksOf(owner)]);
        const isGone = one.ok && one.value.status === 404;
        const found = parsed(one, 200, taskSchema);
        const byId: Reading<State> = isGone ? { ...one, value: undefined } : stateOf(found);
        return [byId, all.ok ? { ...all, value: textOf(all.value.tasks.find((task) => task.id === id)) } : all];
      },
      missing: randomUUID,
      change: () => ({ title: newTitle() }),
      fields: () => {
        const canary = newTitle();
        return { values: { title: canary }, canary };
      },
      async count(who, canary) {
        const all = await tasksOf(who);
        return all.ok ? { ...all, value: all.value.tasks.filter(({ title }) => title === canary).length } : all;
      },
    },
    notifications: {
      what: "notification",
      async make(owner) {
        const task = await makeOneOrAnother(owner, { remindAt: new Date(Date.now() + remindInMs).toISOString() });
        if (!task.ok) return task;
        let id: string | undefined;
        const delivered = await poll<true>(
          async () => {
            const got = await inboxOf(owner);
            id = got.ok ? got.value.notifications.find(({ taskId }) => taskId === task.value.id)?.id : undefined;
            return id === undefined
              ? { state: "not yet", seen: got.ok ? "it is not there" : got.why }
              : { state: "yes", value: true };
          },
          { what: `${owner.name}'s notification`, timeoutMs: notifiedWithinMs, everyMs: 500, signal },
        );
        if (id === undefined) return unread(delivered.ok ? "" : delivered.why, inbox, new Date());
        return { ...task, value: { id, canaries: task.value.canaries } };
      },
      async look(owner, { id }) {
        const got = await inboxOf(owner);
        return [got.ok ? { ...got, value: textOf(got.value.notifications.find((one) => one.id === id)) } : got];
      },
      missing: () => `${randomUUID()}.1`,
      change: () => ({}),
    },
    async removeAll(people) {
      for (const who of people) {
        const [tasks, got] = await Promise.all([tasksOf(who), inboxOf(who)]);
        const paths = [
          ...(tasks.ok ? tasks.value.tasks.filter(isOurs).map(({ id }) => `${path}/${id}`) : []),
          ...(got.ok
            ? got.value.notifications.filter(isOurs).map(({ id }) => `${inbox}/${encodeURIComponent(id)}`)
            : []),
        ];
        await fewAtATime(paths, removalsAtOnce, async (one) => ask(who, "DELETE", one));
      }
      const seen = await Promise.all(people.flatMap((who) => [tasksOf(who), inboxOf(who)]));
      const unseen = seen.flatMap((one) => (one.ok ? [] : [one.why]));
      if (unseen[0] !== undefined) return `whether the tasks of this run are gone could not be read: ${unseen[0]}`;
      const left = seen.flatMap((one) =>
        one.ok ? ("tasks" in one.value ? one.value.tasks : one.value.notifications) : [],
      );
      const ours = left.filter(isOurs).length;
      return ours === 0 ? undefined : `${ours} tasks and notifications of this run could not be deleted`;
    },
  };
}

function stateOf(found: Reading<Readonly<Record<string, unknown>>>): Reading<State> {
  return found.ok ? { ...found, value: textOf(found.value) } : found;
}

/** Fields in one order, so that two ways of seeing the same thing give the same text. */
function textOf(found: Readonly<Record<string, unknown>> | undefined): State {
  if (found === undefined) return undefined;
  return JSON.stringify(Object.entries(found).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
