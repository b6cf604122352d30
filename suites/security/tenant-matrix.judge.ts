/** Who gets at whose object: shared by the judges of the isolation of tenants and of users. */
import type { Fact, Reading } from "../../harness/verdict.ts";
import type { Answered } from "../../probes/tenants/people.ts";

/** One request about somebody else's object, and the same about an object that does not exist. */
export type Attack = {
  readonly as: string;
  readonly signedIn: boolean;
  /** How it was sent besides: "" or as in ` with the owner's tenant in a header`. */
  readonly how: string;
  readonly foreign: { readonly id: string; readonly answer: Answered };
  /** Absent where there is nothing to hold the answer against. */
  readonly missing?: { readonly id: string; readonly answer: Answered };
};

/** An object as its owner sees it: its fields as one text, or that it is not there. */
export type State = string | undefined;

/** All attacks upon one object by one operation, and what its owner can do. */
export type Trial = {
  readonly operation: string;
  readonly place: string;
  /** "bob-a's record". */
  readonly object: string;
  /** Words that nothing else holds: whoever sees one has seen the object. */
  readonly canaries: readonly string[];
  readonly attacks: readonly Attack[];
  /** Seen by the owner in each way there is: before the attacks, after them, and after the owner's own use. */
  readonly before: readonly Reading<State>[];
  readonly attacked: readonly Reading<State>[];
  readonly used: readonly Reading<State>[];
  readonly byOwner: Answered;
};

/** An object made with somebody else's tenant or user in the request. */
export type Intrusion = {
  readonly operation: string;
  readonly as: string;
  readonly how: string;
  /** Whose list it must not be in. */
  readonly into: string;
  readonly answer: Answered;
  /** How many objects of this making are seen there, and by its maker. */
  readonly there: Reading<number>;
  readonly own: Reading<number>;
};

export type Matrix = {
  readonly trials: readonly Trial[];
  readonly intrusions: readonly Intrusion[];
  /** Operations for which no request could be made, each with the reason. */
  readonly unasked: readonly { readonly operation: string; readonly why: string }[];
};

export type Findings = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

/** Faults and gaps of a matrix: every cell counts, whatever another one says. */
export function weighMatrix({ trials, intrusions, unasked }: Matrix): Findings {
  const found = [...trials.map(weighTrial), ...intrusions.map(weighIntrusion), ...controlsOf(intrusions)];
  const gaps = unasked.map(({ operation, why }) => `${operation} could not be asked: ${why}`);
  return {
    faults: [...new Set(found.flatMap(({ faults }) => faults))],
    gaps: [...new Set([...gaps, ...found.flatMap((one) => one.gaps)])],
  };
}

/** One fact an operation and place: how many requests of others it refused. */
export function matrixFacts({ trials, intrusions }: Matrix, file: string): readonly Fact[] {
  const byName = Map.groupBy(trials, ({ operation, place }) => `${operation} (${place})`);
  const facts = [...byName].map(([name, some]): Fact => {
    const attacks = some.flatMap((trial) => trial.attacks);
    const bad = some.flatMap((trial) => weighTrial(trial).faults);
    const [{ byOwner: { source, at } } = { byOwner: { source: name, at: "" } }] = some;
    const value = bad.length === 0 ? `${attacks.length} requests refused` : `${bad.length} faults`;
    return { what: name, value, limit: "all refused", source, at, file, samples: attacks.length };
  });
  const makings = Map.groupBy(intrusions, ({ operation }) => operation);
  const made = [...makings].map(([operation, some]): Fact => {
    const [{ answer: { source, at } } = { answer: { source: operation, at: "" } }] = some;
    const value = some.reduce((sum, { there }) => sum + (there.ok ? there.value : 0), 0);
    const what = `objects made by ${operation} that came into others' lists`;
    return { what, value, unit: "objects", limit: "0", source, at, file, samples: some.length };
  });
  return [...facts, ...made];
}

/** The matrix for people to read: who was answered what, without what was in the answers. */
export function evidenceOf({ trials, intrusions, unasked }: Matrix): unknown {
  const status = (answer: Answered): number | string => (answer.ok ? answer.value.status : answer.why);
  return {
    cells: trials.flatMap(({ operation, place, object, attacks, byOwner }) => [
      ...attacks.map(({ as, how, foreign, missing }) => ({
        operation,
        place,
        object,
        as: `${as}${how}`,
        answered: status(foreign.answer),
        ...(missing === undefined ? {} : { missingAnswered: status(missing.answer) }),
      })),
      { operation, place, object, as: "its owner", answered: status(byOwner) },
    ]),
    made: intrusions.map(({ operation, as, how, into, answer, there, own }) => ({
      operation,
      as: `${as}${how}`,
      answered: status(answer),
      seenBy: into,
      there: there.ok ? there.value : there.why,
      own: own.ok ? own.value : own.why,
    })),
    unasked,
  };
}

function weighTrial(trial: Trial): Findings {
  const { operation, place, object, attacks, byOwner } = trial;
  const name = `${operation} (${place})`;
  const found = attacks.map((attack) => weighAttack(trial, attack));
  const faults = [...found.flatMap((one) => one.faults), ...effects(trial)];
  const gaps = found.flatMap((one) => one.gaps);
  const unread = [...trial.before, ...trial.attacked].flatMap((state) => (state.ok ? [] : [state.why]));
  if (!attacks.some(({ signedIn, missing }) => signedIn && missing !== undefined))
    gaps.push(`${name}: nobody else tried`);
  if (faults.length > 0) return { faults, gaps };
  if (unread.length > 0)
    return { faults, gaps: [...gaps, `${object} could not be seen by its owner: ${unread[0] ?? ""}`] };
  if (trial.before.some((state) => state.ok && state.value === undefined)) {
    gaps.push(`${object} was not there before anybody else tried ${name}`);
  }
  return { faults, gaps: [...gaps, ...ownersUse(trial, name, byOwner)] };
}

/** The owner must succeed, and something must come of it: else the operation's silence to others proves nothing. */
function ownersUse({ object, canaries, before, used }: Trial, name: string, byOwner: Answered): string[] {
  if (!byOwner.ok) return [`${name} by the owner of ${object}: ${byOwner.why}`];
  const { status, body } = byOwner.value;
  if (status < 200 || status > 299) return [`${name} is refused with ${status} even to the owner of ${object}`];
  const isShown = canaries.some((canary) => body.includes(canary));
  const [was, is] = [before[0], used[0]];
  const isChanged = was?.ok === true && is?.ok === true && was.value !== is.value;
  return isShown || isChanged ? [] : [`${name} shows and does nothing even for the owner of ${object}`];
}

function weighAttack({ operation, place, object, canaries }: Trial, attack: Attack): Findings {
  const { as, how, signedIn, foreign, missing } = attack;
  const what = `${operation} (${place}) as ${as}${how}`;
  if (!foreign.answer.ok) return gap(`${what}: ${foreign.answer.why}`);
  const { status, bodyCut } = foreign.answer.value;
  if (canaries.some((canary) => textOf(foreign.answer).includes(canary))) return fault(`${what} showed ${object}`);
  if (bodyCut) return gap(`${what}: the answer is longer than is read`);
  if (status >= 500 || status === 429) return gap(`${what} was answered with ${status}`);
  if (!signedIn)
    return status === 401 || status === 403 ? none : fault(`${what} was answered with ${status}, not with 401`);
  if (missing === undefined) {
    return textOf(foreign.answer).includes(foreign.id) ? fault(`${what} named ${object} among what it did`) : none;
  }
  if (!missing.answer.ok) return gap(`${what}, of a missing object: ${missing.answer.why}`);
  const absent = missing.answer.value.status;
  if (absent >= 500 || absent === 429) return gap(`${what}, of a missing object, was answered with ${absent}`);
  if (status !== absent) {
    const isDone = status >= 200 && status < 300;
    const verb = isDone ? `was done to ${object}` : `betrayed ${object}`;
    return fault(`${what} ${verb}: it is answered with ${status}, a missing one with ${absent}`);
  }
  const differing = difference(normal(foreign.answer.value, foreign.id), normal(missing.answer.value, missing.id));
  return differing === undefined
    ? none
    : fault(`${what} betrayed ${object}: its answer ${status} differs from a missing one's in ${differing}`);
}

/** What others did to the object, whatever they were answered. */
function effects({ operation, place, object, before, attacked, attacks }: Trial): readonly string[] {
  const statuses = attacks.flatMap(({ foreign }) => (foreign.answer.ok ? [foreign.answer.value.status] : []));
  const answered = `answered with ${[...new Set(statuses)].toSorted((one, other) => one - other).join(", ")}`;
  const by = `by others' ${operation} (${place}), ${answered}`;
  const was = before.flatMap((state) => (state.ok ? [state.value] : []));
  const is = attacked.flatMap((state) => (state.ok ? [state.value] : []));
  if (was.some((state) => state === undefined) || was.length === 0) return [];
  if (is.includes(undefined)) return [`${object} was deleted ${by}`];
  return is.some((state) => !was.includes(state)) ? [`${object} was changed ${by}`] : [];
}

function weighIntrusion({ operation, as, how, into, answer, there }: Intrusion): Findings {
  const what = `${operation} as ${as}${how}`;
  if (there.ok && there.value > 0) return fault(`${what} came into ${into}'s list`);
  if (!there.ok) return gap(`${what}: ${into}'s list: ${there.why}`);
  if (!answer.ok) return gap(`${what}: ${answer.why}`);
  return answer.value.status >= 500 ? gap(`${what} was answered with ${answer.value.status}`) : none;
}

/** Each maker must have made one that is seen, in the plain way at least. */
function controlsOf(intrusions: readonly Intrusion[]): readonly Findings[] {
  const makers = Map.groupBy(intrusions, ({ operation, as }) => `${operation} as ${as}`);
  return [...makers].map(([name, some]) =>
    some.some(({ how, own }) => how === "" && own.ok && own.value === 1)
      ? none
      : gap(`${name} made nothing that its maker sees`),
  );
}

const none: Findings = { faults: [], gaps: [] };
const fault = (sentence: string): Findings => ({ faults: [sentence], gaps: [] });
const gap = (sentence: string): Findings => ({ faults: [], gaps: [sentence] });

/** Body and headers, all that could hold a canary. */
function textOf(answer: Answered): string {
  return answer.ok ? `${answer.value.body}\n${JSON.stringify(answer.value.headers)}` : "";
}

/** Headers that differ from answer to answer, whatever was asked for: times, and the names that requests are traced by. */
const varying = new Set([
  "date",
  "age",
  "x-request-id",
  "x-envoy-upstream-service-time",
  "server-timing",
  "traceparent",
  "tracestate",
]);

type Normal = { readonly body: string; readonly headers: ReadonlyMap<string, string> };

function normal(
  answer: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  id: string,
): Normal {
  const without = (text: string): string => text.replaceAll(id, "{id}");
  const kept = Object.entries(answer.headers).filter(([name]) => !varying.has(name));
  return {
    body: without(answer.body),
    headers: new Map(kept.map(([name, value]): [string, string] => [name, without(value)])),
  };
}

function difference(one: Normal, other: Normal): string | undefined {
  if (one.body !== other.body) return "its body";
  const names = new Set([...one.headers.keys(), ...other.headers.keys()]);
  const name = [...names].find((header) => one.headers.get(header) !== other.headers.get(header));
  return name === undefined ? undefined : `the header ${name}`;
}
