/** What a check or a trial says while it goes on, for whoever waits at the terminal. It is no evidence: nothing is judged by it. */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

const file = "progress.log";

/** Adds a line to the run's folder. What cannot be written is not said: a run never fails for it. @param said one sentence; a line break becomes a blank */
export function tellProgress(directory: string, said: string): void {
  try {
    appendFileSync(join(directory, file), `${said.replaceAll(/\s+/g, " ").trim()}\n`);
  } catch {
    // The folder is gone or the disk is full: whatever is judged says so itself.
  }
}

/** All whole lines so far, oldest first; none where nothing was said. A line that is just being written is not there yet. */
export function readProgress(directory: string): readonly string[] {
  try {
    return readFileSync(join(directory, file), "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}
