/** The raw numbers of k6's CSV output (`--out csv`), read as they are written. A number that cannot be read is told, never left out. */
import { createReadStream } from "node:fs";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";
import { csvRecords, type CsvRecord } from "./csv-records.ts";
import type { LoadRun, Sample } from "./load-run.ts";

/**
 * Metrics of the harness's own script. k6 knows the tags of a request before its answer is there, so that none of them can say whether the
 * answer was right; the script therefore writes each duration again as `answer`, with `name`, `status`, `error` and `expected_response` of its own in the
 * columns that k6 has for these tags: one line is one request, and nothing must be paired. `began` is when k6 began to count its stages.
 */
export const metricNames = { answer: "answer_duration", began: "began_at" } as const;

/** Tags that have a column of their own; k6 writes all others unescaped into one. */
export const systemTags = ["error", "expected_response", "name", "status"] as const;

/** What k6 writes besides, by its release 1.8: any other name is a line that was damaged, or another k6. */
const unused = new Set([
  "checks",
  "data_sent",
  "group_duration",
  "http_req_blocked",
  "http_req_connecting",
  "http_req_failed",
  "http_req_receiving",
  "http_req_sending",
  "http_req_tls_handshaking",
  "http_req_waiting",
  "http_reqs",
  "iterations",
  "vus_max",
]);

export type Recorded = Pick<LoadRun, "samples" | "users" | "received"> & {
  /** When k6 began to count its stages, in milliseconds since 1970; undefined where no user came. */
  readonly beganAtMs: number | undefined;
  /** Requests that k6 measured. Each has its sample, unless the run ended between the two. */
  readonly requests: number;
  readonly dropped: number;
  /** Whether the last line breaks off. */
  readonly cut: boolean;
};

export type SampleReader = {
  /** Takes a part of the file. @throws Error naming the line that cannot be read */
  take(text: string): void;
  /** The samples so far, in the order of the file. */
  readonly samples: readonly Sample[];
  /** When the stages began and how many users there were, as far as it was told by now. */
  now(): { readonly beganAtMs: number | undefined; readonly users: number | undefined };
  /** @param end.killed whether the generator was killed: only then may its last line break off. @throws Error */
  finish(end: { readonly killed: boolean }): Recorded;
};

/** A reader of one file, from its beginning. */
export function sampleReader(): SampleReader {
  const records = csvRecords();
  const samples: Sample[] = [];
  const users: { atMs: number; users: number }[] = [];
  const visits: Visits = { begun: [], ended: [] };
  const received = new Map<number, number>();
  const counts = { requests: 0, dropped: 0 };
  let beganAtMs: number | undefined;
  let columns: Columns | undefined;

  const keep = (row: Row): void => {
    if (row.metric === metricNames.answer) samples.push(sampleOf(row));
    else if (row.metric === metricNames.began) beganAtMs ??= Math.round(row.value);
    else if (row.metric === "http_req_duration") counts.requests += 1;
    else if (row.metric === "dropped_iterations") counts.dropped += countOf(row);
    else if (row.metric === "vus") users.push({ atMs: row.atMs, users: countOf(row) });
    else if (row.metric === "iteration_duration") {
      if (row.value < 0) throw new Error(`line ${row.line}: a visit took ${row.value} ms`);
      visits.begun.push(row.atMs - row.value);
      visits.ended.push(row.atMs);
    } else if (row.metric === "data_received") {
      const second = Math.floor(row.atMs / 1000) * 1000;
      received.set(second, (received.get(second) ?? 0) + countOf(row));
    } else if (!unused.has(row.metric)) throw new Error(`line ${row.line}: there is no metric '${row.metric}'`);
  };
  return {
    samples,
    now: () => ({ beganAtMs, users: users.at(-1)?.users }),
    take(text) {
      for (const record of records.take(text)) {
        if (columns === undefined) columns = columnsOf(record);
        else keep(rowOf(record, columns));
      }
    },
    finish({ killed }) {
      const rest = records.rest();
      const cut = rest !== "";
      if (cut && !killed) throw new Error("the last line breaks off, and the generator was not killed");
      // A quote that was never closed would pass all lines after it off as the last one.
      if (rest.includes("\n")) throw new Error("more than the last line breaks off");
      if (columns === undefined) throw new Error("there is no line with the names of the columns");
      return {
        samples: samples.toSorted((one, other) => one.atMs - other.atMs),
        users: seenUsers(users, visits),
        received: [...received]
          .map(([atMs, bytes]) => ({ atMs, bytes }))
          .toSorted((one, other) => one.atMs - other.atMs),
        beganAtMs,
        ...counts,
        cut,
      };
    },
  };
}

/** Reads a whole file. `ok: false` where it is missing, or where a line of it cannot be read, with the line. */
export async function readSamples(file: string, end: { readonly killed: boolean }): Promise<Reading<Recorded>> {
  const reader = sampleReader();
  try {
    for await (const part of createReadStream(file, { encoding: "utf8" })) reader.take(String(part));
    return read(reader.finish(end), file, new Date());
  } catch (error) {
    return unread(`the generator's samples in ${file}: ${whyOf(error)}`, file, new Date());
  }
}

const needed = ["metric_name", "timestamp", "metric_value", ...systemTags] as const;
type Column = (typeof needed)[number];
type Columns = { readonly width: number; readonly at: ReadonlyMap<string, number> };

function columnsOf({ fields }: CsvRecord): Columns {
  const missing = needed.filter((name) => !fields.includes(name));
  if (missing.length > 0)
    throw new Error(`there is no column ${missing.join(", ")}: the first line is '${fields.join(",")}'`);
  const twice = needed.find((name) => fields.indexOf(name) !== fields.lastIndexOf(name));
  if (twice !== undefined) throw new Error(`there are two columns ${twice}`);
  return { width: fields.length, at: new Map(fields.map((name, index) => [name, index])) };
}

type Row = {
  readonly line: number;
  readonly metric: string;
  readonly atMs: number;
  readonly value: number;
  readonly field: (name: Column) => string;
};

function rowOf({ line, fields }: CsvRecord, { width, at }: Columns): Row {
  if (fields.length !== width) throw new Error(`line ${line} has ${fields.length} fields, not ${width}`);
  const field = (name: Column): string => fields[at.get(name) ?? -1] ?? "";
  const [metric, timestamp, value] = [field("metric_name"), field("timestamp"), field("metric_value")];
  if (metric === "") throw new Error(`line ${line} names no metric`);
  // Seconds, k6's own choice, would put a whole second's requests into one moment.
  if (!/^\d{13}$/.test(timestamp)) throw new Error(`line ${line}: the time '${timestamp}' is not in milliseconds`);
  if (!/^-?\d{1,20}(\.\d{1,9})?$/.test(value)) throw new Error(`line ${line}: the value '${value}' is no number`);
  return { line, metric, atMs: Number(timestamp), value: Number(value), field };
}

function sampleOf({ line, atMs, value, field }: Row): Sample {
  const [endpoint, status, error, expected] = [
    field("name"),
    field("status"),
    field("error"),
    field("expected_response"),
  ];
  if (endpoint === "") throw new Error(`line ${line}: a request without an endpoint`);
  if (!/^(0|[1-5]\d\d)$/.test(status)) throw new Error(`line ${line}: the status '${status}' of ${endpoint} is none`);
  if (expected !== "true" && expected !== "false")
    throw new Error(`line ${line}: whether ${endpoint} was answered as expected is not told`);
  if (value < 0) throw new Error(`line ${line}: ${endpoint} took ${value} ms`);
  if (status === "0" && expected === "true")
    throw new Error(`line ${line}: ${endpoint} was not answered, and as expected`);
  return {
    atMs,
    endpoint,
    durationMs: value,
    status: Number(status),
    ...(error === "" ? {} : { error }),
    expected: expected === "true",
  };
}

type Visits = { readonly begun: number[]; readonly ended: number[] };

/**
 * Users at once when k6 counted its own (`vus`), but never more than visits that were then in progress, from the lines that their ends wrote: the one might count users
 * that stand ready, the other leaves out visits that were cut off, and neither may make of fewer users the number that was planned.
 */
function seenUsers(counted: LoadRun["users"], { begun, ended }: Visits): LoadRun["users"] {
  const [begins, ends] = [Float64Array.from(begun).toSorted(), Float64Array.from(ended).toSorted()];
  let [begin, end] = [0, 0];
  return counted
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ atMs, users }) => {
      while ((begins[begin] ?? Infinity) <= atMs) begin += 1;
      while ((ends[end] ?? Infinity) <= atMs) end += 1;
      return { atMs, users: Math.min(users, begin - end) };
    });
}

function countOf({ line, metric, value }: Row): number {
  if (!Number.isInteger(value) || value < 0) throw new Error(`line ${line}: ${metric} is ${value}, which is no count`);
  return value;
}
