/** `oke-proof undo` after a kill, and once more: the second time nothing may be found. */
import { okeProof } from "../prove/command.ts";

/**
 * @param options.shared others work on the cluster, so that a second look may find what is theirs
 * @returns how many things were removed, and what was wrong
 */
export async function undoTwice(options: {
  readonly shared: boolean;
}): Promise<{ readonly removed: number; readonly faults: readonly string[] }> {
  const first = await okeProof(["undo", "--env", "local"]);
  const second = await okeProof(["undo", "--env", "local"]);
  const removed = Number(/^undo: (\d+) removed/m.exec(first.output)?.[1] ?? Number.NaN);
  const faults = [
    ...(first.exitCode === 0 ? [] : [`undo ended with ${first.exitCode}: ${first.output}`]),
    ...(second.exitCode === 0 && (options.shared || /^undo: 0 removed/m.test(second.output))
      ? []
      : [`the second undo ended with ${second.exitCode}: ${second.output}`]),
  ];
  return { removed, faults };
}
