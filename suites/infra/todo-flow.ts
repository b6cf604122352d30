/** What the checks of the todo platform share: names by which a run's tasks are known, and leaving nothing behind. */
import { isMarked, newMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import type { TodoClient } from "../../probes/todo/client.ts";

/** The tag of every task that a check makes. */
export const checkTag = "oke-proof";

/** A word that no other task holds, and the mark by which an undo finds those of a killed run: titles begin with it. */
export function newNonce(runId: string): string {
  return newMark(runId);
}

/** What was asked for, where it was done. */
export function doneOf<T>(asked: Asked<T>): T | undefined {
  return asked.ok && asked.value.kind === "done" ? asked.value.value : undefined;
}

/** How long a run's tasks are left alone by other runs. */
const leftBehindMs = 15 * 60_000;
const removalsAtOnce = 4;

/**
 * Deletes the tasks and notifications of a run, and those that a run left behind which ended before it could.
 * @returns a sentence where some of its own are still there afterwards
 */
export async function removeOwn(client: TodoClient, nonce: string, now: Date): Promise<string | undefined> {
  const isOwn = (title: string, since: string): boolean =>
    title.includes(nonce) || (isMarked(title) && now.getTime() - Date.parse(since) > leftBehindMs);
  const tasks = doneOf(await client.list([...ofChecks, ["limit", "200"]]))?.tasks ?? [];
  const goingTasks = tasks.filter(({ title, createdAt }) => isOwn(title, createdAt));
  await fewAtATime(goingTasks, removalsAtOnce, async ({ id }) => client.remove(id));
  const notifications = doneOf(await client.notifications())?.notifications ?? [];
  const goingNotifications = notifications.filter(({ title, deliveredAt }) => isOwn(title, deliveredAt));
  await fewAtATime(goingNotifications, removalsAtOnce, async ({ id }) => client.forget(id));
  const left = doneOf(await client.list([...ofChecks, ["search", nonce]]));
  if (left === undefined) return "whether the tasks of this run are gone could not be read";
  return left.total === 0 ? undefined : `${left.total} tasks of this run could not be deleted`;
}

const ofChecks: readonly (readonly [string, string])[] = [["tag", checkTag]];

/** Lets time pass in which something that must not happen would happen. */
export async function watchFor(ms: number, signal: AbortSignal): Promise<void> {
  const until = performance.now() + ms;
  await poll(
    async () =>
      performance.now() >= until ? { state: "yes", value: true } : { state: "not yet", seen: "time passes" },
    { what: `${ms} ms of looking on`, timeoutMs: ms + 2_000, everyMs: 500, signal },
  );
}
