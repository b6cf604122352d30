/** alerts-fire: the loaded rules, and an alert of our own on its whole way: raised, received, over, resolved. */
import { randomUUID } from "node:crypto";
import { poll, type Look } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { raiseAlert, readArrivals } from "../../probes/observability/alerts.ts";
import type { Watchers } from "../../probes/observability/ask.ts";
import { readAlertRules } from "../../probes/observability/rules.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { check } from "../check.ts";
import { judgeAlertsFire, type RaisedAlert } from "./alerts.judge.ts";

/** Long enough to be scraped, evaluated and sent; over by itself soon after. */
const raisedSeconds = 15;
const withinSeconds = { fired: 45, resolved: 45 };

check("alerts-fire", async ({ cluster, profile, signal }) => {
  const { observability } = profile;
  const raised = await followAlert(cluster, observability, signal);
  const rules = await readAlertRules(cluster, observability);
  return judgeAlertsFire({ rules, raised }, observability.alertRules, new Date());
});

async function followAlert(cluster: Cluster, watchers: Watchers, signal: AbortSignal): Promise<Reading<RaisedAlert>> {
  const nonce = `proof-${randomUUID()}`;
  const raised = await raiseAlert(cluster, watchers, { nonce, seconds: raisedSeconds });
  if (!raised.ok) return raised;
  const endsAtMs = Date.parse(raised.value.until);
  const waits = { firedWithinSeconds: withinSeconds.fired, resolvedWithinSeconds: withinSeconds.resolved };
  const seen = { raisedAt: new Date(endsAtMs - raisedSeconds * 1000).toISOString(), ...waits };
  const source = `alert ${nonce} at the alert receiver`;
  const awaitArrival = (status: "firing" | "resolved", seconds: number) =>
    arrivalOf(cluster, watchers, { nonce, status, seconds, signal });
  const fired = await awaitArrival("firing", withinSeconds.fired);
  if (!fired.ok) return fired;
  if (fired.value === undefined) return read(seen, source, new Date());
  const resolved = await awaitArrival("resolved", raisedSeconds + withinSeconds.resolved);
  if (!resolved.ok) return resolved;
  const at = { firedAt: fired.value, ...(resolved.value === undefined ? {} : { resolvedAt: resolved.value }) };
  return read({ ...seen, ...at }, source, new Date());
}

/** When the receiver got it; undefined where it was asked to the end and had not. A receiver that does not answer in the end is no answer. */
async function arrivalOf(
  cluster: Cluster,
  watchers: Watchers,
  wanted: { readonly nonce: string; readonly status: string; readonly seconds: number; readonly signal: AbortSignal },
): Promise<Reading<string | undefined>> {
  let last: Reading<unknown> = unread("the receiver was not asked", "the alert receiver", new Date());
  const look = async (): Promise<Look<string>> => {
    const arrivals = await readArrivals(cluster, watchers, wanted.nonce);
    last = arrivals;
    if (!arrivals.ok) return { state: "not yet", seen: arrivals.why };
    const found = arrivals.value.find(({ status }) => status === wanted.status);
    return found === undefined
      ? { state: "not yet", seen: "it has not arrived" }
      : { state: "yes", value: found.receivedAt };
  };
  const what = `the alert ${wanted.nonce} ${wanted.status} at its receiver`;
  const found = await poll(look, { what, timeoutMs: wanted.seconds * 1000, everyMs: 1_000, signal: wanted.signal });
  if (found.ok) return read(found.value, last.source, new Date());
  if (wanted.signal.aborted) return unread(found.why, last.source, new Date());
  return last.ok ? read(undefined, last.source, new Date()) : unread(last.why, last.source, new Date());
}
