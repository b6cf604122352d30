/** Turns SIGINT, SIGTERM and SIGHUP into one abort, so that a run can stop its child, write its reports and say how it ended. */
import { constants } from "node:os";

/** Why a run was interrupted: the signal, and the exit code that shells expect of it (128 + number). */
export class Interrupted extends Error {
  override name = "Interrupted";
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** An AbortSignal that aborts, with an `Interrupted` as its reason, on the first of the three signals. Later ones are ignored: undoing goes first. */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => controller.abort(new Interrupted(signal)));
  }
  return controller.signal;
}

/** The exit code of an interruption, or undefined where there was none. */
export function interruptionOf(signal: AbortSignal): number | undefined {
  return signal.reason instanceof Interrupted ? signal.reason.exitCode : undefined;
}
