/** network-policies-match-intent: every declared place tries every target, round after round, and what it reached is held against the charts' declaration. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { unproven } from "../../harness/verdict.ts";
import { tryFrom } from "../../probes/network-intent/connections.ts";
import { readDeclaration } from "../../probes/network-intent/declaration.ts";
import { isDeclared } from "../../probes/network-intent/expected.ts";
import { readLikeness } from "../../probes/network-intent/likeness.ts";
import { check } from "../check.ts";
import { judgeIntent, type Cell, type Round } from "./network-intent.judge.ts";

/** What is blocked must stay blocked. */
const roundsMin = 3;

check("network-policies-match-intent", async ({ cluster, profile: { networkIntent }, evidenceDirectory }) => {
  const { places, targets } = networkIntent;
  const declaration = await readDeclaration(networkIntent.declaration, new Date());
  if (!declaration.ok) return unproven(declaration.why);
  const cells = targets.flatMap((target) =>
    places
      // The one that stands alone is the target itself.
      .filter(({ place, alone }) => !(alone && target.peer?.name === place))
      .map(({ place }): Cell => ({
        place,
        target: target.name,
        declared: isDeclared(declaration.value, place, target),
        listens: target.peer !== undefined,
      })),
  );
  const unlike = readLikeness(cluster, places);
  const started = performance.now();
  const rounds: Round[] = [];
  for (let round = 0; round < roundsMin; round += 1) {
    rounds.push(
      await Promise.all(
        places.map(async (place) => ({ place: place.place, tried: await tryFrom(cluster, networkIntent, place) })),
      ),
    );
  }
  const seconds = (performance.now() - started) / 1000;
  const file = "network-policies-match-intent.json";
  writeFileSync(join(evidenceDirectory, file), `${JSON.stringify(matrixOf(cells, rounds, seconds), undefined, 1)}\n`);
  const verdict = judgeIntent(cells, rounds, await unlike, { roundsMin });
  const [first, ...rest] = verdict.evidence;
  if (first === undefined) return verdict;
  return { ...verdict, evidence: [{ ...first, file }, ...rest] };
});

/** The matrix as a person reads it: a row a connection, with what came of it in each round. */
function matrixOf(cells: readonly Cell[], rounds: readonly Round[], seconds: number): unknown {
  const probes = rounds.flat().flatMap(({ tried }) => (tried.ok ? tried.value : [])).length;
  return {
    rounds: rounds.length,
    probes,
    seconds: Number(seconds.toFixed(2)),
    probesPerSecond: Number((probes / seconds).toFixed(1)),
    cells: cells.map(({ place, target, declared }) => ({
      from: place,
      to: target,
      expected: declared ? "open" : "blocked",
      observed: rounds.map((round) => {
        const tried = round.find((one) => one.place === place)?.tried;
        if (tried?.ok !== true) return "no answer";
        return tried.value.find(({ name }) => name === target)?.outcome ?? "no answer";
      }),
    })),
  };
}
