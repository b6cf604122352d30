/** How every report file is written: beside its place, then renamed there, so that nobody reads half of one. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes `text` as `name` in `directory`, which is made where it is missing. */
export function writeReport(directory: string, name: string, text: string): void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, name);
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}
