/** Which environments can prove a criterion, as named rows; each "no" says why, in the words that every report prints. */
import type { EnvironmentName, Scope } from "../harness/criterion.ts";

type ScopeRow = Readonly<Record<EnvironmentName, Scope>>;

const provable: Scope = { in: true };

/** Every environment proves it. */
export const everywhere: ScopeRow = {
  local: provable,
  kind: provable,
  "oke-staging": provable,
  "oke-production": provable,
};

/** Every environment but the named ones proves it; `reasons` says for each why it cannot. */
export function except(reasons: Readonly<Partial<Record<EnvironmentName, string>>>): ScopeRow {
  const scopeIn = (environment: EnvironmentName): Scope => {
    const why = reasons[environment];
    return why === undefined ? provable : { in: false, why };
  };
  return {
    local: scopeIn("local"),
    kind: scopeIn("kind"),
    "oke-staging": scopeIn("oke-staging"),
    "oke-production": scopeIn("oke-production"),
  };
}

/** Only a cluster in an Oracle tenancy proves it. */
export function okeOnly(why: string): ScopeRow {
  return except({ local: why, kind: why });
}

/** Only the production cluster proves it. */
export function productionOnly(why: string): ScopeRow {
  return except({ local: why, kind: why, "oke-staging": why });
}

/** It puts load on the cluster or breaks something: not on a contributor's own cluster, and not on production, for which staging stands. */
export const whereDisturbed: ScopeRow = except({
  kind: "a contributor's own cluster is looked at, never disturbed",
  "oke-production": "production is looked at, never disturbed: staging stands for it",
});

/** A person attests it: no run answers for it anywhere. */
export const nowhere: ScopeRow = ((why) =>
  except({ local: why, kind: why, "oke-staging": why, "oke-production": why }))("attested by a person");

/** It asks Oracle's own interfaces. */
export const needsTenancy: ScopeRow = okeOnly("needs an Oracle tenancy: this cluster runs outside of one");
