/** The matrix of identity, operation, object and place, made from what an interface says of itself: gathers, and judges nothing. */
import { poll } from "../../harness/poll.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Operation } from "../../probes/openapi/document.ts";
import { generate, type Generated } from "../../probes/openapi/generate.ts";
import { listingOf } from "../../probes/openapi/listings.ts";
import { isMany, objectPlaces, placeName, type Place } from "../../probes/openapi/places.ts";
import { askAs, askTwice, type Answered, type Identity } from "../../probes/tenants/people.ts";
import type { Stage, Where } from "./stage.ts";
import type { Attack, Intrusion, Matrix, State, Trial } from "./tenant-matrix.judge.ts";

/** An object that a check has made. */
export type Kept = { readonly id: string; readonly canaries: readonly string[] };

/** What a check knows of one kind of objects, and no document tells. */
export type Keeper = {
  /** "record". */
  readonly what: string;
  readonly make: (owner: Identity) => Promise<Reading<Kept>>;
  /** The object as its owner sees it, in each way there is. */
  readonly look: (owner: Identity, kept: Kept) => Promise<readonly Reading<State>[]>;
  /** An id of the same shape that belongs to nothing. */
  readonly missing: () => string;
  /** Values of a change, each time others. */
  readonly change: () => Readonly<Record<string, unknown>>;
};

/** What a check knows of operations that make an object. */
export type Maker = {
  /** Fields of a new object, and a word in it that nothing else holds. */
  readonly fields: () => { readonly values: Readonly<Record<string, unknown>>; readonly canary: string };
  /** How many objects with that word somebody sees. */
  readonly count: (who: Identity, canary: string) => Promise<Reading<number>>;
};

export type Interface = {
  readonly operations: readonly Operation[];
  readonly where: Where;
  /** Undefined: nothing is known of this operation's objects. */
  readonly keeperOf: (operation: Operation) => Keeper | undefined;
  readonly maker: Maker;
  readonly people: readonly Identity[];
  readonly nobodies: Stage["nobodies"];
  readonly owners: readonly Identity[];
  /** Whether somebody must not get at what an owner has. */
  readonly isForeign: (one: Identity, owner: Identity) => boolean;
};

const trialsAtOnce = 4;
const makingsAtOnce = 2;
const readyWithinMs = 25_000;

/** Asks for the whole matrix. Lists without an object in their request are left to the check of lists. */
export async function gatherMatrix(asked: Interface): Promise<Matrix> {
  const { operations, owners, keeperOf } = asked;
  const unasked: { operation: string; why: string }[] = [];
  const trials: (() => Promise<Trial>)[] = [];
  const makings: Operation[] = [];
  for (const operation of operations.filter(isGuarded)) {
    const places = objectPlaces(operation);
    const keeper = keeperOf(operation);
    const { name } = operation;
    if (places.length === 0) {
      if (listingOf(operation) !== undefined) continue;
      const made = generate(operation, { values: asked.maker.fields().values });
      if ("why" in made) unasked.push({ operation: name, why: made.why });
      else makings.push(operation);
      continue;
    }
    for (const place of places) {
      const sample = generate(operation, wantedOf(operation, place, ["a"], keeper));
      if (keeper === undefined) unasked.push({ operation: name, why: "it is not known what its objects are" });
      else if ("why" in sample) unasked.push({ operation: name, why: sample.why });
      else trials.push(...owners.map((owner) => async () => tryAll(asked, { operation, place, keeper, owner })));
    }
  }
  const intruding = makings.flatMap((operation) => intrusionsOf(asked, operation));
  const [done, intrusions] = await Promise.all([
    fewAtATime(trials, trialsAtOnce, async (trial) => trial()),
    fewAtATime(intruding, makingsAtOnce, async (intrude) => intrude()),
  ]);
  return { trials: done, intrusions, unasked };
}

/** An operation that asks for no token and says nothing of objects has nothing to guard; any other is asked, whatever its document says. */
export function isGuarded(operation: Operation): boolean {
  const { secured, method } = operation;
  return secured || method !== "GET" || objectPlaces(operation).length > 0 || listingOf(operation) !== undefined;
}

type Aim = {
  readonly operation: Operation;
  readonly place: Place;
  readonly keeper: Keeper;
  readonly owner: Identity;
};

async function tryAll(asked: Interface, aim: Aim): Promise<Trial> {
  const { operation, place, keeper, owner } = aim;
  const about = { operation: operation.name, place: placeName(place), object: `${owner.name}'s ${keeper.what}` };
  const made = await keeper.make(owner);
  if (!made.ok) {
    const nothing = { canaries: [], attacks: [], attacked: [], used: [] };
    return { ...about, ...nothing, before: [made], byOwner: made };
  }
  const kept = made.value;
  const ask = async (who: Identity, ids: readonly [string, ...string[]], how: How = plainly): Promise<Answered> =>
    send(asked, who, generate(operation, wantedOf(operation, place, ids, keeper)), { how, owner });
  const isReading = operation.method === "GET" || listingOf(operation) !== undefined;
  const ready = isReading ? await untilShown(kept, asked.where.signal, () => ask(owner, [kept.id])) : undefined;
  const before = isReading ? [] : await keeper.look(owner, kept);
  const attacks = await attackAll(asked, aim, { kept, ask });
  const attacked = isReading ? [] : await keeper.look(owner, kept);
  const byOwner = ready?.ok === true ? await ask(owner, [kept.id]) : (ready ?? (await ask(owner, [kept.id])));
  const used = isReading ? [] : await keeper.look(owner, kept);
  return { ...about, canaries: kept.canaries, attacks, before, attacked, used, byOwner };
}

type Ask = (who: Identity, ids: readonly [string, ...string[]], how?: How) => Promise<Answered>;

async function attackAll(
  { people, nobodies, isForeign }: Interface,
  { operation, place, keeper, owner }: Aim,
  { kept, ask }: { readonly kept: Kept; readonly ask: Ask },
): Promise<readonly Attack[]> {
  const attacks: Attack[] = [];
  const others = people.filter((one) => isForeign(one, owner));
  for (const other of others) {
    for (const how of waysOf(operation)) {
      const missing = keeper.missing();
      const foreign = { id: kept.id, answer: await ask(other, [kept.id], how) };
      const absent = { id: missing, answer: await ask(other, [missing], how) };
      attacks.push({ as: other.name, signedIn: true, how: how.words, foreign, missing: absent });
    }
    if (!isMany(place)) continue;
    const own = await keeper.make(other);
    const answer = own.ok ? await ask(other, [own.value.id, kept.id]) : own;
    attacks.push({ as: other.name, signedIn: true, how: " beside an own one", foreign: { id: kept.id, answer } });
  }
  const [someone] = others;
  for (const nobody of someone === undefined ? [] : nobodies(owner, someone)) {
    const foreign = { id: kept.id, answer: await ask(nobody, [kept.id]) };
    attacks.push({ as: nobody.name, signedIn: false, how: "", foreign });
  }
  return attacks;
}

/** Some answers are there a while after the object, such as what another service writes of it. */
async function untilShown(kept: Kept, signal: AbortSignal, ask: () => Promise<Answered>): Promise<Answered> {
  let last: Answered = unread("it was never asked for", "", new Date());
  await poll(
    async () => {
      last = await ask();
      const { body = "" } = last.ok ? last.value : {};
      const isShown = kept.canaries.some((canary) => body.includes(canary));
      return isShown
        ? { state: "yes", value: true }
        : { state: "not yet", seen: last.ok ? `${last.value.status}` : last.why };
    },
    { what: "the object", timeoutMs: readyWithinMs, everyMs: 500, signal },
  );
  return last;
}

/** Where the owner's tenant and name are put besides, for a service that believes what a caller says. */
type How = { readonly words: string; readonly in: "nowhere" | "header" | "query" | "body" };

const plainly: How = { words: "", in: "nowhere" };

function waysOf({ body }: Operation): readonly How[] {
  const claimed = (where: "header" | "query" | "body"): How => ({
    words: ` with the owner's tenant in the ${where}`,
    in: where,
  });
  return [plainly, claimed("header"), claimed("query"), ...(body?.schema === undefined ? [] : [claimed("body")])];
}

async function send(
  { where }: Interface,
  who: Identity,
  generated: Generated | { readonly why: string },
  { how, owner, isMaking }: { readonly how: How; readonly owner: Identity; readonly isMaking?: true },
): Promise<Answered> {
  if ("why" in generated) return unread(generated.why, where.host, new Date());
  const { tenant, name } = owner;
  const { path, headers, json } = generated;
  const ask = isMaking === true ? askAs : askTwice;
  if (how.in === "header") {
    const claims = { "x-tenant": tenant, "x-tenant-id": tenant, "x-user": name, "x-user-id": name, "x-role": "admin" };
    return ask(where, who, { ...generated, headers: { ...headers, ...claims } });
  }
  if (how.in === "query") {
    const claims = new URLSearchParams({ tenant, user: name });
    return ask(where, who, { ...generated, path: `${path}${path.includes("?") ? "&" : "?"}${claims.toString()}` });
  }
  const claiming =
    how.in === "body" && typeof json === "object" && json !== null ? { json: { ...json, tenant, owner: name } } : {};
  return ask(where, who, { ...generated, ...claiming });
}

function wantedOf(
  { method }: Operation,
  place: Place,
  ids: readonly [string, ...string[]],
  keeper: Keeper | undefined,
): Parameters<typeof generate>[1] {
  const isChange = method === "PATCH" || method === "PUT";
  return { objects: { place, ids }, values: isChange ? (keeper?.change() ?? {}) : {} };
}

/** Making an object as each of those who are signed in, in each way, with each owner's tenant whose it must not become. */
function intrusionsOf(asked: Interface, operation: Operation): readonly (() => Promise<Intrusion>)[] {
  const { people, owners, isForeign, maker } = asked;
  return owners.flatMap((owner) =>
    people
      .filter((one) => isForeign(one, owner))
      .flatMap((other) =>
        waysOf(operation).map((how) => async (): Promise<Intrusion> => {
          const { values, canary } = maker.fields();
          const answer = await send(asked, other, generate(operation, { values }), { how, owner, isMaking: true });
          const guarded = people.filter((one) => isForeign(other, one));
          const [own, ...seen] = await Promise.all([other, ...guarded].map(async (one) => maker.count(one, canary)));
          const into = guarded.map(({ name }) => name).join(", ");
          const nobody: Reading<number> = unread("nobody looked", operation.name, new Date());
          return {
            operation: operation.name,
            as: other.name,
            how: how.words,
            into,
            answer,
            there: sum(seen),
            own: own ?? nobody,
          };
        }),
      ),
  );
}

/** All together; where one could not be read, the sum cannot be known. */
function sum(readings: readonly Reading<number>[]): Reading<number> {
  const [first, ...rest] = readings;
  if (first === undefined) return unread("nobody looked", "", new Date());
  return rest.reduce((whole, one) => {
    if (!whole.ok) return whole;
    return one.ok ? { ...whole, value: whole.value + one.value } : one;
  }, first);
}
