/** How a table was read, by the database's own counters; and the rows that a run filled it with. Asked of the prober beside the data services. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";

const count = z.number().nonnegative();
const scansAnswer = z.object({
  scans: z.object({
    sequential: count,
    /** Rows read by those scans: each reads all of the table, unless a limit ends it. */
    sequentialRows: count,
    byIndex: count,
    byIndexRows: count,
    liveRows: count,
    /** Rows changed since the planner's statistics were made. */
    changedSinceAnalyzed: count,
  }),
});
const filledAnswer = z.object({
  filled: z
    .array(
      z.object({ tenant: z.string().min(1), mark: z.string().min(1), rows: z.int().min(1), madeAt: z.iso.datetime() }),
    )
    .max(2_000),
});

/** Counters since the server's statistics began; only differences mean anything. */
export type TableScans = Readonly<z.output<typeof scansAnswer>["scans"]>;
export type FilledBatch = Readonly<z.output<typeof filledAnswer>["filled"][number]>;
export type TableName = { readonly schema: string; readonly table: string };

type Asked = Pick<Profile, "serviceProber">;

/** The prober gives a statement five seconds, and makes several. */
const requestMs = 60_000;

/** The counters of a table of the target's database, which every role may read. */
export async function readTableScans(
  cluster: Cluster,
  profile: Asked,
  target: string,
  name: TableName,
): Promise<Reading<TableScans>> {
  const found = await cluster.postJson(pathOf(profile, `scans/${target}`), name, scansAnswer, { requestMs });
  return found.ok ? read(found.value.scans, found.source, new Date(found.at)) : found;
}

/** Batches of rows that runs made for these tenants and that stand. */
export async function readFilledRows(
  cluster: Cluster,
  profile: Asked,
  target: string,
  tenants: readonly string[],
): Promise<Reading<readonly FilledBatch[]>> {
  const found = await cluster.postJson(pathOf(profile, `filled/${target}`), { tenants }, filledAnswer, { requestMs });
  return found.ok ? read(found.value.filled, found.source, new Date(found.at)) : found;
}

/** The prober's path for a question of its rows. */
export function pathOf({ serviceProber: { namespace, pod, port } }: Asked, question: string): string {
  const proxy = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
  return `${proxy}/tenants/${question}`;
}
