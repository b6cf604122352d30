/** logs-reach-loki: every service, and a prober on every node, logs requests that name themselves; Loki is asked for their names. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { poll, type Look } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { askProber, listProbers } from "../../probes/kubernetes/proxy.ts";
import { servicePath } from "../../probes/observability/ask.ts";
import { readLogLines } from "../../probes/observability/log-lines.ts";
import { check, type CheckContext } from "../check.ts";
import { foundSecondsMax, judgeLogsReachLoki, type FoundLine, type Writer } from "./logs.judge.ts";

const samples = 3;
const askedAtOnce = 6;
const health = z.looseObject({});

check("logs-reach-loki", async (context) => {
  const run = randomUUID();
  const since = new Date();
  const writers = await askAll(context, run);
  if (!writers.ok) return judgeLogsReachLoki({ writers, found: writers });
  return judgeLogsReachLoki({ writers, found: await awaitLines(context, run, since, writers.value) });
});

/** Where a request that names itself goes, and whose log it must be found in. */
type Asked = {
  readonly name: string;
  readonly namespace: string;
  readonly ask: (query: string) => Promise<Reading<unknown>>;
};

async function askAll(context: CheckContext, run: string): Promise<Reading<readonly Writer[]>> {
  const { cluster, profile } = context;
  const probers = await listProbers(cluster, profile);
  if (!probers.ok) return probers;
  const asked: readonly Asked[] = [
    // One a node, and first: a log agent that is away from a node is seen and named, wherever the services happen to run.
    ...probers.value.map(({ pod, node }) => ({
      name: `${profile.prober.namespace}/prober on ${node}`,
      namespace: profile.prober.namespace,
      ask: (query: string) => askProber(cluster, profile, pod, `/healthz?${query}`, health),
    })),
    ...profile.observability.logged.map(({ namespace, service }) => ({
      name: `${namespace}/${service.split(":")[0] ?? service}`,
      namespace,
      ask: askService(cluster, namespace, service),
    })),
  ];
  const writers = await fewAtATime([...asked.entries()], askedAtOnce, async ([at, { name, namespace, ask }]) => {
    const readings: Reading<{ readonly nonce: string }>[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      const nonce = `${run}-${at}-${sample}`;
      const answer = await ask(new URLSearchParams({ "request-id": nonce }).toString());
      readings.push(answer.ok ? { ...answer, value: { nonce } } : answer);
    }
    return { name, namespace, asked: readings };
  });
  return read(writers, probers.source, new Date());
}

function askService(cluster: Cluster, namespace: string, service: string): Asked["ask"] {
  return (query) => cluster.getJson(servicePath(namespace, service, `/healthz?${query}`), health);
}

/** Looks until every line is there, or the time of the last one is over. Seconds run from the answer to the request to the look that saw the line. */
async function awaitLines(
  { cluster, profile, signal }: CheckContext,
  run: string,
  since: Date,
  writers: readonly Writer[],
): Promise<Reading<readonly FoundLine[]>> {
  const answeredAt = new Map(
    writers.flatMap(({ asked }) => asked.flatMap((one) => (one.ok ? [[one.value.nonce, Date.parse(one.at)]] : []))),
  );
  const namespaces = [...new Set(writers.map(({ namespace }) => namespace))];
  const found = new Map<string, FoundLine>();
  let last: Reading<unknown> = unread("Loki was not asked", "Loki", new Date());
  const look = async (): Promise<Look<true>> => {
    const lines = await readLogLines(cluster, profile.observability, { namespaces, text: run, since });
    last = lines;
    if (!lines.ok) return { state: "not yet", seen: lines.why };
    for (const { namespace, text } of lines.value) {
      const nonce = new RegExp(`${run}-\\d+-\\d+`).exec(text)?.[0] ?? "";
      const askedAt = answeredAt.get(nonce);
      if (askedAt === undefined || found.has(nonce)) continue;
      found.set(nonce, { nonce, namespace, seconds: Math.max(0, (Date.parse(lines.at) - askedAt) / 1000) });
    }
    const missing = answeredAt.size - found.size;
    return missing === 0 ? { state: "yes", value: true } : { state: "not yet", seen: `${missing} lines are missing` };
  };
  await poll(look, { what: "the lines in Loki", timeoutMs: foundSecondsMax * 1000, everyMs: 1_000, signal });
  return last.ok ? { ...last, value: [...found.values()] } : last;
}
