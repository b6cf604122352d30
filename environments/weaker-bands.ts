/** Where a profile lets its nodes use more, or less, than the one it was laid over. */
import type { Bands } from "./bands.ts";

/** One sentence a band that was widened. Where the built-in profile has none of its own, the roadmap's are asked for and no other will do. */
export function bandsWider(builtIn: Bands | undefined, bands: Bands | undefined): string[] {
  if (bands === undefined) return [];
  if (builtIn === undefined) return [`bands are limits of the profile's own, not the roadmap's: ${bands.why}`];
  return (["cpuPercent", "memoryPercent"] as const)
    .filter((field) => bands[field].from < builtIn[field].from || bands[field].to > builtIn[field].to)
    .map((field) => {
      const [is, was] = [bands[field], builtIn[field]];
      return `bands.${field} is ${is.from} to ${is.to}, not ${was.from} to ${was.to}`;
    });
}
