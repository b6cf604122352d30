/** traces-reach-jaeger: records uploaded by a signed-in user, each within a trace of its own. */
import { randomBytes } from "node:crypto";
import { newMark } from "../../harness/mark.ts";
import { poll, type Look } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { healthClient } from "../../probes/health-api/client.ts";
import { saidOf } from "../../probes/http/outcome.ts";
import { readTraces, type Trace } from "../../probes/observability/traces.ts";
import { signIn, type Session } from "../../probes/sign-in/session.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeTracesReachJaeger } from "./traces.judge.ts";

const samples = 3;
const waitedSeconds = 45;

check("traces-reach-jaeger", async (context) => {
  const { profile, signal } = context;
  const { traced } = profile.observability;
  const [user = ""] = profile.health.users;
  const session = await signIn(profile, user, signal);
  if (!session.ok) return judgeTracesReachJaeger({ sent: [session], traces: session }, traced, waitedSeconds);
  const sent: Reading<Uploaded>[] = [];
  for (let sample = 0; sample < samples; sample += 1) sent.push(await upload(context, session.value));
  try {
    const traces = await awaitTraces(context, sent);
    return judgeTracesReachJaeger({ sent, traces }, traced, waitedSeconds);
  } finally {
    const client = healthClient(profile, session.value, signal);
    for (const one of sent) if (one.ok) await client.remove(one.value.id);
  }
});

type Uploaded = { readonly traceId: string; readonly id: string };

/** Uploads a record as part of a trace that begins here (W3C Trace Context: version, trace, parent, sampled). */
async function upload({ profile, run, signal }: CheckContext, session: Session): Promise<Reading<Uploaded>> {
  const traceId = randomBytes(16).toString("hex");
  const traceparent = `00-${traceId}-${randomBytes(8).toString("hex")}-01`;
  const client = healthClient(profile, session, signal, { traceparent });
  const measuredAt = new Date().toISOString();
  const stored = await client.upload({ kind: newMark(run.id), value: 61, unit: "bpm", measuredAt });
  if (!stored.ok) return stored;
  if (stored.value.kind !== "done") return unread(saidOf(stored.value), stored.source, new Date());
  return read({ traceId, id: stored.value.value.id }, stored.source, new Date());
}

/** Looks until every trace is whole, or the time is over. */
async function awaitTraces(
  { cluster, profile, signal }: CheckContext,
  sent: readonly Reading<Uploaded>[],
): Promise<Reading<readonly Trace[]>> {
  const { observability } = profile;
  const ids = sent.flatMap((one) => (one.ok ? [one.value.traceId] : []));
  let last: Reading<readonly Trace[]> = unread("Jaeger was not asked", "Jaeger", new Date());
  if (ids.length === 0) return last;
  const look = async (): Promise<Look<true>> => {
    last = await readTraces(cluster, observability, ids);
    if (!last.ok) return { state: "not yet", seen: last.why };
    const whole = last.value.filter(({ spans }) =>
      observability.traced.every((service) => spans.some((span) => span.service === service)),
    );
    return whole.length === ids.length
      ? { state: "yes", value: true }
      : { state: "not yet", seen: `${whole.length} of ${ids.length} traces are whole` };
  };
  await poll(look, { what: "the traces in Jaeger", timeoutMs: waitedSeconds * 1000, everyMs: 1_000, signal });
  return last;
}
