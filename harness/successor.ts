/** That a drill made a cluster anew: which one went, and which took its place. Written by the drill's process into the run's folder, read by the command line. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  /** UIDs of the namespace kube-system. */
  from: z.string().min(1),
  to: z.string().min(1),
});

const fileOf = (directory: string): string => join(directory, "successor.json");

/** @throws Error where both are one: nothing took its place then */
export function writeSuccessor(directory: string, { from, to }: { readonly from: string; readonly to: string }): void {
  if (from === to) throw new Error(`cluster ${from} cannot take its own place`);
  writeFileSync(fileOf(directory), JSON.stringify(schema.parse({ schemaVersion: 1, from, to })));
}

/** UID of the cluster that took the place of another; undefined where none is known to have, or what is written there is about another. */
export function readSuccessor(directory: string, from: string): string | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(fileOf(directory), "utf8"));
  } catch {
    return undefined;
  }
  const found = schema.safeParse(raw);
  return found.success && found.data.from === from && found.data.to !== from ? found.data.to : undefined;
}
