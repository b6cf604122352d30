/** Secrets through Dapr: those that are allowed are read as they are, and one that is not is refused in the same run. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { SecretRead } from "../../probes/dapr-prober/sidecar.ts";
import type { ReaderState } from "../../probes/dapr/readers.ts";

export type Readings = {
  /** Secrets that the prober may read, by its own sidecar. */
  readonly allowed: readonly { readonly secret: string; readonly reading: Reading<SecretRead> }[];
  /** A secret that it may not: what shows that a refusal would be seen. */
  readonly guarded: Reading<SecretRead>;
  /** What each pod of the platform's applications says of its own. */
  readonly readers: Reading<readonly ReaderState[]>;
};

/** Every allowed secret came with the value that Kubernetes keeps; every application says that it can read its own; the guarded one was refused. */
export function judgeSecrets({ allowed, guarded, readers }: Readings, apps: readonly string[]): Verdict {
  const faults: string[] = [];
  const gaps: string[] = [];
  const facts: Fact[] = [];
  for (const { secret, reading } of allowed) {
    const found = judgeRead(secret, reading);
    faults.push(...found.faults);
    gaps.push(...found.gaps);
    if (found.gaps.length === 0) facts.push(factOf(`secret ${secret}`, found.faults[0] ?? "read", reading));
  }
  if (!guarded.ok) gaps.push(guarded.why);
  else if (guarded.value.status === 200) faults.push(`the guarded secret ${guarded.value.secret} was given`);
  else if (guarded.value.status !== 403)
    gaps.push(`the guarded secret was not refused, it failed: ${guarded.value.status}`);
  if (guarded.ok)
    facts.push(factOf(`status of the guarded secret ${guarded.value.secret}`, guarded.value.status, guarded));
  if (!readers.ok) gaps.push(readers.why);
  else {
    for (const app of apps) if (!readers.value.some((one) => one.app === app)) gaps.push(`no pod of ${app} was found`);
    for (const { app, pod, state } of readers.value) {
      if (!state.ok) gaps.push(`${app} (${pod}): ${state.why}`);
      else if (state.value !== "ok") faults.push(`${app} cannot read its secret: ${state.value}`);
      if (state.ok) facts.push(factOf(`secretstore of ${app} (${pod})`, state.value, state));
    }
  }
  const held = `${allowed.length} allowed secrets were read through Dapr, ${apps.length} applications read theirs, and a guarded one was refused`;
  return conclude({
    faults,
    gaps: allowed.length === 0 ? [...gaps, "the profile names no secret"] : gaps,
    facts,
    held,
  });
}

function judgeRead(
  secret: string,
  reading: Reading<SecretRead>,
): { readonly faults: readonly string[]; readonly gaps: readonly string[] } {
  if (!reading.ok) return { faults: [], gaps: [reading.why] };
  const { status, refusal, keys } = reading.value;
  if (status !== 200)
    return { faults: [`the secret ${secret} was not read: ${status} ${reasonOf(refusal)}`], gaps: [] };
  if (keys.length === 0) return { faults: [`the secret ${secret} was read without a key`], gaps: [] };
  const other = keys.filter(({ same }) => same === false).map(({ key }) => key);
  const unknown = keys.flatMap(({ key, same }) => (typeof same === "string" ? [`${secret}/${key}: ${same}`] : []));
  return { faults: other.map((key) => `the secret ${secret} was read with another value of ${key}`), gaps: unknown };
}

/** The code of Dapr's refusal. */
function reasonOf(refusal: string): string {
  return /"errorCode":"([A-Z_]+)"/.exec(refusal)?.[1] ?? "";
}

function factOf(what: string, value: string | number, reading: Reading<unknown>): Fact {
  return { what, value, source: reading.source, at: reading.at };
}
