/** Two users of two tenants who are signed in, and records of theirs that nobody can guess: what the checks of isolation begin with. */
import { newMark } from "../../harness/mark.ts";
import { read, unread, type Reading, type Verdict } from "../../harness/verdict.ts";
import { healthClient, type HealthClient, type StoredRecord } from "../../probes/health-api/client.ts";
import { saidOf } from "../../probes/http/outcome.ts";
import type { OwnedObject } from "../../probes/service-prober/tenants.ts";
import { signIn, type Session } from "../../probes/sign-in/session.ts";
import { todoClient, type TodoClient } from "../../probes/todo/client.ts";
import type { CheckContext } from "../check.ts";
import { unlessLeft } from "../infra/todo-outcome.judge.ts";

type Context = Pick<CheckContext, "profile" | "signal" | "run">;

export type TwoSessions = readonly [Session, Session];

/** A user with a record, found again by its canary wherever it stands. */
export type Seeded = {
  readonly session: Session;
  readonly client: HealthClient;
  readonly canary: string;
  readonly record: StoredRecord;
};

/** Signs in the admin of each of the profile's first two tenants: who may see most of an own tenant, and nothing of another. */
export async function signInTwo({ profile, signal }: Context): Promise<Reading<TwoSessions>> {
  const [first, second] = profile.tenants;
  const source = `tenants ${profile.tenants.map(({ name }) => name).join(", ")}`;
  if (first === undefined || second === undefined)
    return unread("the profile names no two tenants", source, new Date());
  const [one, other] = await Promise.all([signIn(profile, first.admin, signal), signIn(profile, second.admin, signal)]);
  if (!one.ok) return one;
  if (!other.ok) return other;
  return one.value.tenant === other.value.tenant
    ? unread(`${first.admin} and ${second.admin} are of one tenant`, source, new Date())
    : read([one.value, other.value], source, new Date());
}

/** One tenant's side of the todo platform. */
export type TodoSide = { readonly session: Session; readonly client: TodoClient };

/** The todo platform as two users of two tenants have it. */
export async function todoSides(context: Context): Promise<Reading<readonly [TodoSide, TodoSide]>> {
  const sessions = await signInTwo(context);
  if (!sessions.ok) return sessions;
  const [one, other] = sessions.value;
  return { ...sessions, value: [todoSideOf(context, one), todoSideOf(context, other)] };
}

/** The todo platform as who is signed in has it. */
export function todoSideOf({ profile, signal }: Pick<Context, "profile" | "signal">, session: Session): TodoSide {
  const { endpoint, authority, token } = session;
  const timeoutMs = profile.timeouts.requestMs;
  return { session, client: todoClient({ endpoint, authority, token, host: profile.todo.host, timeoutMs, signal }) };
}

/** The objects that the records stand in, as the Health API names them. */
export function ownedObjects(seeded: readonly Seeded[]): readonly OwnedObject[] {
  return seeded.map(({ session: { tenant }, record: { id }, canary }) => ({
    tenant,
    id,
    key: `${tenant}/${id}.json`,
    text: canary,
  }));
}

/** Judges with two records at hand, and takes them away again: a pass that leaves one behind is none. */
export async function withSeeded(
  context: Context,
  judge: (seeded: Reading<readonly [Seeded, Seeded]>) => Promise<Verdict>,
): Promise<Verdict> {
  const seeded = await seedTwo(context);
  let left: readonly string[] = [];
  let verdict: Verdict;
  try {
    verdict = await judge(seeded);
  } finally {
    left = await removeSeeded(seeded.ok ? seeded.value : []);
  }
  return unlessLeft(verdict, left.length === 0 ? undefined : left.join("; "));
}

/** Uploads one record for each of two users. `ok: false` where one could not be; what was uploaded is removed again then. @param sent further headers of every request */
async function seedTwo(
  context: Context,
  sent: Readonly<Record<string, string>> = {},
): Promise<Reading<readonly [Seeded, Seeded]>> {
  const sessions = await signInTwo(context);
  if (!sessions.ok) return sessions;
  const [one, other] = await Promise.all([
    seed(context, sessions.value[0], sent),
    seed(context, sessions.value[1], sent),
  ]);
  if (one.ok && other.ok) return read([one.value, other.value], sessions.source, new Date());
  await removeSeeded([one, other].flatMap((seeded) => (seeded.ok ? [seeded.value] : [])));
  return unread(
    [one, other].flatMap((seeded) => (seeded.ok ? [] : [seeded.why])).join("; "),
    sessions.source,
    new Date(),
  );
}

/** Takes the records away again. @returns a sentence for each that is still there */
async function removeSeeded(seeded: readonly Seeded[]): Promise<readonly string[]> {
  const removed = await Promise.all(
    seeded.map(async ({ client, record, session }) => {
      const gone = await client.remove(record.id);
      const why = gone.ok ? (gone.value.kind === "done" ? undefined : saidOf(gone.value)) : gone.why;
      return why === undefined ? [] : [`the record of ${session.user} could not be taken away again: ${why}`];
    }),
  );
  return removed.flat();
}

async function seed(
  { profile, signal, run }: Context,
  session: Session,
  sent: Readonly<Record<string, string>>,
): Promise<Reading<Seeded>> {
  const client = healthClient(profile, session, signal, sent);
  const canary = newMark(run.id);
  const measuredAt = new Date().toISOString();
  const stored = await client.upload({ kind: canary, value: 61, unit: "bpm", measuredAt });
  if (!stored.ok) return stored;
  const { value, source, at } = stored;
  return value.kind === "done"
    ? read({ session, client, canary, record: value.value }, source, new Date(at))
    : unread(`an upload of ${session.user} was ${saidOf(value)}`, source, new Date(at));
}
