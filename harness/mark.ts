/** The mark of everything that a check makes inside the applications: by it `oke-proof undo` finds what a killed run left, and whose it was. */
import { createHash, randomBytes } from "node:crypto";

/** What every mark begins with; a hyphen, a blank, a slash or a colon follows, as the place allows. */
export const markPrefix = "oke-proof";

/** Eight hexadecimal digits that stand for a run in its marks. */
export function tagOf(runId: string): string {
  return createHash("sha256").update(runId).digest("hex").slice(0, 8);
}

/**
 * A new mark: `oke-proof-`, the run's tag, 16 random hexadecimal digits. Nobody can guess it, so that it is a canary as well.
 * It fits where a name of small letters, digits and hyphens does: the `kind` of a health record, the name of an account.
 */
export function newMark(runId: string): string {
  return `${markPrefix}-${tagOf(runId)}${randomBytes(8).toString("hex")}`;
}

/** A new mark in the form that the title of a task begins with: `oke-proof <digits>`. */
export function newTitleMark(runId: string): string {
  return newMark(runId).replace("-proof-", "-proof ");
}

const marked = /^oke-proof[-/: .]/;
const tagged = /^oke-proof[-/: .]([0-9a-f]{8})[0-9a-f]{16}/;

/** Whether something of this name was made by a check. What carries no mark is nobody's to delete. */
export function isMarked(name: string): boolean {
  return marked.test(name);
}

/** The tag of the run that made it; undefined where the mark does not tell. */
export function tagIn(name: string): string | undefined {
  return tagged.exec(name)?.[1];
}
