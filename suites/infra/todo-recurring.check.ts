/** todo-recurring-next-instance: a task of each rhythm, completed twice. */
import { criterionOf } from "../../criteria/catalogue.ts";
import { poll } from "../../harness/poll.ts";
import { read } from "../../harness/verdict.ts";
import type { TodoClient } from "../../probes/todo/client.ts";
import { openTodo } from "../../probes/todo/session.ts";
import { check } from "../check.ts";
import { checkTag, doneOf, newNonce, removeOwn, watchFor } from "./todo-flow.ts";
import { unlessLeft } from "./todo-outcome.judge.ts";
import { judgeNextInstance, type Recurrence } from "./todo-recurring.judge.ts";

/** Each over the end of a month or a year, where dates go wrong first. */
const rhythms = [
  { rhythm: "daily", dueAt: "2031-02-28T09:30:00.000Z", wantedDueAt: "2031-03-01T09:30:00.000Z" },
  { rhythm: "weekly", dueAt: "2031-12-29T09:30:00.000Z", wantedDueAt: "2032-01-05T09:30:00.000Z" },
  { rhythm: "monthly", dueAt: "2031-01-31T09:30:00.000Z", wantedDueAt: "2031-02-28T09:30:00.000Z" },
] as const;

/** A message takes milliseconds; a consumer that is starting takes seconds. */
const waitedSeconds = 20;
const watchedMs = 5_000;

check("todo-recurring-next-instance", async ({ profile, run, signal }) => {
  const wanted = { recurrencesMin: criterionOf("todo-recurring-next-instance").evidence.samplesMin, waitedSeconds };
  const session = await openTodo(profile, signal);
  if (!session.ok) return judgeNextInstance(session, wanted);
  const [client] = session.value.clients;
  const nonce = newNonce(run.id);
  let left: string | undefined;
  let recurrences: Recurrence[] = [];
  try {
    recurrences = await Promise.all(rhythms.map(async (one) => recur(client, one, { nonce, signal })));
  } finally {
    left = await removeOwn(client, nonce, new Date());
  }
  return unlessLeft(judgeNextInstance(read(recurrences, session.source, new Date()), wanted), left);
});

async function recur(
  client: TodoClient,
  { rhythm, dueAt, wantedDueAt }: (typeof rhythms)[number],
  { nonce, signal }: { readonly nonce: string; readonly signal: AbortSignal },
): Promise<Recurrence> {
  const title = `${nonce} ${rhythm}`;
  const created = await client.create({ title, tags: [checkTag], dueAt, recurring: rhythm });
  const begun = { rhythm, wantedDueAt, created };
  const id = doneOf(created)?.id;
  if (id === undefined) return begun;
  const completed = await client.change(id, { status: "done" });
  // A second completion is a second event: what a redelivered one looks like to the service behind it.
  const reopened = await client.change(id, { status: "open" });
  const completedAgain = await client.change(id, { status: "done" });
  const list = async () =>
    client.list([
      ["search", title],
      ["tag", checkTag],
    ]);
  await poll(
    async () =>
      (doneOf(await list())?.total ?? 0) > 1
        ? { state: "yes", value: true }
        : { state: "not yet", seen: "no next task" },
    { what: `the next ${rhythm} task`, timeoutMs: waitedSeconds * 1000, everyMs: 500, signal },
  );
  await watchFor(watchedMs, signal);
  return { ...begun, completed, reopened, completedAgain, listed: await list() };
}
