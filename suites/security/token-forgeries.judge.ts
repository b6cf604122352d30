/** Tokens that must be refused, at every operation that asks for one, by each wall that stands before it. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Met } from "../../probes/tokens/met.ts";

/** Who refuses: the gateway, asked from outside; or the service itself, asked behind the gateway's back. */
export type Wall = "gateway" | "service";

/** One operation at one wall: forged tokens, and the right one shown right before and right after them. */
export type Tried = {
  readonly service: string;
  /** "GET /api/v1/records". */
  readonly operation: string;
  readonly wall: Wall;
  /** Where it was asked. */
  readonly where: string;
  readonly before: Reading<Met>;
  readonly forged: readonly { readonly name: string; readonly met: Reading<Met> }[];
  readonly after: Reading<Met>;
};

/** What must have been tried: each operation at each of its walls, with each forgery. */
export type Wanted = {
  readonly service: string;
  readonly operation: string;
  readonly wall: Wall;
};

/** What was met, tried by tried, below the evidence folder. */
export const matrixFile = "token-forgeries-refused.json";

/**
 * Fails for each forged token that a wall lets through. The gateway refuses by 401 or 403 and says so itself: an answer of the service shows that
 * the token came through to it, whatever it said. The service refuses by 401; every other answer below 500 of its own is one to somebody whom it
 * let in. A refusal counts only where the right token was let in by the same service right before and right after.
 * @param readings.tokens those that only the signing key can make, and the documents that name operations: what could not be had is a gap
 * @param wanted.names of all forgeries
 */
export function judgeTokens(
  readings: { readonly needed: readonly Reading<unknown>[]; readonly tried: readonly Tried[] },
  wanted: { readonly places: readonly Wanted[]; readonly names: readonly string[] },
): Verdict {
  const { needed, tried } = readings;
  const faults = tried.flatMap(faultsOf);
  const requests = tried.reduce((sum, { forged }) => sum + forged.length, 0);
  return conclude({
    faults: grouped(faults),
    gaps: [
      ...new Set([
        ...needed.flatMap((reading) => (reading.ok ? [] : [reading.why])),
        ...tried.flatMap(gapsOf),
        ...missing(tried, wanted),
      ]),
    ],
    facts: tried.toSorted((one, other) => faultsOf(other).length - faultsOf(one).length).map(factOf),
    held: `${requests} forged tokens were refused at ${wanted.places.length} walls of ${new Set(tried.map(({ service, operation }) => `${service} ${operation}`)).size} operations, where the right one is let in`,
  });
}

type Found = { readonly name: string; readonly place: string; readonly said: string };

function faultsOf(tried: Tried): Found[] {
  return tried.forged.flatMap(({ name, met }) => {
    if (!met.ok) return [];
    const letThrough = throughOf(tried, met.value);
    return letThrough === undefined ? [] : [{ name, place: tried.operation, said: letThrough }];
  });
}

/** What a wall did in place of refusing; undefined where it refused, or where nothing is known. */
function throughOf({ wall, service }: Tried, { status, backend }: Met): string | undefined {
  if (backend !== service) return undefined;
  if (wall === "gateway") return `the gateway let through to ${service}`;
  return status === 401 || status >= 500 ? undefined : `${service} accepted`;
}

/** One sentence a forgery and wall: an operation as the example, and how many more. */
function grouped(found: readonly Found[]): string[] {
  const groups = new Map<string, Found[]>();
  for (const one of found) {
    const key = `${one.said} a token ${one.name}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].map(([key, [first, ...others]]) => {
    const more = others.length === 0 ? "" : ` and at ${others.length} more`;
    return `${key} at ${first?.place ?? "an operation"}${more}`;
  });
}

function gapsOf(tried: Tried): string[] {
  const { wall, service, operation, before, forged, after } = tried;
  const place = `${operation} of ${service}, at the ${wall}`;
  const unsure = forged.flatMap(({ name, met }) => {
    if (!met.ok) return [`a token ${name}: ${met.why}`];
    const { status, backend } = met.value;
    if (isRefused(tried, met.value) || throughOf(tried, met.value) !== undefined) return [];
    return [
      `a token ${name} was answered with ${status} by ${backend ?? "nobody known"}, ${place}: that is no refusal`,
    ];
  });
  return [...controlGap(before, place, tried), ...controlGap(after, place, tried), ...unsure.slice(0, 1)];
}

function isRefused({ wall, service }: Tried, { status, backend }: Met): boolean {
  return wall === "gateway"
    ? backend === undefined && (status === 401 || status === 403)
    : backend === service && status === 401;
}

function controlGap(reading: Reading<Met>, place: string, { service }: Tried): string[] {
  if (!reading.ok) return [reading.why];
  const { status, backend } = reading.value;
  if (backend === service && status !== 401 && status < 500) return [];
  return [
    `the right token was answered with ${status} by ${backend ?? "nobody known"}, ${place}: no refusal there counts`,
  ];
}

function missing(
  tried: readonly Tried[],
  { places, names }: { places: readonly Wanted[]; names: readonly string[] },
): string[] {
  return places.flatMap(({ service, operation, wall }) => {
    const here = tried.filter((one) => one.service === service && one.operation === operation && one.wall === wall);
    const shown = new Set(here.flatMap(({ forged }) => forged.map(({ name }) => name)));
    const left = names.filter((name) => !shown.has(name));
    return left.length === 0
      ? []
      : [`${left.length} of ${names.length} forgeries were not tried at ${operation} of ${service}, at the ${wall}`];
  });
}

function factOf(tried: Tried): Fact {
  const { service, operation, wall, where, forged, before } = tried;
  return {
    what: `forged tokens that came through at ${operation} of ${service}, at the ${wall}${wall === "gateway" ? ` (${where})` : ""}`,
    value: faultsOf(tried).length,
    unit: "requests",
    limit: "0",
    source: before.source,
    at: before.at,
    samples: forged.length,
    file: matrixFile,
  };
}
