/** The API server in memory, empty at first, for what is no drill: with a profile that reaches it, and with requests that it refuses. */
import type { Profile } from "../environments/profile.ts";
import { withObjectApi, type Objects } from "./object-api.ts";

/**
 * Runs a test against such a server, as an account of it.
 * @param interfere answers in the server's place, with a status, where it has one
 */
export async function withObjects<T>(
  work: (
    profile: Pick<Profile, "name" | "cluster" | "timeouts" | "prober">,
    objects: Objects,
    server: string,
  ) => Promise<T>,
  interfere: (request: { readonly method: string }) => number | undefined = () => undefined,
): Promise<T> {
  const prober = { namespace: "oke-proof", selector: "a=b", port: 8080 };
  const answer = ({ method }: { readonly method: string }) => {
    const status = interfere({ method });
    return status === undefined ? undefined : ([status, { message: "interfered" }] as const);
  };
  return withObjectApi({ objects: {}, answer, profile: { prober } }, async ({ context, objects }) =>
    work(context.profile, objects, context.cluster.server),
  );
}
