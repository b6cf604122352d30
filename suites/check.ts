/** How a check is declared: gather readings, ask a judge, hand the verdict to the run. */
import { inject } from "vitest";
import { profileSchema, type Profile } from "../environments/profile.ts";
import type { Verdict } from "../harness/verdict.ts";
import { judgedTest, type CheckContext } from "./judged-test.ts";

export type { CheckContext } from "./judged-test.ts";

/**
 * Declares the check of one criterion of the catalogue. The verdict is written to disk before the test ends;
 * whatever `gather` throws, running out of time, and another cluster than the run's behind the connection, is an unproven verdict,
 * never a pass and never lost.
 * @param id the criterion's id, as in criteria/
 * @param timeMs how long it may take, where that is not what the profile gives a check: a load run takes as long as its plan
 */
export function check(
  id: string,
  gather: (context: CheckContext) => Promise<Verdict>,
  timeMs: (profile: Profile) => number = ({ timeouts }) => timeouts.checkMs,
): void {
  const run = inject("run");
  if (!run.criteria.includes(id)) return;
  const profile = profileSchema.parse(run.profile);
  judgedTest(id, profile, { msMax: timeMs(profile), graceMs: 0 }, gather);
}
