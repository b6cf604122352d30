/** One upload, found with the same content at every station of its way. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Stations } from "../../probes/flow-prober/stations.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import type { StoredRecord, Upload } from "../../probes/health-api/client.ts";

/** An upload that the Health API took, and where it was found at the end of the wait; without an upload only the reason. */
export type Followed = {
  readonly user: string;
  readonly tenant: string;
  readonly sent: Upload;
  readonly stored: Reading<StoredRecord>;
  readonly stations?: Reading<Stations>;
  /** What came of its removal afterwards. */
  readonly removed?: Asked<unknown>;
};

const names = [
  "a row in PostgreSQL",
  "an object in MinIO",
  "an event in the queue",
  "a narrative in PostgreSQL",
  "a narrative in MinIO",
] as const;

/**
 * Fails for each station where an upload is missing or altered. An upload that could not be made, or stations that could not be asked, are gaps:
 * whether uploads are taken at all is another criterion. So is one that could not be taken away again.
 */
export function judgeDataFlow(followed: readonly Followed[], samplesMin: number): Verdict {
  const faults: string[] = [];
  const gaps: string[] = [];
  const facts: Fact[] = [];
  for (const { user, tenant, sent, stored, stations, removed } of followed) {
    if (!stored.ok || stations === undefined || !stations.ok) {
      gaps.push(!stored.ok ? stored.why : stations?.ok === false ? stations.why : `${user}'s upload was not followed`);
      continue;
    }
    if (removed !== undefined && !(removed.ok && removed.value.kind === "done")) {
      gaps.push(`${user}'s upload may still be there: ${removed.ok ? removed.value.kind : removed.why}`);
    }
    const wrong = faultsAt({ tenant, user, sent, stored: stored.value }, stations.value);
    faults.push(...wrong.map((fault) => `${user}'s upload ${fault}`));
    facts.push({
      what: `stations where ${user}'s upload is missing or altered`,
      value: wrong.length,
      unit: "stations",
      limit: `0 of ${names.length}`,
      source: stations.source,
      at: stations.at,
      samples: followed.length,
    });
  }
  if (followed.length < samplesMin) gaps.push(`${followed.length} uploads, where ${samplesMin} are asked for`);
  const held = `${followed.length} uploads were found unaltered as ${names.join(", ")}`;
  return conclude({ faults, gaps: [...new Set(gaps)], facts, held });
}

type Expected = Pick<Followed, "tenant" | "user" | "sent"> & { readonly stored: StoredRecord };

/** One sentence's end a station, in the order of the way. */
function faultsAt(expected: Expected, { row, object, event, narrativeRow, narrativeObject }: Stations): string[] {
  const { tenant, user, sent, stored } = expected;
  const { id, sha256 } = stored;
  const [inRow, inObject, inEvent, inNarrativeRow, inNarrativeObject] = names;
  const told = [sent.kind, String(sent.value), sent.unit, sent.measuredAt];
  return [
    station(inRow, row, (found) => [
      ...differences({ ...sent, owner: user, sha256 }, { ...found, measuredAt: found.measured_at }),
    ]),
    station(inObject, object, (found) => [
      ...differences({ sha256, name: `${tenant}/${id}.json` }, found),
      ...differences({ ...sent, tenant, owner: user, id }, parsed(found.text)),
    ]),
    station(inEvent, event, (found) => differences({ id, tenant, object: `${tenant}/${id}.json`, sha256 }, found)),
    station(inNarrativeRow, narrativeRow, (found) => [
      ...differences({ sha256, object: `${tenant}/${id}.narrative.json` }, found),
      ...untold(told, found.text),
    ]),
    station(inNarrativeObject, narrativeObject, (found) => {
      const written = parsed(found.text);
      return [...differences({ record: id, tenant, sha256 }, written), ...untold(told, String(written["text"]))];
    }),
  ].flatMap((fault) => fault ?? []);
}

function station<T>(name: string, found: T | null, wrong: (found: T) => readonly string[]): string | undefined {
  if (found === null) return `is missing as ${name}`;
  const altered = wrong(found);
  return altered.length === 0 ? undefined : `is altered as ${name}: ${altered.join(", ")}`;
}

type Fields = Readonly<Record<string, unknown>>;

function differences(expected: Fields, found: Fields): string[] {
  return Object.entries(expected).flatMap(([name, value]) =>
    found[name] === value ? [] : [`${name} is ${JSON.stringify(found[name])}, not ${JSON.stringify(value)}`],
  );
}

function untold(parts: readonly string[], text: string): string[] {
  return parts.filter((part) => !text.includes(part)).map((part) => `it does not tell ${part}`);
}

/** Nothing where it is no object: every field is then another than it should be. */
function parsed(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
