/** user-isolation-todo: every operation of the todo backend's own document, upon another user's tasks and notifications; and what every user is shown. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { read, unproven, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { canBeGiven, generate } from "../../probes/openapi/generate.ts";
import { listingOf, shownIn, type Listing } from "../../probes/openapi/listings.ts";
import { askTwice, type Answered, type Identity } from "../../probes/tenants/people.ts";
import { check } from "../check.ts";
import { unlessLeft } from "../infra/todo-outcome.judge.ts";
import { seedEach, type Seed } from "./seeds.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Lists, Question, Refusal } from "./tenant-lists.judge.ts";
import { refusalsOf } from "./tenant-lists.ts";
import { gatherMatrix } from "./tenant-matrix.ts";
import { evidenceOf, type Matrix } from "./tenant-matrix.judge.ts";
import { todoObjects, type TodoObjects } from "./todo-objects.ts";
import { judgeUserIsolation } from "./user-isolation-todo.judge.ts";

const file = "user-isolation-todo.json";
const questionsAtOnce = 6;
/** Three ticks of the local schedule, one of OKE's. */
const notifiedWithinMs = 40_000;

check("user-isolation-todo", async (context) => {
  const { evidenceDirectory } = context;
  const objects = todoObjects(context, notifiedWithinMs);
  const stage = await openStage(context, objects.where, "/api/openapi.json");
  if (!stage.ok) return unproven(stage.why);
  const { people } = stage.value;
  let left: string | undefined;
  let gathered: Reading<{ readonly matrix: Matrix; readonly lists: Lists }>;
  try {
    gathered = await gather({ objects, ...stage.value });
  } finally {
    left = await objects.removeAll(people);
  }
  if (!gathered.ok) return unproven(gathered.why);
  const { matrix, lists } = gathered.value;
  writeFileSync(join(evidenceDirectory, file), JSON.stringify({ lists, matrix: evidenceOf(matrix) }, undefined, 1));
  return unlessLeft(judgeUserIsolation(matrix, lists, file), left);
});

type World = Stage & { readonly objects: TodoObjects };

async function gather(world: World): Promise<Reading<{ readonly matrix: Matrix; readonly lists: Lists }>> {
  const { objects, operations, people, nobodies } = world;
  const { tasks, notifications } = objects;
  const asking = gatherMatrix({
    operations,
    where: objects.where,
    keeperOf: ({ path }) =>
      path.startsWith("/api/v1/tasks") ? tasks : path.startsWith("/api/v1/notifications") ? notifications : undefined,
    maker: tasks,
    people,
    nobodies,
    owners: people.filter(({ role }) => role === "member"),
    isForeign: (one, owner) => one.name !== owner.name,
  });
  // A notification of each user, and with it a task: both are there to be shown to somebody else.
  const seeding = seedEach(people, { admin: 1, member: 1 }, async (who) => notifications.make(who));
  const [matrix, seeds] = await Promise.all([asking, seeding]);
  if (!seeds.ok) return seeds;
  const lists = await askLists(world, seeds.value);
  return read({ matrix, lists }, seeds.source, new Date());
}

async function askLists({ objects, operations, people, nobodies }: World, seeds: readonly Seed[]): Promise<Lists> {
  const unasked: { operation: string; why: string }[] = [];
  const asking: (() => Promise<Question>)[] = [];
  const refused: (() => Promise<readonly Refusal[]>)[] = [];
  for (const operation of operations.filter(({ secured }) => secured)) {
    const listing = listingOf(operation);
    if (listing === undefined) continue;
    const limit = canBeGiven(operation, "limit") ? { limit: 200 } : {};
    const sample = generate(operation, { values: limit });
    if ("why" in sample) {
      unasked.push({ operation: operation.name, why: sample.why });
      continue;
    }
    const ask = async (as: Identity, about: string, values: Readonly<Record<string, unknown>>): Promise<Question> => {
      const generated = generate(operation, { values: { ...limit, ...values } });
      const answer = await askTwice(objects.where, as, "why" in generated ? sample : generated);
      return {
        operation: operation.name,
        about,
        as: as.name,
        ...partOf(seeds, as, { listing, answer, isSearch: about !== everything }),
      };
    };
    refused.push(async () =>
      refusalsOf({ where: objects.where, world: { people, nobodies, seeds } }, operation, limit),
    );
    for (const as of people) {
      asking.push(async () => ask(as, everything, {}));
      if (!canBeGiven(operation, "search")) continue;
      const others = seeds.filter(({ owner }) => owner.name !== as.name);
      asking.push(
        ...others.map(
          ({ owner, word }) =>
            async () =>
              ask(as, `found by ${owner.name}'s title`, { search: word }),
        ),
      );
    }
  }
  const questions = await fewAtATime(asking, questionsAtOnce, async (ask) => ask());
  const refusals = await fewAtATime(refused, questionsAtOnce, async (ask) => ask());
  return { questions, refusals: refusals.flat(), unasked };
}

const everything = "of everything";

type Told = { readonly listing: Listing; readonly answer: Answered; readonly isSearch: boolean };

/** A search for another's title finds nothing; a list of everything holds the own word, whatever its id. */
function partOf(
  seeds: readonly Seed[],
  as: Identity,
  { listing, answer, isSearch }: Told,
): Pick<Question, "foreign" | "ids" | "total" | "own" | "all"> {
  if (!answer.ok) return { foreign: answer, own: [] };
  const { source, at, value } = answer;
  const nothing = (why: string) => ({
    foreign: unread<readonly string[]>(`${source}: ${why}`, source, new Date(at)),
    own: [],
  });
  if (value.bodyCut) return nothing("the answer is longer than is read");
  const leaked = seeds.filter(({ owner, word }) => owner.name !== as.name && value.body.includes(word));
  const foreign = read(
    leaked.map(({ owner }) => owner.name),
    source,
    new Date(at),
  );
  if (leaked.length > 0) return { foreign, own: [] };
  if (value.status !== 200) return nothing(`answered with ${value.status}: ${value.body.slice(0, 120)}`);
  const shown = shownIn(listing, value);
  if ("why" in shown) return nothing(shown.why);
  if (isSearch) return { foreign, ...shown, own: [], all: [] };
  const isOwnShown = seeds.some(({ owner, word }) => owner.name === as.name && value.body.includes(word));
  return { foreign, ...shown, own: isOwnShown ? [] : [`${as.name}'s own`] };
}
