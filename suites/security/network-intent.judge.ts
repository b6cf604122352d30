/** Whether pods reach what the charts declare for them, and nothing else. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";

export type Outcome = "open" | "refused" | "unreachable" | "timeout" | "dns" | "error";

/** One connection, declared or not. */
export type Cell = {
  readonly place: string;
  readonly target: string;
  readonly declared: boolean;
  /** Whether somebody listens there. Where nobody may, any answer means that the connection left its side. */
  readonly listens: boolean;
};

/** What the prober in one place got in one round, a connection a target, all at the same time as the others of the round. */
export type Round = readonly {
  readonly place: string;
  readonly tried: Reading<readonly { readonly name: string; readonly outcome: Outcome; readonly detail: string }[]>;
}[];

type Seen = { readonly outcome: Outcome; readonly detail: string };

/**
 * Fails for each connection that reached what is not declared, in any round, and for each declared one that did not while another place reached
 * the same target in the same round. A connection counts as blocked only where nothing answered or it was refused, and somebody who may did reach
 * the target in that round; everything else is a gap: a prober that did not answer, a name that did not resolve, a target that nobody reached.
 * @param unlike what makes a prober stand for nobody, or for somebody else
 */
export function judgeIntent(
  cells: readonly Cell[],
  rounds: readonly Round[],
  unlike: readonly Reading<readonly string[]>[],
  limits: { readonly roundsMin: number },
): Verdict {
  const faults = new Set<string>();
  const gaps = new Set<string>(unlike.flatMap((one) => (one.ok ? one.value : [one.why])));
  if (rounds.length < limits.roundsMin) gaps.add(`${rounds.length} of ${limits.roundsMin} rounds were made`);
  if (unlike.length === 0) gaps.add("it was not looked at whether the probers stand in the workloads' places");
  const held = new Map<string, number>();
  for (const round of rounds) {
    for (const { tried } of round) if (!tried.ok) gaps.add(tried.why);
    for (const cell of cells) {
      const judged = judgeCell(cell, round, cells);
      if (judged.kind === "fault") faults.add(judged.why);
      else if (judged.kind === "gap") gaps.add(judged.why);
      else held.set(keyOf(cell), (held.get(keyOf(cell)) ?? 0) + 1);
    }
  }
  const declared = cells.filter((cell) => cell.declared).length;
  if (declared === 0 || declared === cells.length) gaps.add(`${declared} of ${cells.length} connections are declared`);
  return conclude({
    faults: [...faults],
    gaps: [...gaps],
    facts: factsOf(cells, rounds, held),
    held: `${declared} declared connections are open and ${cells.length - declared} others are blocked, in each of ${rounds.length} rounds`,
  });
}

type Judged = { readonly kind: "held" } | { readonly kind: "fault" | "gap"; readonly why: string };

function judgeCell(cell: Cell, round: Round, cells: readonly Cell[]): Judged {
  const seen = seenOf(cell, round);
  // Its prober did not answer, which is a gap of its own.
  if (seen === undefined) return { kind: "gap", why: `${cell.place} tried no connection to ${cell.target}` };
  const { outcome, detail } = seen;
  const which = `${cell.place} to ${cell.target}`;
  if (outcome === "dns" || outcome === "error") return { kind: "gap", why: `${which}: ${outcome}, ${detail}` };
  const came = isReached(cell, outcome);
  if (cell.declared === came && came) return { kind: "held" };
  if (came)
    return {
      kind: "fault",
      why: `${cell.place} reaches ${cell.target}, which is not declared (${outcome}, ${detail})`,
    };
  const control = cells.find((other) => other.declared && other.target === cell.target && reachedBy(other, round));
  if (control === undefined)
    return { kind: "gap", why: `nobody reached ${cell.target}, so that it shows nothing who did not` };
  if (!cell.declared) return { kind: "held" };
  return {
    kind: "fault",
    why: `${cell.place} does not reach ${cell.target}, which is declared (${outcome}, ${detail}); ${control.place} does`,
  };
}

function reachedBy(cell: Cell, round: Round): boolean {
  const seen = seenOf(cell, round);
  return seen !== undefined && isReached(cell, seen.outcome);
}

function isReached({ listens }: Cell, outcome: Outcome): boolean {
  return outcome === "open" || (!listens && (outcome === "refused" || outcome === "unreachable"));
}

function seenOf({ place, target }: Cell, round: Round): Seen | undefined {
  const tried = round.find((one) => one.place === place)?.tried;
  return tried?.ok === true ? tried.value.find(({ name }) => name === target) : undefined;
}

const keyOf = ({ place, target }: Cell): string => `${place} ${target}`;

/** A fact a place, those with differences first. */
function factsOf(cells: readonly Cell[], rounds: readonly Round[], held: ReadonlyMap<string, number>): Fact[] {
  const readings = rounds.flat();
  const places = [...new Set(cells.map(({ place }) => place))];
  return places
    .flatMap((place) => {
      const reading = readings.findLast((one) => one.place === place && one.tried.ok)?.tried;
      if (reading === undefined) return [];
      const own = cells.filter((cell) => cell.place === place);
      const differing = own.filter((cell) => (held.get(keyOf(cell)) ?? 0) < rounds.length).length;
      return [
        {
          what: `connections of ${place} that are not as declared`,
          value: differing,
          unit: "connections",
          limit: `0 of ${own.length}`,
          samples: rounds.length,
          source: reading.source,
          at: reading.at,
        },
      ];
    })
    .toSorted((one, other) => other.value - one.value);
}
