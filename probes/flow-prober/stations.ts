/** Where an upload is found on its way, as the flow prober sees it with the application's own credentials. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import type { Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Each station with what it holds; null where it holds nothing of the upload. A station that could not be asked is no answer at all. */
const stationsSchema = z.object({
  row: z
    .object({
      owner: z.string(),
      kind: z.string(),
      value: z.number(),
      unit: z.string(),
      measured_at: z.string(),
      sha256: z.string(),
    })
    .nullable(),
  object: z.object({ name: z.string(), sha256: digest, text: z.string() }).nullable(),
  event: z.object({ id: z.string(), tenant: z.string(), object: z.string(), sha256: digest }).nullable(),
  narrativeRow: z.object({ text: z.string(), object: z.string(), sha256: z.string() }).nullable(),
  narrativeObject: z.object({ sha256: digest, text: z.string() }).nullable(),
});

export type Stations = z.output<typeof stationsSchema>;

/** Asks for an upload at all stations at once. */
export async function readStations(
  cluster: Cluster,
  profile: Pick<Profile, "health">,
  record: { readonly tenant: string; readonly id: string },
): Promise<Reading<Stations>> {
  const { namespace, pod, port } = profile.health.prober;
  const proxy = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
  const path = `/flow/${encodeURIComponent(record.tenant)}/${encodeURIComponent(record.id)}`;
  return cluster.getJson(`${proxy}${path}`, stationsSchema);
}
