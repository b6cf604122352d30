/** Lists, searches, totals, pages and exports of the Health API, asked as every user: gathers, and judges nothing. */
import { read, unread } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Operation } from "../../probes/openapi/document.ts";
import { canBeGiven, generate } from "../../probes/openapi/generate.ts";
import { listingOf, shownIn, type Listing, type Shown } from "../../probes/openapi/listings.ts";
import { askTwice, type Answered, type Identity } from "../../probes/tenants/people.ts";
import type { HealthObjects } from "./health-objects.ts";
import type { Seed } from "./seeds.ts";
import type { Stage, Where } from "./stage.ts";
import type { Lists, Question, Refusal } from "./tenant-lists.judge.ts";

const questionsAtOnce = 5;
const pageSize = 100;
const pagesMax = 50;
const attemptsMax = 3;

/** Who asks, and what there is to be shown: `kind` is that of all the seeds, of every tenant. */
export type World = {
  readonly people: readonly Identity[];
  readonly nobodies: Stage["nobodies"];
  readonly seeds: readonly Seed[];
  readonly kind: string;
};
type Listed = { readonly operation: Operation; readonly listing: Listing };

/** Asks every operation of the document that answers with a list, as everybody, in each way that it can be asked. */
export async function gatherLists(
  { where }: HealthObjects,
  operations: readonly Operation[],
  world: World,
): Promise<Lists> {
  const listed = operations.flatMap((operation): Listed[] => {
    const listing = listingOf(operation);
    return listing === undefined ? [] : [{ operation, listing }];
  });
  const unasked: { operation: string; why: string }[] = [];
  const asking: (() => Promise<readonly Question[]>)[] = [];
  const refused: (() => Promise<readonly Refusal[]>)[] = [];
  for (const one of listed) {
    const { operation } = one;
    const sample = generate(operation, { values: { kind: world.kind } });
    if ("why" in sample) unasked.push({ operation: operation.name, why: sample.why });
    else if (!canBeGiven(operation, "kind")) unasked.push({ operation: operation.name, why: "it takes no kind" });
    else {
      asking.push(...world.people.map((as) => async () => questionsOf({ where, world, as }, one)));
      refused.push(async () => refusalsOf({ where, world }, operation, { kind: world.kind }));
    }
  }
  const questions = await fewAtATime(asking, questionsAtOnce, async (ask) => ask());
  const refusals = await fewAtATime(refused, questionsAtOnce, async (ask) => ask());
  return { questions: questions.flat(), refusals: refusals.flat(), unasked };
}

type Asking = { readonly where: Where; readonly world: World; readonly as: Identity };

async function questionsOf(asking: Asking, listed: Listed): Promise<readonly Question[]> {
  const { world, as } = asking;
  const { operation, listing } = listed;
  const own = world.seeds.filter(({ owner }) => owner.name === as.name).map(({ id }) => id);
  const all = world.seeds.filter(({ owner }) => owner.tenant === as.tenant).map(({ id }) => id);
  const { kind } = world;
  const about = (words: string, part: Part): Question => ({
    operation: operation.name,
    about: words,
    as: as.name,
    own,
    ...part,
  });
  const questions = [about("of one kind", { ...(await once(asking, listed, { kind })), all })];
  if (canBeGiven(operation, "offset")) {
    const { ids: _, ...beyond } = await once(asking, listed, { kind, offset: 100_000 });
    // Nothing is shown there: what is left to look at is the total.
    questions.push(about("beyond the end", { ...beyond, all }));
  }
  if (listing.objects !== undefined && canBeGiven(operation, "limit") && canBeGiven(operation, "offset")) {
    questions.push(about("page by page", { ...(await walk(asking, listed, { kind }, 1)), all }));
  }
  return [...questions, about("of everything", await everything(asking, listed, own))];
}

type Part = Pick<Question, "foreign" | "ids" | "total" | "all">;

/**
 * Others add and delete records meanwhile, which shifts pages: what is right once counts no foreign records, since those are there all the
 * time; a total that is too high each time does.
 */
async function everything(asking: Asking, listed: Listed, own: readonly string[]): Promise<Part> {
  const { operation } = listed;
  const looks: Part[] = [];
  while (looks.length < attemptsMax) {
    const isPaged = canBeGiven(operation, "limit") && canBeGiven(operation, "offset");
    const look = await (isPaged ? walk(asking, listed, {}, pageSize) : once(asking, listed, {}));
    const { foreign, ids, total } = look;
    if (!foreign.ok || foreign.value.length > 0 || ids === undefined) return look;
    if (own.every((id) => ids.includes(id)) && (total === undefined || total === ids.length)) return look;
    looks.push(look);
  }
  const [last] = looks;
  const areTooHigh = looks.every(({ ids = [], total = 0 }) => total > ids.length);
  if (areTooHigh && last !== undefined) return last;
  return { foreign: unread("its records changed at each look", operation.name, new Date()) };
}

async function once(
  asking: Asking,
  { operation, listing }: Listed,
  values: Readonly<Record<string, unknown>>,
): Promise<Part> {
  const generated = generate(operation, { values });
  if ("why" in generated) return { foreign: unread(generated.why, operation.name, new Date()) };
  return partOf(asking, listing, await askTwice(asking.where, asking.as, generated));
}

/** All pages, the total of the last one. */
async function walk(
  asking: Asking,
  listed: Listed,
  values: Readonly<Record<string, unknown>>,
  limit: number,
): Promise<Part> {
  const ids: string[] = [];
  const foreign: string[] = [];
  for (let page = 0; page < pagesMax; page += 1) {
    const part = await once(asking, listed, { ...values, limit, offset: page * limit });
    if (!part.foreign.ok) return part;
    foreign.push(...part.foreign.value);
    ids.push(...(part.ids ?? []));
    if ((part.ids ?? []).length < limit) return { ...part, ids, foreign: { ...part.foreign, value: foreign } };
  }
  return { foreign: unread(`there are more than ${pagesMax} pages`, listed.operation.name, new Date()) };
}

function partOf({ world, as }: Asking, listing: Listing, answer: Answered): Part {
  if (!answer.ok) return { foreign: answer };
  const { source, at, value } = answer;
  const nothing = (why: string): Part => ({ foreign: unread(why, source, new Date(at)) });
  if (value.bodyCut) return nothing("the answer is longer than is read");
  const text = `${value.body}\n${JSON.stringify(value.headers)}`;
  const leaked = world.seeds.filter(
    ({ owner, id, word }) => owner.tenant !== as.tenant && (text.includes(word) || text.includes(id)),
  );
  const foreign = read(
    leaked.map(({ owner }) => owner.tenant),
    source,
    new Date(at),
  );
  if (leaked.length > 0) return { foreign };
  if (value.status !== 200) return nothing(`answered with ${value.status}: ${value.body.slice(0, 120)}`);
  const shown: Shown | { readonly why: string } = shownIn(listing, value);
  return "why" in shown ? nothing(shown.why) : { foreign, ...shown };
}

/** The same question of all who are nobody. @param values what it is asked with */
export async function refusalsOf(
  { where, world }: { readonly where: Where; readonly world: Omit<World, "kind"> },
  operation: Operation,
  values: Readonly<Record<string, unknown>>,
): Promise<readonly Refusal[]> {
  const generated = generate(operation, { values });
  const [owner] = world.people;
  const other = world.people.find((one) => one.tenant !== owner?.tenant);
  if ("why" in generated || owner === undefined || other === undefined) return [];
  return Promise.all(
    world.nobodies(owner, other).map(async (nobody): Promise<Refusal> => {
      const answer = await askTwice(where, nobody, generated);
      const leaked = answer.ok && world.seeds.some(({ word }) => answer.value.body.includes(word));
      return { operation: operation.name, as: nobody.name, answer, leaked };
    }),
  );
}
