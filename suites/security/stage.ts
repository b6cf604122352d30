/** What a check across users begins with: all of them signed in, and what the interface says of itself. */
import { read, type Reading } from "../../harness/verdict.ts";
import { readOperations, type Operation } from "../../probes/openapi/document.ts";
import { nobodies, openPeople, type Identity } from "../../probes/tenants/people.ts";
import { readRefusableTokens } from "../../probes/tokens/service-wall.ts";
import type { CheckContext } from "../check.ts";

export type Where = { readonly host: string; readonly timeoutMs: number; readonly signal: AbortSignal };

export type Stage = {
  readonly people: readonly Identity[];
  readonly operations: readonly Operation[];
  /** Those who are not the owner although they say so, and one whose token has ended. */
  readonly nobodies: (owner: Identity, other: Identity) => readonly Identity[];
};

/** @param document path of the OpenAPI document; whoever asks for it is signed in */
export async function openStage(
  { profile, cluster, signal }: Pick<CheckContext, "profile" | "cluster" | "signal">,
  where: Where,
  document: string,
): Promise<Reading<Stage>> {
  const [people, tokens] = await Promise.all([openPeople(profile, signal), readRefusableTokens(cluster, profile)]);
  if (!people.ok) return people;
  if (!tokens.ok) return tokens;
  const [first] = people.value;
  const { expired } = tokens.value;
  if (first === undefined) throw new Error("the profile names no tenants");
  if (expired === undefined) throw new Error("the prober makes no expired token");
  const { endpoint, authority } = first.session;
  const { headers } = first;
  const operations = await readOperations({ ...where, endpoint, authority, headers, path: document });
  if (!operations.ok) return operations;
  const ended = (session: Identity["session"]): Identity => {
    const authorization = `Bearer ${expired}`;
    return { name: "an expired token", tenant: "", role: "nobody", headers: { authorization }, session };
  };
  const stage: Stage = {
    people: people.value,
    operations: operations.value,
    nobodies: (owner, other) => [...nobodies(owner, other), ended(other.session)],
  };
  return read(stage, operations.source, new Date());
}
