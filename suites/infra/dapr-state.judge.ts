/** State through Dapr: returned as it was saved, there in the store itself, and gone from both once deleted. */
import { conclude, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { StateTrip } from "../../probes/dapr-prober/sidecar.ts";

/** One state's way: what was to be saved, and what came of it. */
export type Saved = { readonly key: string; readonly value: string; readonly trip: Reading<StateTrip> };

/** One fault a step that went wrong; a step that could not be looked at is a gap. */
export function judgeStates(states: readonly Saved[], samplesMin: number): Verdict {
  const judged = states.map(judgeTrip);
  const seen = judged.filter(({ gaps }) => gaps.length === 0).length;
  const wrong = judged.filter(({ faults }) => faults.length > 0).length;
  const { source = "the sidecar", at = "" } = states.at(-1)?.trip ?? {};
  return conclude({
    faults: judged.flatMap(({ faults }) => faults),
    gaps: [
      ...judged.flatMap(({ gaps }) => gaps),
      ...(states.length < samplesMin ? [`${states.length} states, fewer than ${samplesMin}`] : []),
    ],
    facts:
      seen + wrong === 0
        ? []
        : [
            {
              what: "states lost, altered or left behind",
              value: wrong,
              unit: "states",
              limit: "0",
              source,
              at,
              samples: Math.max(seen, wrong),
            },
          ],
    held: `all ${states.length} states were returned unaltered, found in the store itself, and gone once deleted`,
  });
}

type Judged = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

function judgeTrip({ key, value, trip }: Saved): Judged {
  if (!trip.ok) return { faults: [], gaps: [trip.why] };
  const { saved, storedAfterSave, readBack, deleted, storedAfterDelete, readAfterDelete } = trip.value;
  if (saved.status !== 204) return { faults: [], gaps: [`the sidecar did not take the state ${key}: ${saved.status}`] };
  const faults: string[] = [];
  const gaps: string[] = [];
  // A state is JSON, in the sidecar's answer as in the store.
  const whole = JSON.stringify(value);
  if (readBack.status === 204) faults.push(`the state ${key} was saved and is not returned`);
  else if (readBack.status !== 200) gaps.push(`reading the state ${key}: ${readBack.status}`);
  else if (readBack.body !== whole) faults.push(`the state ${key} is returned altered`);
  if (!storedAfterSave.ok) gaps.push(`the store itself could not be asked for ${key}: ${storedAfterSave.why}`);
  else if (storedAfterSave.value === null) faults.push(`the state ${key} was saved and is not in the store itself`);
  else if (storedAfterSave.value !== whole) faults.push(`the state ${key} stands altered in the store itself`);
  if (deleted.status !== 204) gaps.push(`deleting the state ${key}: ${deleted.status}`);
  else {
    if (readAfterDelete.status === 200) faults.push(`the state ${key} was deleted and is still returned`);
    else if (readAfterDelete.status !== 204) gaps.push(`reading the deleted state ${key}: ${readAfterDelete.status}`);
    if (!storedAfterDelete.ok) gaps.push(`the store itself could not be asked for ${key}: ${storedAfterDelete.why}`);
    else if (storedAfterDelete.value !== null)
      faults.push(`the state ${key} was deleted and is still in the store itself`);
  }
  return { faults, gaps };
}
