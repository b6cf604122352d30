/** Sidecars give their application what is on its list, and refuse all else in the words that they have for what does not exist. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { AskedSecret, SecretRead, SidecarHealth } from "../../probes/dapr-prober/sidecar.ts";
import type { ReaderState } from "../../probes/dapr/readers.ts";
import type { SecretScopes } from "../../probes/dapr/secret-scopes.ts";

export type Ask = { readonly secret: string; readonly store: string; readonly as: "inScope" | "outOfScope" };
export type Asked = Ask & { readonly reading: Reading<AskedSecret> };

export type Readings = {
  /** The secrets on the list, before and after all others were asked for: what shows that the store gives. */
  readonly allowed: readonly Reading<SecretRead>[];
  readonly asked: readonly Asked[];
  /** Health of the sidecar that no store is meant for: one that is away refuses nobody. */
  readonly outsider: Reading<SidecarHealth>;
  /** Applications that read the guarded secret: what shows that it exists. */
  readonly readers: Reading<readonly ReaderState[]>;
  readonly scopes: Reading<SecretScopes>;
};

export type Known = {
  /** A secret that does not exist. */
  readonly madeUp: string;
  /** A secret that applications read through Dapr, and the prober may not. */
  readonly guarded: string;
  /** Secrets that there was no time to ask for. */
  readonly left: readonly string[];
};

type Found = { readonly faults: string[]; readonly gaps: string[]; readonly facts: Fact[] };

/** Words by which a sidecar itself refuses: the store was not asked. */
const refusals = ["ERR_PERMISSION_DENIED", "ERR_SECRET_STORE_NOT_FOUND", "ERR_SECRET_STORES_NOT_CONFIGURED"];
const names = { inScope: "dapr-prober", outOfScope: "dapr-outsider" } as const;

/** Fails for each secret given out, asked of the store, or refused in other words than one that does not exist; and for a sidecar that keeps nothing back. */
export function judgeSecretsScoped(readings: Readings, known: Known): Verdict {
  const found: Found = { faults: [], gaps: [], facts: [] };
  for (const { reading, ...ask } of readings.asked) weigh(found, ask, reading);
  compareWords(found, readings.asked, known.madeUp);
  weighControls(found, readings, known);
  weighScopes(found, readings.scopes);
  const refused = readings.asked.length;
  const held = `${refused} asks for secrets off the list were refused by the sidecars, those for one that does not exist in the same words, while the allowed one was given out`;
  return conclude({ ...found, held });
}

function weigh({ faults, gaps, facts }: Found, ask: Ask, reading: Reading<AskedSecret>): void {
  const what = `${ask.secret} of ${ask.store}`;
  if (!reading.ok) return void gaps.push(`${what}: ${reading.why}`);
  const { status, refusal, given } = reading.value;
  const { source, at } = reading;
  const said = status === 200 ? `given out with ${given} keys` : `${status} ${codeOf(refusal)}`;
  facts.push({ what: `${names[ask.as]} asking for ${what}`, value: said, limit: "refused", source, at });
  if (status === 200) faults.push(`${what} was given out to ${names[ask.as]}`);
  else if (codeOf(refusal) === "ERR_SECRET_GET") {
    faults.push(`the sidecar of ${names[ask.as]} did not refuse ${what}, it asked the store: ${said}`);
  } else if (!refusals.includes(codeOf(refusal))) gaps.push(`${what} was not refused, it failed: ${said}`);
}

/** What does not exist is the yardstick: whoever is refused in other words knows that there is something. */
function compareWords({ faults, gaps, facts }: Found, asked: readonly Asked[], madeUp: string): void {
  for (const one of asked) {
    if (!one.reading.ok || one.secret === madeUp) continue;
    const { status, refusal } = one.reading.value;
    const absent = asked.find(({ secret, store, as }) => secret === madeUp && store === one.store && as === one.as);
    if (absent === undefined || !absent.reading.ok) {
      gaps.push(`${names[one.as]} was not asked for a secret of ${one.store} that does not exist`);
      continue;
    }
    const { value } = absent.reading;
    // What was no refusal is a fault or a gap of its own.
    if (![refusal, value.refusal].every((text) => refusals.includes(codeOf(text)))) continue;
    const words = refusal.replaceAll(one.secret, "NAME");
    if (status !== value.status || words !== value.refusal.replaceAll(madeUp, "NAME")) {
      faults.push(
        `${one.secret} of ${one.store} was refused to ${names[one.as]} in other words than one that does not exist`,
      );
    }
  }
  const { length: samples } = asked;
  const first = asked.find(({ reading }) => reading.ok)?.reading;
  if (first?.ok === true) {
    facts.push({
      what: "asks for secrets off the list",
      value: samples,
      unit: "asks",
      source: first.source,
      at: first.at,
      samples,
    });
  }
}

function weighControls({ gaps, facts }: Found, readings: Readings, { guarded, left }: Known): void {
  const { allowed, outsider, readers } = readings;
  if (allowed.length === 0) gaps.push("the profile names no allowed secret: nothing shows that the store gives");
  for (const reading of allowed) {
    if (!reading.ok) gaps.push(reading.why);
    else if (reading.value.status !== 200 || !reading.value.keys.some(({ same }) => same === true)) {
      gaps.push(
        `the allowed secret ${reading.value.secret} was not given out (${reading.value.status}): a refusal of others says nothing`,
      );
    } else {
      const { source, at, value } = reading;
      facts.push({
        what: `control: the allowed secret ${value.secret}`,
        value: "given out as Kubernetes keeps it",
        source,
        at,
      });
    }
  }
  if (!outsider.ok) gaps.push(outsider.why);
  else if (outsider.value.health.status !== 204)
    gaps.push(`the sidecar of dapr-outsider is not well (${outsider.value.health.status})`);
  if (!readers.ok) gaps.push(readers.why);
  else if (!readers.value.some(({ state }) => state.ok && state.value === "ok")) {
    gaps.push(`no application reads ${guarded}: whether it exists is not known`);
  }
  if (left.length > 0) gaps.push(`${left.length} secrets were not asked for: ${left.slice(0, 3).join(", ")}`);
}

function weighScopes({ faults, gaps, facts }: Found, scopes: Reading<SecretScopes>): void {
  if (!scopes.ok) return void gaps.push(scopes.why);
  const { sidecars, used } = scopes.value;
  const { source, at } = scopes;
  if (sidecars.length === 0) gaps.push("no running pod has a sidecar");
  if (used.length === 0) gaps.push("no running pod uses a secret: none is known to exist");
  for (const { app, pod, open } of sidecars) {
    if (open.length > 0)
      faults.push(`the sidecar of ${app} (${pod}) is declared to give out all secrets of ${open.join(", ")}`);
  }
  const closed = sidecars.filter(({ open }) => open.length === 0).length;
  facts.push({
    what: "sidecars declared to give out a list only",
    value: closed,
    unit: "sidecars",
    limit: `${sidecars.length}`,
    source,
    at,
  });
}

/** The code of Dapr's refusal. */
function codeOf(refusal: string): string {
  return /"errorCode":"([A-Z_]+)"/.exec(refusal)?.[1] ?? "";
}
