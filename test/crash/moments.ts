/** At which moment of which drill the command is killed: by chance, and by a seed the same again. */
import { numbersOf } from "./numbers.ts";

export type Round = {
  readonly drill: string;
  /** From which the time counts: the command's start, or its undo record, after which the fault is injected at once. */
  readonly from: "start" | "record";
  readonly ms: number;
  /** Nobody calls `oke-proof undo`: the Job in the cluster must do it all. */
  readonly alone: boolean;
  /** The API server is killed first, and comes back while the command dies. */
  readonly restartsApiServer: boolean;
};

/** Planning, the Lease, the dead man's start, sign-in and the users' first ten seconds. */
export const startMsMax = 30_000;
/** Injecting, feeling, observing, and for short drills the removal. */
export const recordMsMax = 30_000;
const aloneEvery = 5;

/** One of three kills comes somewhere before the fault, and two of three where it is injected, stands, or is removed. Every fifth is the dead man's, and one has the API server restarting. */
export function roundsOf(seed: number, rounds: number, drills: readonly string[]): readonly Round[] {
  const random = numbersOf(seed);
  // In the middle, and none of the dead man's own.
  const half = Math.ceil(rounds / 2);
  const restarting = half % aloneEvery === 0 ? Math.max(half - 1, 1) : half;
  return Array.from({ length: rounds }, (_, index): Round => {
    const round = index + 1;
    const [which, where, when] = [random(), random(), random()];
    const alone = round % aloneEvery === 0;
    const restartsApiServer = round === restarting;
    // Before the record is written there is nothing that the dead man could undo.
    const from = alone || restartsApiServer || where > 1 / 3 ? "record" : "start";
    const ms = Math.round(when * (from === "record" ? recordMsMax : startMsMax));
    const drill = drills[Math.floor(which * drills.length)];
    if (drill === undefined) throw new Error("there is no drill to pick");
    return { drill, from, ms, alone, restartsApiServer };
  });
}
