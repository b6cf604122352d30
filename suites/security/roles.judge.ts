/** What each role of a tenant may do, held against what it can. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";

export type Reach = "none" | "own" | "tenant";

/** One operation as a user of one role. */
export type RoleTry = {
  readonly operation: string;
  readonly role: "admin" | "member";
  readonly user: string;
  /** Whether it was done with an object of the user's own, and with one of a colleague's. */
  readonly own: Reading<boolean>;
  readonly colleagues: Reading<boolean>;
};

export type Roles = {
  readonly tries: readonly RoleTry[];
  /** Operations of the document that need a token. */
  readonly operations: readonly string[];
  readonly unasked: readonly { readonly operation: string; readonly why: string }[];
};

type May = Readonly<Record<string, Readonly<Record<"admin" | "member", Reach>>>>;

/**
 * Fails for each operation that a role can do and may not, or may and cannot. An operation of the document without a row, and a row
 * without an operation, are gaps: nothing is held against anything there.
 * @param may what each role may do, by operation (`profile.health.roles`)
 */
export function judgeRoles({ tries, operations, unasked }: Roles, may: May, file: string): Verdict {
  const found = tries.map((one) => weigh(one, may[one.operation]?.[one.role]));
  const tried = new Set(tries.map(({ operation }) => operation));
  const without = operations.filter((operation) => may[operation] === undefined);
  const unknown = Object.keys(may).filter((operation) => !operations.includes(operation));
  const untried = operations.filter(
    (operation) => !tried.has(operation) && !unasked.some((one) => one.operation === operation),
  );
  return conclude({
    faults: [...new Set(found.flatMap(({ fault }) => fault ?? []))],
    gaps: [
      ...without.map((operation) => `of ${operation} the profile does not say who may`),
      ...unknown.map((operation) => `${operation}, which the profile names, is no operation of the document`),
      ...unasked.map(({ operation, why }) => `${operation} could not be asked: ${why}`),
      ...untried.map((operation) => `${operation} was not tried`),
      ...new Set(found.flatMap(({ gap }) => gap ?? [])),
    ],
    facts: factsOf(tries, found, { may, file }),
    held: `${tries.length} tries of ${tried.size} operations as admin and as member came to what the role may, and to no more`,
  });
}

type Weighed = { readonly fault?: string; readonly gap?: string };

function weigh({ operation, role, user, own, colleagues }: RoleTry, may: Reach | undefined): Weighed {
  const name = `${user} (${role}) by ${operation}`;
  if (may === undefined) return {};
  if (!own.ok) return { gap: `${name} with an own object: ${own.why}` };
  if (!colleagues.ok) return { gap: `${name} with a colleague's object: ${colleagues.why}` };
  const can = reachOf(own.value, colleagues.value);
  if (can === may) return {};
  if (can === "colleagues only") return { fault: `${name} reaches a colleague's and not the own` };
  return { fault: `${name} reaches '${can}', where '${may}' is what the role may` };
}

function reachOf(own: boolean, colleagues: boolean): Reach | "colleagues only" {
  if (own) return colleagues ? "tenant" : "own";
  return colleagues ? "colleagues only" : "none";
}

function factsOf(
  tries: readonly RoleTry[],
  found: readonly Weighed[],
  { may, file }: { readonly may: May; readonly file: string },
): readonly Fact[] {
  const [first] = tries;
  if (first === undefined) return [];
  const { source, at } = first.own;
  return [
    {
      what: "operations allowed against the role, or refused against it",
      value: found.filter(({ fault }) => fault !== undefined).length,
      unit: "operations",
      limit: `0 of ${tries.length}`,
      source,
      at,
      file,
      samples: tries.length,
    },
    ...tries.map(({ operation, role, user, own, colleagues }) => ({
      what: `${operation} as ${user} (${role})`,
      value: own.ok && colleagues.ok ? reachOf(own.value, colleagues.value) : "not read",
      limit: may[operation]?.[role] ?? "not said",
      source: own.source,
      at: own.at,
      file,
    })),
  ];
}
