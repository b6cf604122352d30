/** While the local cluster is made: what each layer proves as it stands, before the next one is begun. The run that counts comes after. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { criterionOf, restsOnLoad } from "../criteria/catalogue.ts";
import { loadProfile } from "../environments/load.ts";
import { layerCriteria } from "../environments/local/layer-criteria.ts";
import type { LayerName } from "../environments/local/versions.ts";
import type { Settings } from "../environments/settings.ts";
import { makeRunDirectory } from "./run-directory.ts";
import { runChecks } from "./run.ts";

/**
 * Runs the selected checks of one layer and prints a line for each, then their number. Its ledger is thrown away: a later layer may
 * change what was seen, and the full run looks again. The load is made once, by that one.
 * Never throws: what goes wrong here is told, and the full run will meet it again.
 */
export async function tellFirstVerdicts(
  layer: LayerName,
  selected: readonly string[],
  context: { readonly settings: Settings; readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const { settings, say, signal } = context;
  const ids = selected.filter((id) => layerCriteria[layer].includes(id) && !restsOnLoad(criterionOf(id)));
  if (ids.length === 0) return;
  const scratch = mkdtempSync(join(tmpdir(), "oke-proof-first-"));
  const directory = join(scratch, "run");
  try {
    makeRunDirectory(directory);
    say(`first verdicts of layer ${layer}, while the others are not there yet:`);
    const ledger = await runChecks({
      command: "validate",
      profile: loadProfile("local", settings),
      settings,
      selected: ids,
      directory,
      refusals: [],
      notes: [],
      about: { id: basename(scratch), startedAt: new Date().toISOString(), gitSha: "unknown", versions: {} },
      say,
      signal,
    });
    const proven = ledger.criteria.filter(({ id, outcome }) => ids.includes(id) && outcome === "pass");
    say(
      `layer ${layer}: ${proven.length} of ${ids.length} proven so far; the run at the end looks at all of them again`,
    );
  } catch (error) {
    signal.throwIfAborted();
    say(`first verdicts of layer ${layer}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
