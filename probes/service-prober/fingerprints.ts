/** The platform's own passwords, as whoever holds them tells of them: known again where they stand, and told to nobody. */
import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";

const answer = z.object({
  credentials: z
    .array(z.object({ credential: z.string().min(1), fingerprint: z.string().regex(/^[0-9a-f]{64}$/) }))
    .min(1),
});

/** Under `word`, a fingerprint leads to what it is of. */
export type Fingerprints = { readonly word: string; readonly of: ReadonlyMap<string, string> };

/** Asks the prober beside the data services, under a word made for this. */
export async function readFingerprints(
  cluster: Cluster,
  { serviceProber: { namespace, pod, port } }: Pick<Profile, "serviceProber">,
): Promise<Reading<Fingerprints>> {
  const word = randomBytes(32).toString("hex");
  const prober = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
  const found = await cluster.postJson(`${prober}/fingerprints`, { word }, answer);
  if (!found.ok) return found;
  const of = new Map(found.value.credentials.map(({ fingerprint, credential }) => [fingerprint, credential]));
  // An account without a password would be known again everywhere and nowhere.
  return of.has(fingerprintOf(word, ""))
    ? unread("a credential of the prober is empty", found.source, new Date(found.at))
    : read({ word, of }, found.source, new Date(found.at));
}

/** The fingerprint of a text under a word. */
export function fingerprintOf(word: string, text: string): string {
  return createHmac("sha256", word).update(text).digest("hex");
}

const candidate = /[^\s"'`,;:=@&?<>()[\]{}|\\]{12,200}|[A-Za-z0-9]{12,200}/g;

/** What the words of a text are known as: each of twelve letters and digits or more, as it stands and taken out of base64. */
export function knownIn(text: string, { word, of }: Fingerprints, seen: Map<string, string | undefined>): string[] {
  const parts = new Set(
    [...text.matchAll(candidate)].flatMap(([part]) => [part, ...(part.match(/[A-Za-z0-9]{12,}/g) ?? [])]),
  );
  return [...parts].flatMap((part) => {
    if (!/\d/.test(part) || !/[A-Za-z]/.test(part)) return [];
    if (!seen.has(part)) {
      const decoded = Buffer.from(part, "base64").toString("utf8");
      seen.set(part, of.get(fingerprintOf(word, part)) ?? of.get(fingerprintOf(word, decoded)));
    }
    const what = seen.get(part);
    return what === undefined ? [] : [what];
  });
}
