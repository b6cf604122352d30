/**
 * The record of a soak: a file of lines that outlives its writer. Each line goes to disk before the next look begins, and carries a sum over
 * itself and all lines before it, so that none can be changed, lost or moved unseen. Only the tail may be torn: what a killed writer had not
 * finished counts for nothing, and is cut off before the next line.
 */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
} from "node:fs";
import { dirname } from "node:path";
import { read, unread, type Reading } from "../verdict.ts";
import {
  minuteAt,
  minutesOf,
  soakLineSchema,
  type SoakEnded,
  type SoakLine,
  type SoakLook,
  type SoakPlan,
} from "./lines.ts";

export type SoakRecord = {
  readonly plan: SoakPlan;
  /** How often a process began to watch. */
  readonly sessions: number;
  /** In the order of their minutes, none twice. */
  readonly looks: readonly SoakLook[];
  /** The last line, where it says that the watch ended. */
  readonly ended?: SoakEnded;
  /** How far the file is sound, and the sum of its last line: where to go on. */
  readonly bytes: number;
  readonly sum: string;
};

export type SoakWriter = {
  /** Writes lines and returns when they are on disk. @throws Error naming the file, with its cause */
  append(...lines: readonly SoakLine[]): void;
  close(): void;
};

const sumOf = (before: string, line: string): string =>
  createHash("sha256").update(`${before}\n${line}`).digest("hex").slice(0, 16);

function rowOf(before: string, line: SoakLine): { readonly row: string; readonly sum: string } {
  const text = JSON.stringify(soakLineSchema.parse(line));
  const sum = sumOf(before, text);
  return { row: `{"sum":"${sum}","line":${text}}\n`, sum };
}

/**
 * Begins a record, with its plan as the first line: the file is there with that line or not at all.
 * @param file must not be there yet
 * @throws Error naming the file, with its cause
 */
export function createRecord(file: string, plan: SoakPlan): SoakWriter {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const { row, sum } = rowOf("", plan);
    const handle = openSync(`${file}.new`, "wx");
    appendFileSync(handle, row);
    fsyncSync(handle);
    renameSync(`${file}.new`, file);
    syncFolder(dirname(file));
    return writerOf(file, handle, sum);
  } catch (cause) {
    throw new Error(`beginning the soak's record ${file}`, { cause });
  }
}

/**
 * Opens a record to go on with it, and cuts off its torn tail.
 * @param record as `readRecord` has read it
 * @throws Error naming the file, with its cause
 */
export function resumeRecord(file: string, record: SoakRecord): SoakWriter {
  try {
    const handle = openSync(file, "r+");
    ftruncateSync(handle, record.bytes);
    fsyncSync(handle);
    closeSync(handle);
    return writerOf(file, openSync(file, "a"), record.sum);
  } catch (cause) {
    throw new Error(`going on with the soak's record ${file}`, { cause });
  }
}

function writerOf(file: string, handle: number, sum: string): SoakWriter {
  let before = sum;
  return {
    append(...lines) {
      let next = before;
      let rows = "";
      for (const line of lines) {
        const { row: text, sum: own } = rowOf(next, line);
        rows += text;
        next = own;
      }
      try {
        appendFileSync(handle, rows);
        fsyncSync(handle);
      } catch (cause) {
        throw new Error(`writing to the soak's record ${file}`, { cause });
      }
      before = next;
    },
    close: () => closeSync(handle),
  };
}

/** A new name is on disk only when its folder is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}

/** Reads a record; one that is damaged anywhere but in its torn tail is `ok: false`, with the line. */
export function readRecord(file: string, at: Date): Reading<SoakRecord> {
  try {
    return parseRecord(readFileSync(file), file, at);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return unread(`the soak's record ${file} could not be read: ${why}`, file, at);
  }
}

const row = /^\{"sum":"([0-9a-f]{16})","line":(.*)\}$/s;

/** The pure part of `readRecord`: never throws, whatever the bytes. */
export function parseRecord(content: Buffer, source: string, at: Date): Reading<SoakRecord> {
  const bytes = content.lastIndexOf("\n") + 1;
  const rows = content.toString("utf8", 0, bytes).split("\n").slice(0, -1);
  const lines: SoakLine[] = [];
  let sum = "";
  for (const [index, text] of rows.entries()) {
    const [, told = "", body = ""] = row.exec(text) ?? [];
    const line = soakLineSchema.safeParse(parseJson(body));
    sum = sumOf(sum, body);
    const damage = told !== sum || !line.success ? "is damaged" : faultOf(line.data, lines);
    if (damage !== undefined || !line.success) {
      return unread(`the soak's record ${source} proves nothing: line ${index + 1} ${damage}`, source, at);
    }
    lines.push(line.data);
  }
  const [plan] = lines;
  if (plan?.kind !== "plan") return unread(`the soak's record ${source} holds no plan`, source, at);
  const last = lines.at(-1);
  return read(
    {
      plan,
      sessions: lines.filter(({ kind }) => kind === "began").length,
      looks: lines.filter((line) => line.kind === "look"),
      ...(last?.kind === "ended" ? { ended: last } : {}),
      bytes,
      sum,
    },
    source,
    at,
  );
}

/** Why a line cannot stand after those before it. */
function faultOf(line: SoakLine, before: readonly SoakLine[]): string | undefined {
  const [plan] = before;
  const last = before.at(-1);
  if (plan === undefined) return line.kind === "plan" ? planFault(line) : "comes before the plan";
  if (plan.kind !== "plan" || line.kind === "plan") return "is a second plan";
  if (last?.kind === "ended" && (last.how !== "interrupted" || line.kind !== "began")) return "comes after the end";
  if (line.kind !== "look") return undefined;
  const earlier = before.findLast(({ kind }) => kind === "look");
  if (earlier?.kind === "look" && line.minute <= earlier.minute) return `is of minute ${line.minute}, which is over`;
  if (line.minute > minutesOf(plan)) return `is of minute ${line.minute}, which is none of the window`;
  return minuteAt(plan, Date.parse(line.at)) === line.minute ? undefined : `was not made in minute ${line.minute}`;
}

function planFault(plan: SoakPlan): string | undefined {
  const minutes = minutesOf(plan);
  return Number.isInteger(minutes) && minutes >= 1 ? undefined : `plans a window of ${minutes} minutes`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
