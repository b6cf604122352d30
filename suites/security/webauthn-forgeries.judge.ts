/** Logins that must be refused, each between two that must be accepted. */
import { conclude, type Fact, type Verdict } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";

/** A forgery and its controls: an honest login of the same credential right before and right after. */
export type Tried = {
  readonly forgery: string;
  readonly before: Asked<unknown>;
  readonly forged: Asked<unknown>;
  readonly after: Asked<unknown>;
};

/** What was tried, and what came of it, below the evidence folder. */
export const triedFile = "webauthn-forgeries-refused.json";

/** Statuses by which the server says no, and not that it cannot. */
const refusals = new Set([400, 401, 403]);

/**
 * Fails for each forgery that is accepted, or answered with the status of an accepted one. A refusal counts where the honest login before it and
 * the one after it are accepted: else it may be a refusal of everybody. Anything but a refusal by 400, 401 or 403 proves nothing.
 * @param expected names of all forgeries: one that was not tried is a gap
 */
export function judgeForgeries(tried: readonly Tried[], expected: readonly string[]): Verdict {
  const names = new Set(tried.map(({ forgery }) => forgery));
  const untried = expected.filter((name) => !names.has(name)).map((name) => `${name} was not tried`);
  return conclude({
    faults: tried.flatMap(({ forgery, forged }) => (isAccepted(forged) ? [`${forgery} was accepted at login`] : [])),
    gaps: [...new Set([...tried.flatMap(gapsOf), ...untried])],
    facts: tried
      .toSorted((one, other) => Number(isAccepted(other.forged)) - Number(isAccepted(one.forged)))
      .map(factOf),
    held: `${tried.length} forged logins were refused, each between two honest ones that were accepted`,
  });
}

function isAccepted(asked: Asked<unknown>): boolean {
  return asked.ok && (asked.value.kind === "done" || asked.value.kind === "malformed");
}

function gapsOf({ forgery, before, forged, after }: Tried): string[] {
  if (isAccepted(forged)) return [];
  if (!forged.ok) return [`${forgery}: ${forged.why}`];
  const { value } = forged;
  if (value.kind !== "refused") return [`${forgery} was ${value.kind}`];
  if (!refusals.has(value.status))
    return [`${forgery} was answered with ${value.status} (${value.said}), which is no refusal`];
  return [...controlGap(before, `before ${forgery}`), ...controlGap(after, `after ${forgery}`)];
}

function controlGap(asked: Asked<unknown>, when: string): string[] {
  if (!asked.ok) return [`the honest login ${when}: ${asked.why}`];
  const { value } = asked;
  if (value.kind === "done") return [];
  return [
    `the honest login ${when} was ${value.kind}${value.kind === "refused" ? ` with ${value.status}` : ""}: no refusal beside it counts`,
  ];
}

function factOf({ forgery, forged }: Tried): Fact {
  const { source, at } = forged;
  return { what: forgery, value: saidOf(forged), limit: "refused", source, at, file: triedFile };
}

function saidOf(asked: Asked<unknown>): string {
  if (!asked.ok) return "not tried";
  if (isAccepted(asked)) return "accepted";
  return asked.value.kind === "refused" ? `refused with ${asked.value.status}` : asked.value.kind;
}
