/** The record of a scaling by autoscaler, and where its number of replicas changed. */
import type { Scale } from "../../probes/kubernetes/replicas.ts";
import type { Look } from "./scaling-watch.ts";

export type Moment = { readonly atMs: number; readonly scale: Scale };
export type Timeline = { readonly name: string; readonly moments: readonly Moment[] };

/** One timeline an autoscaler, of the looks that could be taken. */
export function timelinesOf(looks: readonly Look[]): readonly Timeline[] {
  const moments = looks.flatMap(({ atMs, scales }) =>
    scales.ok ? scales.value.map((scale) => ({ name: `${scale.namespace}/${scale.name}`, atMs, scale })) : [],
  );
  return [...Map.groupBy(moments, ({ name }) => name)].map(([name, found]) => ({ name, moments: found }));
}

/** The last look before a time; undefined where there was none. */
export function levelOf(moments: readonly Moment[], beforeMs: number): Moment | undefined {
  return moments.findLast(({ atMs }) => atMs <= beforeMs);
}

/** A change lies between two looks. */
export type Change = { readonly kind: "added" | "taken away"; readonly fromMs: number; readonly untilMs: number };

/** Every change of the replicas that there are, or that are ready. */
export function changesOf({ moments }: Timeline): readonly Change[] {
  return moments.flatMap(({ atMs, scale }, index) => {
    const before = moments[index - 1];
    if (before === undefined) return [];
    const [wasReady, wasCurrent] = [before.scale.ready, before.scale.current];
    const change = { fromMs: before.atMs, untilMs: atMs };
    return [
      ...(scale.ready > wasReady || scale.current > wasCurrent ? [{ kind: "added" as const, ...change }] : []),
      ...(scale.ready < wasReady || scale.current < wasCurrent ? [{ kind: "taken away" as const, ...change }] : []),
    ];
  });
}
