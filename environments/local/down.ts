/** `oke-proof down`. */
import { findLocalCluster } from "./cluster-record.ts";
import { findEngine } from "./engine.ts";
import { openOutwards } from "./firewall.ts";
import { removeLeftovers } from "./images.ts";
import { locked } from "./lock.ts";
import { status } from "./status.ts";
import { releaseEngine, removeCluster, removeState } from "./teardown.ts";
import { UsageError } from "../settings.ts";

/**
 * Takes the local cluster away and leaves nothing but the cache: no container, network, volume, firewall rule, loop device or file.
 * Harmless where there is nothing, and twice in a row.
 * @throws UsageError for a cluster of the name that `up` did not make
 */
export async function down(options: {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  await locked("down", async () => {
    const engine = await findEngine(recordedEngine(), options.signal);
    if (engine === undefined) {
      await openOutwards("podman");
      await removeState();
      options.say("no container engine answers, so no cluster of it runs; removed the files of the last one");
      return;
    }
    const before = await status(engine);
    if (before.state === "foreign")
      throw new UsageError(`down: ${before.because}; remove it by hand if it is not wanted`);
    await removeCluster(engine, options.signal);
    await releaseEngine(engine);
    await removeState();
    await removeLeftovers();
    options.say(
      before.state === "absent"
        ? "there was no local cluster; nothing is left of one"
        : "the local cluster is gone; what was built stays in the cache",
    );
  });
}

function recordedEngine(): "auto" | "docker" | "podman" {
  try {
    return findLocalCluster()?.engine ?? "auto";
  } catch {
    return "auto";
  }
}
