/** `oke-proof validate --soak`: the watch before the checks, and what of it joins their ledger. */
import type { Profile } from "../environments/profile.ts";
import { UsageError } from "../environments/settings.ts";
import type { Outcome } from "../harness/verdict.ts";
import type { LedgerInput } from "../reporters/ledger.ts";
import { minutesOfSoak, runSoak, type SoakAsked } from "../suites/performance/soak.ts";
import type { ValidateOptions } from "./validate.ts";

/**
 * Minutes of a soak that is asked for.
 * @param suites those that the run is asked for
 * @throws UsageError for what is no length, and where the run would not judge the suite that the soak belongs to
 */
export function soakMinutesOf(text: string, suites: readonly string[]): number {
  const minutes = minutesOfSoak(text);
  if (suites.includes("performance")) return minutes;
  throw new UsageError("--soak watches for the suite performance: add '--suite performance'");
}

const words: Readonly<Record<Outcome, string>> = { pass: "passed", fail: "failed", unproven: "is unproven" };

/**
 * Watches, and says what it has shown: pass, fail (a limit was broken, whether or not that ended it early), or unproven (a gap, too little traffic,
 * no cluster that says who it is, an interruption).
 * @throws UsageError as `runSoak` does
 */
export async function soakBefore(
  profile: Profile,
  asked: SoakAsked,
  context: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<NonNullable<LedgerInput["soak"]>> {
  const soaked = await runSoak(profile, asked, context);
  if (!soaked.ok) return { outcome: "unproven", told: `The soak could not be made: ${soaked.why}` };
  const { ended, verdict } = soaked.value;
  const { outcome, because } = verdict;
  const told =
    ended.how === "interrupted"
      ? `The soak did not come to its end: ${because}; the same command goes on with it`
      : `The soak ${words[outcome]}: ${because}`;
  return { outcome, told: `${told} (${soaked.source})` };
}

/** The command that goes on with a soak: the one that was called. */
export function commandOf({ env, suite = [], criterion = [], out, soak }: ValidateOptions): string {
  const flags = [
    ["--env", env],
    ["--suite", ...suite],
    ["--criterion", ...criterion],
    ["--out", ...(out === undefined ? [] : [out])],
    ["--soak", ...(soak === undefined ? [] : [soak])],
  ].filter(({ length }) => length > 1);
  return ["bin/oke-proof validate", ...flags.flat()].join(" ");
}
