/** A cache keeps tenants apart by its keys: each names the tenant of what it holds, and no answer that is kept for one is given to another. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { CachedKeys } from "../../probes/service-prober/tenants.ts";

/** One tenant's record, read until it was cached, and asked for by the other tenant while it was. */
export type Cached = {
  readonly tenant: string;
  readonly canary: string;
  /** Whether the cached answer could be marked: without one there is nothing that another could be given. */
  readonly marked: Reading<boolean>;
  /** What the other tenant's user got. */
  readonly foreign: Reading<{ readonly by: string; readonly status: number; readonly held: boolean }>;
  /** Whether the owner was given the marked answer afterwards: the cache did answer, all the while. */
  readonly fromCache: Reading<boolean>;
};

export type Readings = {
  readonly cache: string;
  readonly cached: Reading<readonly Cached[]>;
  /** All keys, while both records were cached. */
  readonly keys: Reading<CachedKeys>;
};

/** Keys of the harness's own, which hold nobody's data. */
const ours = /^oke-proof[:/]/;

/** Keys first: what stands in the cache without a tenant is wrong whoever reads it. */
export function judgeTenantCache({ cache, cached, keys }: Readings): Verdict {
  const faults: string[] = [];
  const gaps: string[] = [];
  const facts: Fact[] = [];
  if (!keys.ok) gaps.push(keys.why);
  else {
    const wrong = untenanted(keys.value).map(({ shape, count }) => `${cache}: ${count} keys name no tenant: ${shape}`);
    const strange = cached.ok ? misplaced(cached.value, keys.value).map((said) => `${cache}: ${said}`) : [];
    faults.push(...wrong, ...strange);
    facts.push({
      what: `keys of ${cache} without their tenant`,
      value: wrong.length + strange.length,
      unit: "keys",
      limit: "0",
      source: keys.source,
      at: keys.at,
      samples: keys.value.keys,
    });
  }
  if (!cached.ok) gaps.push(cached.why);
  else {
    for (const one of cached.value) {
      const judged = givenTo(one, keys.ok ? keys.value : undefined);
      faults.push(...judged.faults);
      gaps.push(...judged.gaps);
      facts.push(...judged.facts);
    }
    if (cached.value.length < 2) gaps.push("answers of fewer than two tenants were cached");
  }
  const held = `every key of ${cache} names its tenant, and no answer cached for one was given to the other`;
  return conclude({ faults, gaps, facts, held });
}

/** A key is `<kind>:<tenant>:<rest>`; what varies in it, as an id, is no tenant. */
function untenanted({ shapes }: CachedKeys): CachedKeys["shapes"] {
  return shapes.filter(({ shape }) => {
    const [, tenant = "", ...rest] = shape.split(":");
    return !ours.test(shape) && (rest.length === 0 || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(tenant));
  });
}

function misplaced(cached: readonly Cached[], { holding }: CachedKeys): readonly string[] {
  return holding.flatMap(({ key, text }) => {
    const owner = cached.find(({ canary }) => canary === text)?.tenant;
    const named = key.split(":")[1] ?? "";
    return owner === undefined || named === owner ? [] : [`a key of '${named}' holds data of ${owner}`];
  });
}

function givenTo(
  { tenant, canary, marked, foreign, fromCache }: Cached,
  keys: CachedKeys | undefined,
): { readonly faults: readonly string[]; readonly gaps: readonly string[]; readonly facts: readonly Fact[] } {
  const gaps: string[] = [];
  const what = `the answer cached for ${tenant}`;
  if (!marked.ok) gaps.push(marked.why);
  else if (!marked.value) gaps.push(`${what} was not found in the cache`);
  if (!fromCache.ok) gaps.push(fromCache.why);
  else if (!fromCache.value) gaps.push(`${what} was not given to its owner: nothing shows that the cache answers`);
  if (keys !== undefined && !keys.holding.some(({ text }) => text === canary)) gaps.push(`no key holds ${what}`);
  if (!foreign.ok) return { faults: [], gaps: [...gaps, foreign.why], facts: [] };
  const { by, status, held } = foreign.value;
  const leaked = held || (status >= 200 && status < 300);
  return {
    faults: leaked ? [`${what} was given to ${by} (${status})`] : [],
    gaps: leaked || status === 404 ? gaps : [...gaps, `${by} was neither given nor denied ${what}: ${status}`],
    facts: [
      { what: `status of ${what} for ${by}`, value: status, limit: "404", source: foreign.source, at: foreign.at },
    ],
  };
}
