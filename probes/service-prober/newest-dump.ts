/** The newest dump of each database, asked of the prober that stands beside the object store. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { timestamp } from "../kubernetes/shapes.ts";

const failure = z.object({ kind: z.string(), detail: z.string() });
const found = z.object({
  bucket: z.string().min(1),
  objects: z.int().min(0),
  newest: z
    .object({
      key: z.string().min(1),
      bytes: z.int().min(0),
      modifiedAt: timestamp,
      /** Its first bytes, in hexadecimal digits. */
      head: z.string().regex(/^([0-9a-f]{2}){0,64}$/),
    })
    .nullable(),
});

const about = { target: z.string().min(1), folder: z.string().min(1), at: timestamp };

/** The answer of a prober. */
export const newestDump = z.union([
  z.object({ ...about, ...found.shape }),
  z.object({ ...about, bucket: z.string().min(1), failure }),
]);

/** `newest` is null where the folder holds nothing; `modifiedAt` is by the store's clock, `at` by the prober's. */
export type NewestDump = Readonly<z.output<typeof found> & { readonly folder: string }>;

const target = "minio";
const answerMs = 30_000;
const askedAtOnce = 2;

/** One reading a database, in their order. `ok: false` where the prober does not answer, or the store did not answer it. */
export async function readNewestDumps(
  cluster: Cluster,
  profile: Pick<Profile, "serviceProber" | "databases">,
): Promise<readonly Reading<NewestDump>[]> {
  return fewAtATime(profile.databases, askedAtOnce, async ({ name }) => readNewestDump(cluster, profile, name));
}

async function readNewestDump(
  cluster: Cluster,
  profile: Pick<Profile, "serviceProber">,
  folder: string,
): Promise<Reading<NewestDump>> {
  const { namespace, pod, port } = profile.serviceProber;
  const proxy = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
  const answer = await cluster.postJson(`${proxy}/newest-dump/${target}`, { folder }, newestDump, {
    requestMs: answerMs,
  });
  if (!answer.ok) return answer;
  const { value, source, at } = answer;
  const where = `${value.bucket}/${folder}`;
  if (value.folder !== folder)
    return unread(`the prober answered about ${value.folder}, not ${folder}`, source, new Date(at));
  if ("failure" in value) {
    return unread(
      `${where} could not be listed: ${value.failure.kind} (${value.failure.detail})`,
      source,
      new Date(at),
    );
  }
  return { ...answer, value };
}
