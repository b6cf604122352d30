/** What admins and members can do with own objects and with a colleague's: gathers, and judges nothing. */
import { poll } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Operation } from "../../probes/openapi/document.ts";
import { canBeGiven, generate } from "../../probes/openapi/generate.ts";
import { listingOf, shownIn } from "../../probes/openapi/listings.ts";
import { objectPlaces, type Place } from "../../probes/openapi/places.ts";
import { askAs, askTwice, type Answered, type Identity } from "../../probes/tenants/people.ts";
import type { HealthObjects } from "./health-objects.ts";
import type { RoleTry, Roles } from "./roles.judge.ts";
import type { Seed } from "./seeds.ts";

const triesAtOnce = 5;
const readyWithinMs = 25_000;

/** Who tries, and what there is to be listed: `kind` is that of all the seeds. */
export type World = {
  readonly objects: HealthObjects;
  readonly people: readonly Identity[];
  readonly seeds: readonly Seed[];
  readonly kind: string;
};

/** Tries every operation of the document as everybody. Where something is done to an object, each try has one of its own. */
export async function gatherRoles(world: World, operations: readonly Operation[]): Promise<Roles> {
  const secured = operations.filter((one) => one.secured);
  const unasked: { operation: string; why: string }[] = [];
  const tries: (() => Promise<RoleTry>)[] = [];
  for (const operation of secured) {
    const [place] = objectPlaces(operation);
    const made = generate(operation, { values: place === undefined ? world.objects.fields().values : {} });
    if ("why" in made) unasked.push({ operation: operation.name, why: made.why });
    else tries.push(...world.people.map((who) => async () => tryAs(world, operation, who)));
  }
  return {
    tries: await fewAtATime(tries, triesAtOnce, async (one) => one()),
    operations: secured.map(({ name }) => name),
    unasked,
  };
}

async function tryAs(world: World, operation: Operation, who: Identity): Promise<RoleTry> {
  const about = { operation: operation.name, role: who.role === "admin" ? "admin" : "member", user: who.name } as const;
  const [place] = objectPlaces(operation);
  if (listingOf(operation) !== undefined && canBeGiven(operation, "kind"))
    return { ...about, ...(await list(world, operation, who)) };
  if (place === undefined) return { ...about, ...(await make(world, operation, who)) };
  const colleague = world.people.find((one) => one.tenant === who.tenant && one.name !== who.name);
  const nobody: Reading<boolean> = unread(`${who.name} has no colleague`, who.tenant, new Date());
  const [own, colleagues] = await Promise.all([
    use(world, { operation, place, who, owner: who }),
    colleague === undefined ? nobody : use(world, { operation, place, who, owner: colleague }),
  ]);
  return { ...about, own, colleagues };
}

type Both = Pick<RoleTry, "own" | "colleagues">;

/** Which of the seeds a list shows; where it shows none, which of them its total counts. */
async function list({ objects, seeds, kind }: World, operation: Operation, who: Identity): Promise<Both> {
  const both = (one: Reading<boolean>): Both => ({ own: one, colleagues: one });
  const answer = await send(objects, who, generate(operation, { values: { kind } }));
  if (!answer.ok) return both(answer);
  const { source, at, value } = answer;
  const because = (why: string): Both => both(unread(`${source}: ${why}`, source, new Date(at)));
  if (value.status === 403) return both(read(false, source, new Date(at)));
  const listing = listingOf(operation);
  const shown =
    value.status === 200 && listing !== undefined ? shownIn(listing, value) : { why: `answered with ${value.status}` };
  if ("why" in shown) return because(shown.why);
  const mine = seeds.filter(({ owner }) => owner.name === who.name).map(({ id }) => id);
  const others = seeds
    .filter(({ owner }) => owner.name !== who.name && owner.tenant === who.tenant)
    .map(({ id }) => id);
  const { ids, total = 0 } = shown;
  const told = (yes: boolean): Reading<boolean> => read(yes, source, new Date(at));
  if (ids !== undefined) {
    return { own: told(mine.every((id) => ids.includes(id))), colleagues: told(others.some((id) => ids.includes(id))) };
  }
  // An admin's seeds are not as many as a member's: a total tells whose it counts.
  if (![0, mine.length, others.length, mine.length + others.length].includes(total))
    return because(`a total of ${total}`);
  const isAll = total === mine.length + others.length;
  return { own: told(isAll || total === mine.length), colleagues: told(isAll || total === others.length) };
}

/** Making an object: it is one's own, or it is not made. */
async function make({ objects }: World, operation: Operation, who: Identity): Promise<Both> {
  const { values, canary } = objects.fields();
  const answer = await send(objects, who, generate(operation, { values }), true);
  if (!answer.ok) return { own: answer, colleagues: answer };
  const seen = await objects.count(who, canary);
  return { own: seen.ok ? { ...seen, value: seen.value === 1 } : seen, colleagues: { ...answer, value: false } };
}

type Use = { readonly operation: Operation; readonly place: Place; readonly who: Identity; readonly owner: Identity };

/** Whether something came of it: the object was shown, or its owner sees it changed or gone. */
async function use({ objects }: World, { operation, place, who, owner }: Use): Promise<Reading<boolean>> {
  const made = await objects.make(owner);
  if (!made.ok) return made;
  const { id, canaries } = made.value;
  const isReading = operation.method === "GET";
  const values = operation.method === "PATCH" || operation.method === "PUT" ? objects.change() : {};
  const generated = generate(operation, { objects: { place, ids: [id] }, values });
  const isShown = (answer: Answered): boolean =>
    answer.ok && canaries.some((canary) => answer.value.body.includes(canary));
  if (isReading) {
    const ready = await poll<true>(
      async () => {
        const answer = await send(objects, owner, generated);
        return isShown(answer)
          ? { state: "yes", value: true }
          : { state: "not yet", seen: answer.ok ? `${answer.value.status}` : answer.why };
      },
      { what: `${operation.name} by the owner`, timeoutMs: readyWithinMs, everyMs: 500, signal: objects.where.signal },
    );
    // Whoever may not read the own is refused like anybody: only the deadline tells.
    if (!ready.ok && who.name !== owner.name) return unread(ready.why, operation.name, new Date());
  }
  const before = await objects.look(owner, made.value);
  const answer = await send(objects, who, generated);
  if (!answer.ok) return answer;
  const { status } = answer.value;
  const { source, at } = answer;
  if (status >= 500 || status === 429) return unread(`${source}: answered with ${status}`, source, new Date(at));
  const after = await objects.look(owner, made.value);
  const failed = [...before, ...after].find((state) => !state.ok);
  if (failed !== undefined && !failed.ok) return unread(failed.why, failed.source, new Date());
  const was = new Set(before.map((state) => (state.ok ? state.value : undefined)));
  const isChanged = after.some((state) => state.ok && !was.has(state.value));
  return read(isShown(answer) || isChanged, source, new Date(at));
}

async function send(
  { where }: HealthObjects,
  who: Identity,
  generated: ReturnType<typeof generate>,
  isMaking?: true,
): Promise<Answered> {
  if ("why" in generated) return unread(generated.why, where.host, new Date());
  return isMaking === true ? askAs(where, who, generated) : askTwice(where, who, generated);
}
