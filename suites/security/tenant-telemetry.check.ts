/** tenant-isolation-telemetry: canaries of two tenants sent through both platforms, and looked for in logs, traces, metrics and refusals. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { poll, type Look } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { servicePath } from "../../probes/observability/ask.ts";
import { readVector } from "../../probes/observability/query.ts";
import {
  searchLogs,
  searchLogsForTokens,
  searchMetrics,
  searchTraces,
  type SearchedTraces,
} from "../../probes/observability/search.ts";
import { check, type CheckContext } from "../check.ts";
import { removeOwn } from "../infra/todo-flow.ts";
import { unlessLeft } from "../infra/todo-outcome.judge.ts";
import { digitsOf, throughHealth, throughTodo, writerOf, type Flow, type Writer } from "./telemetry-flows.ts";
import { judgeTelemetry, type Readings } from "./tenant-telemetry.judge.ts";
import { signInTwo, todoSideOf } from "./two-tenants.ts";

const askedAtOnce = 6;
const loggedMs = 25_000;
const tracedMs = 20_000;
const scrapedMs = 20_000;
/** What the flows themselves bring about among the values of labels, and the metric by which a fresh scrape is known. */
const wantedLabels = ["/api/v1/records/{id}", "/api/v1/tasks/{id}"];
const freshMetric = "health_api_http_requests_total";
const todoService = "todo-backend";
const gatewayNamespace = "platform-gateway";

check("tenant-isolation-telemetry", async (context) => {
  const sessions = await signInTwo(context);
  if (!sessions.ok) return judgeTelemetry(nothing(sessions.why));
  const [one, other] = sessions.value;
  const since = new Date(Date.now() - 2_000);
  const writers = [writerOf(one, context.run.id), writerOf(other, context.run.id)] as const;
  let removed = false;
  try {
    const [health, todo] = await Promise.all([
      Promise.all([throughHealth(context, writers[0], other), throughHealth(context, writers[1], one)]),
      Promise.all([throughTodo(context, writers[0], other), throughTodo(context, writers[1], one)]),
    ]);
    const left = await removeTasks(context, writers);
    removed = true;
    const verdict = judgeTelemetry(await searchAll(context, { writers, health, todo, since }));
    return unlessLeft(verdict, left);
  } finally {
    if (!removed) await removeTasks(context, writers);
  }
});

type Flows = {
  readonly writers: readonly Writer[];
  readonly health: readonly Flow[];
  readonly todo: readonly Flow[];
  readonly since: Date;
};

async function searchAll(context: CheckContext, { writers, health, todo, since }: Flows): Promise<Readings> {
  const { cluster, profile } = context;
  const { observability } = profile;
  const owners = new Map(
    writers.flatMap(({ session, kind, title, secret }) =>
      [kind, title, secret].map((mark): [string, string] => [digitsOf(mark), session.tenant]),
    ),
  );
  const texts = [...owners.keys()];
  const flows = [...health, ...todo];
  const wantedTraces = [
    ...health.map(({ traceId }) => ({ id: traceId, services: observability.traced })),
    ...todo.map(({ traceId }) => ({ id: traceId, services: [todoService] })),
  ];
  const ended = new Date();
  const [logged, traces] = await Promise.all([
    logLast(context, since),
    awaitTraces(context, wantedTraces, texts),
    awaitScrape(context, ended),
  ]);
  // Only now: what was written before the last harmless line of each service has come with it.
  const namespaces = [...new Set([...observability.logged.map(({ namespace }) => namespace), gatewayNamespace])];
  const [logs, tokens, metrics] = await Promise.all([
    searchLogs(cluster, observability, { texts, since }),
    searchLogsForTokens(cluster, observability, { namespaces, since }),
    searchMetrics(cluster, observability, { texts, controls: wantedLabels, since }),
  ]);
  const failed = flows.flatMap((flow) => flow.failed);
  const answers = flows.flatMap((flow) => flow.answers);
  return {
    answers:
      failed.length === 0 ? read(answers, "both platforms", ended) : unread(failed.join("; "), "both platforms", ended),
    owners,
    unfinished: flows.flatMap(({ unfinished }) => unfinished),
    logged,
    logs,
    tokens,
    wantedTraces,
    traces,
    metrics,
    wantedLabels,
  };
}

/** A last request to each service, which names itself; looks until Loki has them all. */
async function logLast({ cluster, profile, signal }: CheckContext, since: Date): Promise<Readings["logged"]> {
  const { observability } = profile;
  const asked = await fewAtATime(observability.logged, askedAtOnce, async ({ namespace, service }) => {
    const nonce = randomUUID();
    const path = servicePath(namespace, service, `/healthz?request-id=${nonce}`);
    return { service: `${namespace}/${service}`, nonce, answer: await cluster.getJson(path, z.looseObject({})) };
  });
  const nonces = asked.flatMap(({ nonce, answer }) => (answer.ok ? [nonce] : []));
  let found: Reading<readonly string[]> = unread("Loki was not asked", "Loki", new Date());
  const look = async (): Promise<Look<true>> => {
    const lines = await searchLogs(cluster, observability, { texts: nonces, since });
    found = lines.ok ? { ...lines, value: lines.value.map(({ text }) => text) } : lines;
    const missing = nonces.filter((nonce) => !(found.ok && found.value.includes(nonce)));
    return missing.length === 0
      ? { state: "yes", value: true }
      : { state: "not yet", seen: `${missing.length} missing` };
  };
  if (nonces.length > 0) {
    await poll(look, { what: "the harmless lines in Loki", timeoutMs: loggedMs, everyMs: 1_000, signal });
  }
  return asked.map(({ service, nonce, answer }) => {
    if (!answer.ok) return { service, found: answer };
    return { service, found: found.ok ? { ...found, value: found.value.includes(nonce) } : found };
  });
}

async function awaitTraces(
  { cluster, profile, signal }: CheckContext,
  wanted: Readings["wantedTraces"],
  texts: readonly string[],
): Promise<Reading<SearchedTraces>> {
  const ids = wanted.map(({ id }) => id);
  let last: Reading<SearchedTraces> = unread("Jaeger was not asked", "Jaeger", new Date());
  const look = async (): Promise<Look<true>> => {
    last = await searchTraces(cluster, profile.observability, { ids, texts });
    const found = last.ok ? last.value.traces : [];
    const whole = wanted.filter(({ id, services }) =>
      services.every((service) => found.some((trace) => trace.id === id && trace.services.includes(service))),
    );
    return whole.length === wanted.length
      ? { state: "yes", value: true }
      : { state: "not yet", seen: last.ok ? `${whole.length} traces are whole` : last.why };
  };
  await poll(look, { what: "the traces in Jaeger", timeoutMs: tracedMs, everyMs: 1_000, signal });
  return last;
}

/** Waits until Prometheus has asked the services again; where it does not, the labels that must be there are missing. */
async function awaitScrape({ cluster, profile, signal }: CheckContext, since: Date): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    const found = await readVector(cluster, profile.observability, `min(timestamp(${freshMetric}))`);
    const scraped = found.ok ? (found.value[0]?.value ?? 0) * 1000 : 0;
    return scraped > since.getTime() ? { state: "yes", value: true } : { state: "not yet", seen: "no fresh scrape" };
  };
  await poll(look, { what: "a scrape after the flows", timeoutMs: scrapedMs, everyMs: 1_000, signal });
}

async function removeTasks(context: CheckContext, writers: readonly Writer[]): Promise<string | undefined> {
  const left = await Promise.all(
    writers.map(async ({ session, title }) => removeOwn(todoSideOf(context, session).client, title, new Date())),
  );
  const said = left.filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said.join("; ");
}

function nothing(why: string): Readings {
  const none = unread<never>(why, "both platforms", new Date());
  const empty = { owners: new Map<string, string>(), unfinished: [], logged: [], wantedTraces: [], wantedLabels: [] };
  return { ...empty, answers: none, logs: none, tokens: none, traces: none, metrics: none };
}
