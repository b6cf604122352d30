/** What the database shows to the application's own role: a tenant's rows to this tenant, and nothing to nobody. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { TenantRows } from "../../probes/service-prober/tenants.ts";

/** A row that must be there, and the tenant whose it is. */
export type OwnRow = { readonly tenant: string; readonly id: string };

export type Readings = {
  /** The rows that were made for this, each by its tenant's user. */
  readonly own: Reading<readonly OwnRow[]>;
  /** Each database by the prober's name of it, as the application's own role has it. */
  readonly databases: readonly { readonly target: string; readonly rows: Reading<TenantRows> }[];
};

export type Limits = {
  /** Databases in which a tenant must see the own row: a database that shows nothing to anybody would pass otherwise. */
  readonly withRows: readonly string[];
  /** Tables with a tenant's name in them that row-level security cannot bind, each with the reason. */
  readonly exempt: readonly { readonly table: string; readonly why: string }[];
};

/** Rows and tables first, whatever else could not be read: a leak that was seen is a leak. */
export function judgeTenantDatabase({ own, databases }: Readings, limits: Limits): Verdict {
  const faults: string[] = [];
  const gaps: string[] = own.ok ? [] : [own.why];
  const facts: Fact[] = [];
  for (const { target, rows } of databases) {
    if (!rows.ok) {
      gaps.push(`${target}: ${rows.why}`);
      continue;
    }
    const judged = [
      roleOf(target, rows.value),
      tablesOf(target, rows.value, limits.exempt),
      viewsOf(target, rows.value),
    ];
    const found = judged.flatMap(({ faults: some }) => some);
    faults.push(...found);
    const from = { source: rows.source, at: rows.at };
    facts.push(...judged.flatMap(({ facts: some }) => some.map((fact) => ({ ...fact, ...from }))));
    if (limits.withRows.includes(target)) gaps.push(...controlOf(target, rows.value, own.ok ? own.value : []));
  }
  const missing = limits.withRows.filter((target) => !databases.some((one) => one.target === target));
  gaps.push(...missing.map((target) => `${target} was not looked at`));
  return conclude({
    faults,
    gaps,
    facts,
    held: "the application's roles see the rows of the tenant that is named and none without one, and row-level security is enabled and forced",
  });
}

type Judged = { readonly faults: readonly string[]; readonly facts: readonly Omit<Fact, "source" | "at">[] };

function roleOf(target: string, { role }: TenantRows): Judged {
  const strengths = [
    ...(role.superuser ? ["is a superuser"] : []),
    ...(role.passesRowSecurity ? ["passes row-level security by"] : []),
    ...(role.owns.length > 0 ? [`owns ${role.owns.join(", ")}`] : []),
    ...role.through.map((stronger) => `is a member of ${stronger}`),
  ];
  return {
    faults: strengths.map((strength) => `${target}: the application's role ${role.name} ${strength}`),
    facts: [
      {
        what: `strengths of ${role.name} (${target})`,
        value: strengths.length === 0 ? "none" : strengths.join("; "),
        limit: "none: no superuser, no owner, no BYPASSRLS, no member of such",
      },
    ],
  };
}

function tablesOf(target: string, { tables }: TenantRows, exempt: Limits["exempt"]): Judged {
  const bound = tables.filter(({ name, hasTenant }) => hasTenant && !exempt.some(({ table }) => table === name));
  const lacks = bound.flatMap(({ name, enabled, forced, policies }) => {
    if (!enabled) return [`${target}: row-level security of ${name} is not enabled`];
    if (!forced) return [`${target}: row-level security of ${name} is not forced`];
    return policies === 0 ? [`${target}: ${name} has no policy`] : [];
  });
  const excused = tables.flatMap(({ name, hasTenant }) => {
    const why = hasTenant ? exempt.find(({ table }) => table === name)?.why : undefined;
    return why === undefined ? [] : [{ what: `table ${name} (${target}), excepted`, value: why }];
  });
  const counted = {
    what: `tables with tenants' data not bound by row-level security (${target})`,
    value: lacks.length,
    unit: "tables",
    limit: "0",
    samples: bound.length,
  };
  return { faults: lacks, facts: [counted, ...excused] };
}

function viewsOf(target: string, { views, deleted }: TenantRows): Judged {
  const foreign = views.flatMap(({ as, tenant, seen }) =>
    seen.flatMap(({ table, rows }) => {
      const others = rows.filter((one) => one.tenant !== tenant);
      const count = others.reduce((sum, one) => sum + one.count, 0);
      if (count === 0) return [];
      return [`${target}: ${as} is shown ${count} rows of ${table} of ${others.map((one) => one.tenant).join(", ")}`];
    }),
  );
  const gone = deleted.flatMap(({ tenant, table, ids }) => ids.map((id) => ({ tenant, table, id })));
  // Each tenant may delete its own; the same row deleted by two tenants was one's and not the other's.
  const both = gone.filter(({ id, tenant }) => gone.some((one) => one.id === id && one.tenant !== tenant));
  const taken = [...new Set(both.map(({ table, id }) => `${target}: ${table} lets more than one tenant delete ${id}`))];
  return {
    faults: [...foreign, ...taken],
    facts: views.every(({ seen }) => seen.length === 0)
      ? []
      : [
          {
            what: `views with rows of another tenant, or of any without one (${target})`,
            value: foreign.length,
            unit: "views",
            limit: "0",
            samples: views.length,
          },
        ],
  };
}

/** Each tenant sees its own row, in the same connection that shows it nobody else's. */
function controlOf(target: string, { views }: TenantRows, own: readonly OwnRow[]): readonly string[] {
  if (own.length < 2) return [`${target}: there are no rows of two tenants to look for`];
  const blind = own.flatMap(({ tenant, id }) => {
    const view = views.find((one) => one.tenant === tenant);
    const sees = view?.seen.some(({ ids }) => ids.includes(id)) === true;
    return sees ? [] : [`${target}: ${tenant} does not see its own row: nothing follows from what others do not see`];
  });
  return views.some(({ tenant }) => tenant === null) ? blind : [...blind, `${target}: nobody's view was not taken`];
}
