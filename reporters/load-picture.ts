/** A load run, drawn: what its requests took against the limits, and how it went over time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { drawEndpoints, drawHistogram } from "./load-latency.ts";
import { loadSchema, type LoadPicture } from "./load-schema.ts";
import { drawFailures, drawIdle, drawPercentiles, drawRate, drawUsers } from "./load-time.ts";
import type { Picture } from "./picture.ts";

/** As suites/performance/load-evidence.ts names it. */
const file = "load-run.json";
const reasonLengthMax = 160;

/** The drawings of a run's load; none where the run wrote none, or one that is not understood. */
export function loadPictures(directory: string): readonly Picture[] {
  let text: string;
  try {
    text = readFileSync(join(directory, "evidence", file), "utf8");
  } catch {
    return [];
  }
  const parsed = loadSchema.safeParse(parseJson(text));
  return parsed.success ? picturesOf(parsed.data) : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function picturesOf(load: LoadPicture): readonly Picture[] {
  // A picture of a run that proves nothing is still worth a look: it often shows why. But it must not look like proof.
  const [reason] = load.reasons;
  const shown = reason === undefined ? "" : ` (this run proves nothing: ${reason.slice(0, reasonLengthMax)})`;
  const latency = ([95, 99] as const).flatMap((percent): readonly Picture[] => {
    const criterion = `api-latency-p${percent}`;
    return [
      { criterion, title: `How long the requests on the plateau took${shown}`, svg: drawHistogram(load, percent) },
      {
        criterion,
        title: `p50, p95 and p99 of each endpoint on the plateau${shown}`,
        svg: drawEndpoints(load, percent),
      },
      {
        criterion,
        title: `Percentiles over time, of all endpoints and of the slowest${shown}`,
        svg: drawPercentiles(load),
      },
    ];
  });
  const criterion = "concurrent-users-served";
  return [
    ...latency,
    { criterion, title: `Requests a second, asked for and reached${shown}`, svg: drawRate(load) },
    { criterion, title: `Users at once${shown}`, svg: drawUsers(load) },
    { criterion, title: `Failed requests${shown}`, svg: drawFailures(load) },
    { criterion, title: `Idle processors of the generator's machine${shown}`, svg: drawIdle(load) },
  ];
}
