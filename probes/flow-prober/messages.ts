/** The messages that uploads are told of by: as the flow prober's own queue got them, and such as it is told to send. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";

const kept = z.object({ messages: z.array(z.string().max(4_000)).max(100) });
const published = z.object({ published: z.int().min(0) });

/** What a message says; a field that it leaves out, or that is no text, is absent. */
export type UploadMessage = {
  readonly id?: string;
  readonly tenant?: string;
  readonly object?: string;
  readonly sha256?: string;
  readonly recordedAt?: string;
};

const said = z
  .object({ id: z.string(), tenant: z.string(), object: z.string(), sha256: z.string(), recordedAt: z.string() })
  .partial();

/** The messages about a record that came since the prober began, whatever else they say. A text that is no such object says nothing. */
export async function readMessages(
  cluster: Cluster,
  profile: Pick<Profile, "health">,
  id: string,
): Promise<Reading<readonly UploadMessage[]>> {
  const found = await cluster.getJson(`${proxyOf(profile)}/messages/${encodeURIComponent(id)}`, kept);
  if (!found.ok) return found;
  return read(found.value.messages.map(messageIn), found.source, new Date(found.at));
}

/** Sends messages to the exchange of uploads, one after the other; each is confirmed by the broker. */
export async function publishMessages(
  cluster: Cluster,
  profile: Pick<Profile, "health">,
  messages: readonly UploadMessage[],
): Promise<Reading<{ readonly published: number }>> {
  return cluster.postJson(`${proxyOf(profile)}/messages`, { messages }, published, { requestMs: 15_000 });
}

function proxyOf({ health: { prober } }: Pick<Profile, "health">): string {
  const { namespace, pod, port } = prober;
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
}

function messageIn(text: string): UploadMessage {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return {};
  }
  const { data = {} } = said.safeParse(parsed);
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}
