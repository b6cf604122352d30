/** database-queries-indexed: fills a tenant's table, asks each search again and again through the ingress, and takes the rows away. */
import type { Profile } from "../../environments/profile.ts";
import type { Making } from "../../fixtures/faults/made-by-trial.ts";
import { emptyRows, fillRows, kindOf, type Batch } from "../../fixtures/filled-rows.ts";
import { newMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { request } from "../../probes/http/request.ts";
import { connect, type Cluster } from "../../probes/kubernetes/cluster.ts";
import { readFilledRows, readTableScans, type TableScans } from "../../probes/service-prober/table-scans.ts";
import { signIn, type Session } from "../../probes/sign-in/session.ts";
import type { Searched, SearchAnswer, SearchRun } from "./database-queries.judge.ts";
import { idsOf, searchesFor, type Search } from "./searches.ts";

const target = "health-records";
const table = { schema: "health", table: "records" } as const;
const tableWords = `${table.schema}.${table.table}`;
/** One kind in a hundred is searched for: as selective as a real one. */
const kinds = 100;
const askedAtOnce = 2;
const analyzedWithinMs = 150_000;
const countedWithinMs = 20_000;

type Context = {
  readonly profile: Profile;
  readonly run: { readonly id: string };
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
};

export type TableSearch = {
  readonly making: Making;
  /** Undefined until all of it was searched. */
  readonly searched: () => Searched | undefined;
};

/**
 * Searches as the first tenant's admin, who sees all of the tenant's rows. Nothing else may ask the table meanwhile: its counters do not say for whom.
 * @param wanted rows of the tenant, and requests of each search
 * @throws Error where the profile has no tenant
 */
export function tableSearch(
  { profile, run }: Pick<Context, "profile" | "run">,
  wanted: { readonly rows: number; readonly samples: number },
): TableSearch {
  const [tenant] = profile.tenants;
  if (tenant === undefined) throw new Error("the profile has no tenant to search as");
  const batch: Batch = { target, tenant: tenant.name, mark: newMark(run.id) };
  // What is put back is put back though the run was interrupted.
  const lasting: Context = contextOf({ profile, run }, new AbortController().signal);
  let searched: Searched | undefined;
  return {
    making: {
      async inject(signal) {
        const context = contextOf({ profile, run }, signal);
        const session = await signIn(profile, tenant.admin, signal);
        if (!session.ok) throw new Error(`nobody could search: ${session.why}`);
        await fillRows(context.cluster, profile, batch, { rows: wanted.rows, kinds });
        await untilAnalyzed(context);
        searched = await searchAll(context, { batch, session: session.value, ...wanted });
      },
      async felt() {
        const rows = await rowsOf(lasting, batch);
        if (!rows.ok) return rows;
        const { value, source, at } = rows;
        if (value < wanted.rows) return unread(`${tableWords} has ${value} rows of the run`, source, new Date(at));
        const limit = `at least ${wanted.rows}`;
        return { ...rows, value: { what: `rows of the run in ${tableWords}`, value, unit: "rows", limit, source, at } };
      },
      remove: async () => emptyRows(lasting.cluster, profile, batch),
    },
    searched: () => searched,
  };
}

function contextOf({ profile, run }: Pick<Context, "profile" | "run">, signal: AbortSignal): Context {
  return { profile, run, signal, cluster: connect(profile, signal) };
}

async function searchAll(
  context: Context,
  about: { readonly batch: Batch; readonly session: Session; readonly rows: number; readonly samples: number },
): Promise<Searched> {
  const { batch, session, rows: wantedRows, samples } = about;
  const rows = await rowsOf(context, batch);
  const kind = kindOf(batch, 0);
  const first = await ask(context, session, { method: "GET", path: `/api/v1/records?kind=${kind}&limit=20` });
  const searches: SearchRun[] = [];
  const ids = first.ok ? idsOf(first.value.body) : [];
  for (const search of searchesFor({ kind, rows: Math.ceil(wantedRows / kinds), ids }))
    searches.push(await asked(context, session, search, samples));
  return { rows, searches };
}

/** PostgreSQL looks every minute whether statistics are due; where they do not come the judge says so. */
async function untilAnalyzed({ cluster, profile, signal }: Context): Promise<void> {
  await poll(
    async () => {
      const now = await readTableScans(cluster, profile, target, table);
      if (!now.ok) return { state: "not yet", seen: now.why };
      const { liveRows, changedSinceAnalyzed } = now.value;
      return changedSinceAnalyzed <= liveRows / 10
        ? { state: "yes", value: undefined }
        : { state: "not yet", seen: `${changedSinceAnalyzed} rows changed since` };
    },
    { what: `statistics of ${tableWords}`, timeoutMs: analyzedWithinMs, everyMs: 3_000, signal },
  );
}

async function rowsOf({ cluster, profile }: Context, { tenant, mark }: Batch): Promise<Reading<number>> {
  const found = await readFilledRows(cluster, profile, target, [tenant]);
  if (!found.ok) return found;
  const { source, at } = found;
  return read(found.value.find((one) => one.mark === mark)?.rows ?? 0, source, new Date(at));
}

async function asked(context: Context, session: Session, search: Search, samples: number): Promise<SearchRun> {
  const { cluster, profile } = context;
  const { name } = search;
  const before = await readTableScans(cluster, profile, target, table);
  const numbers = Array.from({ length: samples }, (_, at) => at);
  const answers = await fewAtATime(numbers, askedAtOnce, async (): Promise<SearchAnswer> => {
    const beganMs = performance.now();
    const answer = await ask(context, session, search);
    const durationMs = performance.now() - beganMs;
    return { durationMs, right: answer.ok && answer.value.status === 200 && search.isRight(answer.value.body) };
  });
  const source = `${search.method} ${search.path.split("?")[0]} at ${profile.health.host}`;
  return {
    name,
    table: tableWords,
    before,
    answers: read(answers, source, new Date()),
    after: await counted(context, before, samples),
  };
}

/** Connections of the application tell their counters with a delay: the last look, when the requests are all in and nothing moves any more. */
async function counted(
  { cluster, profile, signal }: Context,
  before: Reading<TableScans>,
  samples: number,
): Promise<Reading<TableScans>> {
  if (!before.ok) return before;
  let last: Reading<TableScans> = before;
  await poll(
    async () => {
      const was = last;
      last = await readTableScans(cluster, profile, target, table);
      if (!last.ok || !was.ok) return { state: "not yet", seen: "no counters" };
      const [scans, scansBefore] = [scansOf(last.value), scansOf(was.value)];
      return scans - scansOf(before.value) >= samples && scans === scansBefore
        ? { state: "yes", value: undefined }
        : { state: "not yet", seen: `${scans - scansOf(before.value)} scans` };
    },
    { what: `counters of ${tableWords}`, timeoutMs: countedWithinMs, everyMs: 2_500, signal },
  );
  return last;
}

function scansOf({ sequential, byIndex }: TableScans): number {
  return sequential + byIndex;
}

async function ask(
  { profile, signal }: Context,
  { endpoint, authority, token }: Session,
  { method, path, json }: Pick<Search, "method" | "path" | "json">,
): Promise<Reading<{ readonly status: number; readonly body: string }>> {
  const answer = await request({
    endpoint,
    authority,
    host: profile.health.host,
    path,
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(json === undefined ? {} : { json }),
    timeoutMs: profile.timeouts.requestMs,
    signal,
  });
  if (!answer.ok) return answer;
  const { source, at } = answer;
  if (answer.value.kind !== "answered") return unread(`${source}: no answer`, source, new Date(at));
  return read({ status: answer.value.status, body: answer.value.body }, source, new Date(at));
}
