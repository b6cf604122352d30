/** The endpoints of a load run in the order that all its pictures show them in. */
import type { LoadEndpoint } from "./load-schema.ts";

/** The percentiles that are criteria. */
export type Percent = 95 | 99;

const nameLengthMax = 36;

/** By the percentile; an endpoint without an answer last. */
export function slowestFirst(endpoints: readonly LoadEndpoint[], percent: Percent): readonly LoadEndpoint[] {
  return endpoints.toSorted((one, other) => (percentileOf(other, percent) ?? -1) - (percentileOf(one, percent) ?? -1));
}

/** In milliseconds; null where nothing was answered as expected. */
export function percentileOf(one: LoadEndpoint, percent: Percent): number | null {
  return percent === 95 ? one.p95Ms : one.p99Ms;
}

/** Its name, as long as there is room for. */
export function nameOf({ endpoint }: LoadEndpoint): string {
  return endpoint.length <= nameLengthMax ? endpoint : `${endpoint.slice(0, nameLengthMax)}…`;
}
