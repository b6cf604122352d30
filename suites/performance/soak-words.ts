/** What a soak tells while it goes on: a line when it begins, now and then, when an hour is over, and when it ends. */
import { minuteAt, minutesOf, type SoakEnded, type SoakLook, type SoakPlan } from "../../harness/soak/lines.ts";
import type { SoFar } from "./soak-so-far.ts";

/** A soak of an hour or less is for trying out, and is told of each minute; a longer one this often. */
const oftenMinutesMax = 60;
const toldEveryMinutes = 10;

/** `48 h`, `90 min`, `1 h 30 min`; whole minutes. */
export function lengthWords(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** `2026-11-22 16:20 UTC` */
const clockWords = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`;

/**
 * The first line of a soak, or of its going on: which cluster, until when, what it may lose, and where its record is.
 * @param looks those of earlier sessions; undefined where there was none
 * @param budget minutes of the window that may be without an answer
 */
export function beginningWords(
  plan: SoakPlan,
  looks: readonly SoakLook[] | undefined,
  { now, budget, file }: { readonly now: Date; readonly budget: number; readonly file: string },
): string {
  const length = `soak of ${lengthWords(minutesOf(plan))} on ${plan.environment}`;
  const rest = `at most ${budget} minutes without an answer; record: ${file}`;
  if (looks === undefined)
    return `${length} begins: from ${clockWords(plan.from)} to ${clockWords(plan.until)}, ${rest}`;
  const over = Math.max(0, minuteAt(plan, now.getTime()));
  const lost = over - looks.length;
  const words = lost > 0 ? `, nobody watched ${lost} of them and their hours cannot be proven any more` : "";
  return `${length} goes on until ${clockWords(plan.until)}: ${lengthWords(over)} are over${words}; ${rest}`;
}

/** The lines that a look gives reason for; none where nothing is to be told yet. */
export function progressWords(plan: SoakPlan, looks: readonly SoakLook[], { hour, budget, gaps }: SoFar): string[] {
  const last = looks.at(-1);
  if (last === undefined || budget === undefined) return [];
  const { minute, ingress } = last;
  const minutes = minutesOf(plan);
  const left = `${budget.lostMax - budget.lost} of ${budget.lostMax} minutes without an answer left`;
  const lines: string[] = [];
  if (ingress.state !== "answered" && minute < minutes) {
    const word = ingress.state === "unanswered" ? "no answer from outside" : "not seen from outside";
    lines.push(`  minute ${minute + 1}: ${word}: ${ingress.because}`);
  }
  if (hour !== undefined) {
    const { number, answers, failed, unanswered } = hour;
    lines.push(
      `  hour ${number} is over: ${answers} answers, ${failed} errors, ${unanswered.length} minutes without an answer, ${hour.gaps.length} not measured`,
    );
  }
  if (minutes <= oftenMinutesMax || minute % toldEveryMinutes === 0 || minute >= minutes) {
    const missed = gaps === 0 ? "" : `, ${gaps} minutes not measured`;
    lines.push(`  ${lengthWords(minute)} of ${lengthWords(minutes)}: budget: ${left}${missed}`);
  }
  return lines;
}

/** The last line of the watch. */
export function endWords(plan: SoakPlan, looks: readonly SoakLook[], { how, because }: SoakEnded): string {
  const length = lengthWords(minutesOf(plan));
  if (how === "complete") return `soak of ${length} is over: ${looks.length} looks`;
  const after = lengthWords(Math.min(minutesOf(plan), (looks.at(-1)?.minute ?? -1) + 1));
  return how === "stopped"
    ? `soak of ${length} stopped after ${after}, nothing to come can mend it: ${because}`
    : `soak of ${length} interrupted after ${after}: ${because}`;
}
