/** State behind Dapr stands under its application's and its tenant's name, and neither it nor a secret is given to anybody else. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { ForeignState } from "../../probes/dapr-prober/sidecar.ts";

/** A task of a tenant, and the keys in the store itself of the states that hold it. */
export type Kept = { readonly tenant: string; readonly text: string; readonly keys: Reading<readonly string[]> };

/** An application that asked for what is not its own. */
export type Asker = {
  readonly app: string;
  /** Whether the state store is meant for it: what it saves must be given back to it then, and refused otherwise. */
  readonly inScope: boolean;
  readonly ownKey: string;
  readonly ownText: string;
  /** Secrets that it may read. */
  readonly allowed: readonly string[];
  readonly answer: Reading<ForeignState>;
};

export type Readings = {
  readonly kept: Reading<readonly Kept[]>;
  readonly askers: readonly Asker[];
  /** Every Configuration of sidecars, and whether it denies the query of states, which knows no prefix of keys. */
  readonly configurations: Reading<readonly { readonly name: string; readonly deniesQuery: boolean }[]>;
};

/** @param apps the applications whose state there is */
export function judgeTenantState({ kept, askers, configurations }: Readings, apps: readonly string[]): Verdict {
  const judged = [keysOf(kept, apps), ...askers.map(judgeAsker), configurationsOf(configurations)];
  const facts = judged.flatMap(({ facts: some }) => some);
  return conclude({
    faults: judged.flatMap(({ faults }) => faults),
    gaps: [
      ...judged.flatMap(({ gaps }) => gaps),
      ...(askers.some(({ inScope }) => inScope) ? [] : ["no application with a state store asked"]),
      ...(askers.some(({ inScope }) => !inScope) ? [] : ["no application without a state store asked"]),
    ],
    facts,
    held: "every state stands under the name of its application and its tenant; no other application was given it, nor a secret, by any way of asking",
  });
}

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[]; readonly facts: readonly Fact[] };

function keysOf(kept: Readings["kept"], apps: readonly string[]): Judged {
  if (!kept.ok) return { faults: [], gaps: [kept.why], facts: [] };
  const faults: string[] = [];
  const gaps: string[] = kept.value.length < 2 ? ["there are no states of two tenants"] : [];
  const owners = new Map<string, string>();
  for (const { tenant, keys } of kept.value) {
    if (!keys.ok) gaps.push(keys.why);
    else if (keys.value.length === 0) gaps.push(`no state of ${tenant} was found in the store`);
    for (const key of keys.ok ? keys.value : []) {
      const [app = "", rest = ""] = key.split("||");
      const other = owners.get(key);
      if (other !== undefined && other !== tenant)
        faults.push(`the state ${key} holds data of ${other} and of ${tenant}`);
      else if (!apps.includes(app)) faults.push(`the state ${key} with data of ${tenant} names no application`);
      else if (!rest.split(":").includes(tenant))
        faults.push(`the state ${key} with data of ${tenant} does not name it`);
      owners.set(key, tenant);
    }
  }
  const { source, at } = kept;
  const what = "states without the name of their application and their tenant";
  return {
    faults,
    gaps,
    facts: [{ what, value: faults.length, unit: "states", limit: "0", source, at, samples: owners.size }],
  };
}

const query = "a query for everything";
/** A route that the sidecar was told to deny does not exist for it. */
const denied = [403, 404, 405];

/** What the sidecar gave, against what is the asker's own. */
function judgeAsker({ app, inScope, ownKey, ownText, allowed, answer }: Asker): Judged {
  if (!answer.ok) return { faults: [], gaps: [answer.why], facts: [] };
  const faults: string[] = [];
  const gaps: string[] = [];
  const { saved, ways } = answer.value;
  const took = saved.status >= 200 && saved.status < 300;
  if (inScope && !took) gaps.push(`${app} could not save a state of its own: ${saved.status} ${saved.code}`);
  if (!inScope && took) faults.push(`${app} may save states, and no state store is meant for it`);
  for (const { way, key, status, texts, code, why } of ways) {
    const asked = key === "" ? way : `${way} (${key})`;
    const own = way === "a secret" ? allowed.includes(key) : key === ownKey;
    const foreign = texts.filter((text) => text !== ownText);
    const given = status >= 200 && status < 300;
    if (foreign.length > 0) faults.push(`${app} was given another application's state by ${asked}`);
    else if (way === "a secret" && !own && given) faults.push(`${app} was given the secret ${key}`);
    else if (status === 0 || (status >= 500 && code === ""))
      gaps.push(`${app} asked by ${asked}: ${status} ${why ?? ""}`);
    else if (inScope && own && way === "a secret" && !given)
      gaps.push(`${app} was not given its own secret ${key}: ${status}`);
    else if (way === query && !denied.includes(status) && !texts.includes(ownText))
      gaps.push(`${app} asked by ${asked} and was neither answered nor denied: ${status} ${code}`);
    else if (inScope && own && way !== "a secret" && !texts.includes(ownText))
      gaps.push(`${app} was not given its own state by ${way}: nothing follows from what it was not given`);
    else if (!inScope && texts.length > 0) faults.push(`${app} was given a state by ${asked}`);
  }
  if (inScope && !ways.some(({ key }) => key !== "" && key !== ownKey))
    gaps.push(`${app} asked for nobody else's state`);
  if (!ways.some(({ way }) => way === "a secret")) gaps.push(`${app} asked for no secret`);
  const { source, at } = answer;
  const what = `states and secrets of others given to ${app}`;
  return {
    faults,
    gaps,
    facts: [{ what, value: faults.length, unit: "states", limit: "0", source, at, samples: ways.length }],
  };
}

function configurationsOf(configurations: Readings["configurations"]): Judged {
  if (!configurations.ok) return { faults: [], gaps: [configurations.why], facts: [] };
  const { value, source, at } = configurations;
  const open = value.filter(({ deniesQuery }) => !deniesQuery).map(({ name }) => name);
  return {
    faults: open.map((name) => `the Configuration ${name} does not deny the query of states, which gives everybody's`),
    gaps: value.length === 0 ? ["no Configuration of sidecars was found"] : [],
    facts: [
      {
        what: "Configurations that do not deny the query of states",
        value: open.length,
        unit: "Configurations",
        limit: "0",
        source,
        at,
        samples: value.length,
      },
    ],
  };
}
