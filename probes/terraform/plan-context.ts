/** What the parts of a plan are read from. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Module } from "./module.ts";
import type { Instances } from "./resources.ts";

export type PlanContext = {
  readonly module: Module;
  readonly all: Instances;
  readonly source: string;
  readonly now: Date;
};

/** A reading over all instances of some kinds (undefined: of all), without a value where their number is not known. */
export function counted<T>(
  context: PlanContext,
  types: readonly string[] | undefined,
  of: (found: Instances["instances"]) => T,
): Reading<T> {
  const { all, source, now } = context;
  const gap = all.gaps.find(({ type }) => type === undefined || types === undefined || types.includes(type));
  if (gap !== undefined) return unread(gap.why, source, now);
  return read(of(all.instances.filter(({ type }) => types === undefined || types.includes(type))), source, now);
}
