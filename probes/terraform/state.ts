/** Where the state is kept: without it a cluster cannot be rebuilt by the configuration that made it. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { PlanContext } from "./plan-context.ts";
import { nestedBlocks } from "./configuration.ts";

/** `backend` is "local" where none is written. `locked` says whether two applies at once are kept apart, as far as the text tells. */
export type RemoteState = { readonly backend: string; readonly locked: boolean };

/** Reads the backend of the root module. */
export async function readRemoteState({ module, source, now }: PlanContext): Promise<Reading<RemoteState>> {
  const backends = module.configuration.settings.flatMap((settings) => {
    const written = settings["backend"];
    const cloud = nestedBlocks(settings, "cloud").length > 0 ? ["cloud"] : [];
    return typeof written === "object" && written !== null ? [...Object.keys(written), ...cloud] : cloud;
  });
  if (backends.length > 1) return unread(`more than one backend is written: ${backends.join(", ")}`, source, now);
  const backend = backends[0] ?? "local";
  const [options] = module.configuration.settings.flatMap((settings) => {
    const written = settings["backend"];
    return typeof written === "object" && written !== null
      ? nestedBlocks(Object.fromEntries(Object.entries(written)), backend)
      : [];
  });
  return read(
    { backend, locked: backend === "s3" ? options?.["use_lockfile"] === true : backend !== "local" },
    source,
    now,
  );
}
