/** Being signed in to the todo platform, at every address of its ingress. */
import type { Profile } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { resolveAll } from "../http/endpoints.ts";
import { signIn } from "../sign-in/session.ts";
import { todoClient, type TodoClient } from "./client.ts";

/** One client for each address, as the profile's user; and nobody's, at the first. */
export type TodoSession = { readonly clients: readonly [TodoClient, ...TodoClient[]]; readonly nobody: TodoClient };

/** Signs the profile's user in. `ok: false` where that does not succeed, or where an address of the ingress is not known. */
export async function openTodo(profile: Profile, signal: AbortSignal): Promise<Reading<TodoSession>> {
  const { host, user } = profile.todo;
  const timeoutMs = profile.timeouts.requestMs;
  const session = await signIn(profile, user, signal);
  if (!session.ok) return session;
  const { addresses, endpoints } = await resolveAll(profile.ingress.https, { timeoutMs, signal });
  const [first, ...others] = endpoints;
  const unknown = addresses.find((address) => !address.ok);
  if (unknown !== undefined && !unknown.ok) return unread(unknown.why, unknown.source, new Date());
  if (first === undefined) return unread(`${host}: no address of the ingress is known`, host, new Date());
  const { authority, token } = session.value;
  const where = { host, authority, timeoutMs, signal };
  const signedIn = (endpoint: typeof first): TodoClient => todoClient({ ...where, endpoint, token });
  return read(
    { clients: [signedIn(first), ...others.map(signedIn)], nobody: todoClient({ ...where, endpoint: first }) },
    `https://${host}/api/v1 as ${user}`,
    new Date(),
  );
}
