/** Records of the Health API that a check across tenants makes, and taking all of them away again. */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { z } from "zod";
import { newMark } from "../../harness/mark.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Generated } from "../../probes/openapi/generate.ts";
import { askAs, askTwice, type Answered, type Identity } from "../../probes/tenants/people.ts";
import type { CheckContext } from "../check.ts";
import type { Where } from "./stage.ts";
import type { Keeper, Kept, Maker } from "./tenant-matrix.ts";
import type { State } from "./tenant-matrix.judge.ts";

const recordSchema = z.looseObject({ id: z.uuid(), kind: z.string(), unit: z.string() });
const pageSchema = z.object({ records: z.array(recordSchema), total: z.int() });
type StoredRecord = z.output<typeof recordSchema>;

const path = "/api/v1/records";
const pageSize = 100;
const pagesMax = 50;

export type HealthObjects = Keeper &
  Maker & {
    readonly where: Where;
    /** Makes a record of a kind that others may have too; its unit is a word of its own. */
    readonly makeOf: (owner: Identity, kind: string) => Promise<Reading<Kept>>;
    /** Deletes all that was made, as those who made it. @returns a sentence where something is still there */
    readonly removeAll: (people: readonly Identity[]) => Promise<string | undefined>;
  };

/** What a run makes of records. Every kind is a mark of the run, so that `oke-proof undo` finds what this could not take away. */
export function healthObjects({
  profile,
  run,
  signal,
}: Pick<CheckContext, "profile" | "run" | "signal">): HealthObjects {
  const where = { host: profile.health.host, timeoutMs: profile.timeouts.requestMs, signal };
  const kinds = new Set<string>();
  const ask = async (who: Identity, request: Omit<Generated, "headers">): Promise<Answered> =>
    askTwice(where, who, { ...request, headers: {} });
  const find = async (who: Identity, kind: string): Promise<Answered> =>
    ask(who, { method: "POST", path: `${path}/search`, json: { filter: { kind } } });
  const makeOf = async (owner: Identity, kind: string): Promise<Reading<Kept>> => {
    kinds.add(kind);
    const { values, word } = newFields(kind);
    const made = parsed(
      await askAs(where, owner, { method: "POST", path, headers: {}, json: values }),
      201,
      recordSchema,
    );
    return made.ok ? { ...made, value: { id: made.value.id, canaries: [kind, word] } } : made;
  };
  return {
    where,
    what: "record",
    makeOf,
    async make(owner) {
      const made = await makeOf(owner, newMark(run.id));
      // Another one, under another mark: what became of the first is found and taken away at the end.
      return made.ok ? made : makeOf(owner, newMark(run.id));
    },
    async look(owner, { id, canaries: [kind = ""] }) {
      const [one, listed] = await Promise.all([
        ask(owner, { method: "GET", path: `${path}/${id}` }),
        // The list comes from the database, whatever a cache says.
        find(owner, kind),
      ]);
      const isGone = one.ok && one.value.status === 404;
      const byId: Reading<State> = isGone ? { ...one, value: undefined } : stateOf(parsed(one, 200, recordSchema));
      const page = parsed(listed, 200, pageSchema);
      const found = page.ok ? page.value.records.find((record) => record.id === id) : undefined;
      const inList: Reading<State> = page.ok
        ? { ...page, value: found === undefined ? undefined : textOf(found) }
        : page;
      return [byId, inList];
    },
    missing: randomUUID,
    change: () => ({ value: randomValue(), unit: newWord() }),
    fields: () => {
      const kind = newMark(run.id);
      kinds.add(kind);
      return { values: newFields(kind).values, canary: kind };
    },
    async count(who, canary) {
      const page = parsed(await find(who, canary), 200, pageSchema);
      return page.ok ? { ...page, value: page.value.records.filter(({ kind }) => kind === canary).length } : page;
    },
    async removeAll(people) {
      // Members before admins: each takes the own away, whatever an admin is shown.
      for (const who of people.toSorted((one, other) => other.role.localeCompare(one.role))) {
        const left = await madeAndSeen(ask, who, kinds);
        if (!left.ok) return left.why;
        for (let at = 0; at < left.value.length; at += pageSize) {
          await ask(who, {
            method: "POST",
            path: `${path}/bulk-delete`,
            json: { ids: left.value.slice(at, at + pageSize) },
          });
        }
      }
      const seen = await Promise.all(people.map(async (who) => madeAndSeen(ask, who, kinds)));
      const left = new Set(seen.flatMap((one) => (one.ok ? one.value : [])));
      const unseen = seen.flatMap((one) => (one.ok ? [] : [one.why]));
      if (left.size > 0) return `${left.size} records of this run could not be deleted`;
      return unseen[0] === undefined
        ? undefined
        : `whether the records of this run are gone could not be read: ${unseen[0]}`;
    },
  };
}

type Ask = (who: Identity, request: Omit<Generated, "headers">) => Promise<Answered>;

async function madeAndSeen(ask: Ask, who: Identity, kinds: ReadonlySet<string>): Promise<Reading<readonly string[]>> {
  const ids: string[] = [];
  for (let page = 0; page < pagesMax; page += 1) {
    const query = `limit=${pageSize}&offset=${page * pageSize}`;
    const listed = parsed(await ask(who, { method: "GET", path: `${path}?${query}` }), 200, pageSchema);
    if (!listed.ok) return listed;
    ids.push(...listed.value.records.flatMap(({ id, kind }) => (kinds.has(kind) ? [id] : [])));
    if (listed.value.records.length < pageSize) return { ...listed, value: ids };
  }
  return unread(`${who.name} has more than ${pagesMax * pageSize} records`, path, new Date());
}

/** An answer of the wanted status and shape; else why it is none. */
export function parsed<T>(answer: Answered, status: number, schema: z.ZodType<T>): Reading<T> {
  if (!answer.ok) return answer;
  const { value, source, at } = answer;
  const because = (why: string): Reading<T> => unread(`${source}: ${why}`, source, new Date(at));
  if (value.status !== status) return because(`answered with ${value.status}: ${value.body.slice(0, 120)}`);
  try {
    const known = schema.safeParse(JSON.parse(value.body));
    return known.success ? read(known.data, source, new Date(at)) : because("the answer has another shape");
  } catch {
    return because("the answer is no JSON");
  }
}

function stateOf(record: Reading<StoredRecord>): Reading<State> {
  return record.ok ? { ...record, value: textOf(record.value) } : record;
}

/** Fields in one order, so that two ways of seeing the same record give the same text. */
function textOf(record: StoredRecord): string {
  return JSON.stringify(Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function newFields(kind: string): { readonly values: Readonly<Record<string, unknown>>; readonly word: string } {
  const word = newWord();
  return { values: { kind, value: randomValue(), unit: word, measuredAt: new Date().toISOString() }, word };
}

const newWord = (): string => `w${randomBytes(12).toString("hex")}`;
const randomValue = (): number => randomInt(1_000_000, 9_000_000) / 1000;
