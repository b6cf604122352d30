/** Lists, searches, totals, pages and exports across tenants: what each shows and counts. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Answered } from "../../probes/tenants/people.ts";

/** One question to an operation that answers with many objects, as somebody who is signed in. */
export type Question = {
  readonly operation: string;
  /** "of one kind", "page by page", "beyond the end", "of everything". */
  readonly about: string;
  readonly as: string;
  /** Names of those whose objects were in the answer and must not be. */
  readonly foreign: Reading<readonly string[]>;
  /** Absent where the answer shows no objects, or not all that it counts. */
  readonly ids?: readonly string[];
  readonly total?: number;
  /** Ids that the asker must be shown; empty where none must be. */
  readonly own: readonly string[];
  /** All that there are for the asker to see, where the question is about those only that this run has made. */
  readonly all?: readonly string[];
};

/** The same operation, asked by nobody. */
export type Refusal = {
  readonly operation: string;
  readonly as: string;
  readonly answer: Answered;
  readonly leaked: boolean;
};

export type Lists = {
  readonly questions: readonly Question[];
  readonly refusals: readonly Refusal[];
  /** Operations that could not be asked, each with the reason. */
  readonly unasked: readonly { readonly operation: string; readonly why: string }[];
};

export type Findings = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

/** Fails for an answer with a foreign object, and for a total that counts one. @param what "records" */
export function judgeTenantLists(lists: Lists, about: { readonly what: string; readonly file: string }): Verdict {
  const { faults, gaps } = weighLists(lists, about.what);
  const { questions, refusals } = lists;
  return conclude({
    faults,
    gaps: questions.length === 0 ? [...gaps, "no operation answers with a list"] : gaps,
    facts: listFacts(lists, about),
    held: `${questions.length} answers of ${new Set(questions.map(({ operation }) => operation)).size} operations showed and counted the asker's own ${about.what} only; ${refusals.length} questions of nobody were refused`,
  });
}

/** What the answers say for and against the platform. */
export function weighLists({ questions, refusals, unasked }: Lists, what: string): Findings {
  const found = [...questions.map((question) => weighQuestion(question, what)), ...refusals.map(weighRefusal)];
  const gaps = unasked.map(({ operation, why }) => `${operation} could not be asked: ${why}`);
  return {
    faults: [...new Set(found.flatMap((one) => one.faults))],
    gaps: [...new Set([...gaps, ...found.flatMap((one) => one.gaps)])],
  };
}

/** One fact for all answers, and one for each operation. */
export function listFacts(
  lists: Lists,
  { what, file }: { readonly what: string; readonly file: string },
): readonly Fact[] {
  const { questions } = lists;
  const byOperation = Map.groupBy(questions, ({ operation }) => operation);
  const bad = (some: readonly Question[]): number =>
    some.filter((question) => weighQuestion(question, what).faults.length > 0).length;
  const factOf = (name: string, some: readonly Question[]): readonly Fact[] => {
    const [first] = some;
    if (first === undefined) return [];
    const { source, at } = first.foreign;
    const limit = `0 of ${some.length}`;
    return [{ what: name, value: bad(some), unit: "answers", limit, source, at, file, samples: some.length }];
  };
  return [
    ...factOf("answers with a foreign object, or with a total that counts one", questions),
    ...[...byOperation].flatMap(([operation, some]) => factOf(`answers of ${operation} that do`, some)),
  ];
}

function weighQuestion(question: Question, what: string): Findings {
  const { operation, about, as, foreign, ids, total, own, all } = question;
  const name = `${operation} ${about} as ${as}`;
  if (!foreign.ok) return gap(`${name}: ${foreign.why}`);
  if (foreign.value.length > 0) {
    const whose = [...new Set(foreign.value)].toSorted().join(", ");
    return fault(`${name} shows ${foreign.value.length} ${what} of ${whose}`);
  }
  if (ids !== undefined && all !== undefined && ids.some((id) => !all.includes(id))) {
    return fault(`${name} shows ${what} that are not the asker's`);
  }
  const most = all === undefined ? ids?.length : Math.min(all.length, ids?.length ?? all.length);
  if (total !== undefined && most !== undefined && total > most) {
    const shown = ids === undefined ? "" : `, and shows ${ids.length}`;
    return fault(`${name} tells a total of ${total}, where there are ${most}${shown}`);
  }
  const missing = ids === undefined ? [] : own.filter((id) => !ids.includes(id));
  if (missing.length > 0) return gap(`${name} does not show ${missing.length} of the asker's own`);
  const least = Math.max(own.length, ids?.length ?? 0);
  if (total !== undefined && total < least) return gap(`${name} tells a total of ${total}, where there are ${least}`);
  return ids === undefined && total === undefined ? gap(`${name} tells nothing`) : none;
}

function weighRefusal({ operation, as, answer, leaked }: Refusal): Findings {
  const name = `${operation} as ${as}`;
  if (leaked) return fault(`${name} shows what it must not`);
  if (!answer.ok) return gap(`${name}: ${answer.why}`);
  const { status } = answer.value;
  if (status === 401 || status === 403) return none;
  return status >= 500
    ? gap(`${name} was answered with ${status}`)
    : fault(`${name} was answered with ${status}, not with 401`);
}

const none: Findings = { faults: [], gaps: [] };
const fault = (sentence: string): Findings => ({ faults: [sentence], gaps: [] });
const gap = (sentence: string): Findings => ({ faults: [], gaps: [sentence] });
