import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSamples, sampleReader, type Recorded } from "./samples.ts";

// The columns and the form of the lines are those of k6 1.8.1 with the harness's own system tags.
const header = "metric_name,timestamp,metric_value,error,expected_response,name,status,extra_tags,metadata\n";
const at = 1_795_000_000_000;
const answer = (
  line: Partial<Record<"at" | "ms" | "error" | "expected" | "name" | "status", string | number>> = {},
): string =>
  `answer_duration,${line.at ?? at},${line.ms ?? "12.500000"},${line.error ?? ""},${line.expected ?? "true"},${line.name ?? "GET /api/v1/records"},${line.status ?? 200},,\n`;
const other = (metric: string, value: string, atMs = at): string => `${metric},${atMs},${value},,,,,,\n`;

const recordedOf = (text: string, killed = false): Recorded => {
  const reader = sampleReader();
  reader.take(text);
  return reader.finish({ killed });
};

test("reads requests, users, bytes and when k6 began", () => {
  const text = [
    header,
    other("began_at", `${at - 400}.000000`),
    other("vus", "2.000000"),
    other("iteration_duration", "500.250000", at + 400),
    other("iteration_duration", "9000.000000", at + 8_000),
    other("iteration_duration", "1000.000000", at + 3_000),
    `http_req_duration,${at},12.500000,,true,GET /api/v1/records,200,,\n`,
    answer({ at: at + 20 }),
    answer({
      at: at + 10,
      status: 0,
      expected: "false",
      error: '"dial: i/o timeout, after 5 s"',
      name: "POST /api/v1/tasks",
    }),
    other("data_received", "1000.000000", at + 1),
    other("data_received", "24.000000", at + 999),
    other("data_received", "5.000000", at + 1000),
    other("dropped_iterations", "1.000000"),
    other("dropped_iterations", "1.000000"),
    other("http_req_waiting", "3.200000"),
  ].join("");
  expect(recordedOf(text)).toEqual({
    samples: [
      {
        atMs: at + 10,
        endpoint: "POST /api/v1/tasks",
        durationMs: 12.5,
        status: 0,
        error: "dial: i/o timeout, after 5 s",
        expected: false,
      },
      { atMs: at + 20, endpoint: "GET /api/v1/records", durationMs: 12.5, status: 200, expected: true },
    ],
    users: [{ atMs: at, users: 2 }],
    received: [
      { atMs: at, bytes: 1024 },
      { atMs: at + 1000, bytes: 5 },
    ],
    beganAtMs: at - 400,
    requests: 1,
    dropped: 2,
    cut: false,
  });
});

const visit = (from: number, until: number): string =>
  other("iteration_duration", `${until - from}.000000`, at + until);

test.each([
  ["as many as are on a visit", 3, 3],
  ["not those who stand ready", 600, 3],
  ["not visits that k6 knows nothing of", 2, 2],
  ["nobody", 0, 0],
])("users at once are %s", (_, counted, users) => {
  const visits = [visit(-100, 0), visit(-50, 1), visit(0, 50), visit(-200, 200), visit(1, 20)];
  const text = header + other("vus", `${counted}.000000`) + visits.join("");
  expect(recordedOf(text).users).toEqual([{ atMs: at, users }]);
});

test("users of every second are told in its order", () => {
  const text = [
    header,
    other("vus", "9.000000", at + 2000),
    other("vus", "9.000000"),
    visit(-1, 3000),
    visit(1500, 2500),
  ].join("");
  expect(recordedOf(text).users).toEqual([
    { atMs: at, users: 1 },
    { atMs: at + 2000, users: 2 },
  ]);
});

test.each([
  ["an empty file", "", "no line with the names of the columns"],
  ["a column that is missing", "metric_name,timestamp,metric_value,error,name,status\n", "no column expected_response"],
  ["a column that stands twice", header.replace("metadata", "name"), "two columns name"],
  ["a field too few", `${header}vus,${at},1.000000,,,,,\n`, "line 2 has 8 fields, not 9"],
  ["a field too many", `${header}vus,${at},1.000000,,,,,,,\n`, "line 2 has 10 fields, not 9"],
  ["an empty line", `${header}\n`, "line 2 has 1 fields"],
  ["no metric", `${header},${at},1.000000,,,,,,\n`, "line 2 names no metric"],
  ["a time in seconds", `${header}vus,1795000000,1.000000,,,,,,\n`, "is not in milliseconds"],
  ["a value that is no number", `${header}${other("vus", "NaN")}`, "'NaN' is no number"],
  ["a value without end", `${header}${other("vus", "+Inf")}`, "'+Inf' is no number"],
  ["half a user", `${header}${other("vus", "0.500000")}`, "which is no count"],
  ["fewer bytes than none", `${header}${other("data_received", "-1.000000")}`, "which is no count"],
  ["a visit that went back", `${header}${other("iteration_duration", "-1.000000")}`, "a visit took -1 ms"],
  ["no endpoint", `${header}${answer({ name: "" })}`, "a request without an endpoint"],
  ["no status", `${header}${answer({ status: "" })}`, "the status ''"],
  ["a status that is none", `${header}${answer({ status: 600 })}`, "the status '600'"],
  ["no verdict", `${header}${answer({ expected: "" })}`, "is not told"],
  ["time that went back", `${header}${answer({ ms: "-0.100000" })}`, "took -0.1 ms"],
  ["silence that was expected", `${header}${answer({ status: 0 })}`, "was not answered, and as expected"],
  ["another metric", `${header}${other("answer_xuration", "1.000000")}`, "no metric 'answer_xuration'"],
  ["no CSV", `${header}va"lue\n`, "line 2 is no record"],
  ["a last line that breaks off", `${header}${answer()}answer_dur`, "the generator was not killed"],
])("refuses %s", (_, text, why) => {
  expect(() => recordedOf(text)).toThrow(why);
});

test("the last line of a killed generator may break off, and that is told", () => {
  const killed = recordedOf(`${header}${answer()}answer_duration,1795`, true);
  expect(killed).toMatchObject({ cut: true, samples: [{ status: 200 }] });
  expect(recordedOf(`${header}${answer()}`, true).cut).toBe(false);
});

test("a killed generator's other lines are held to the same rules", () => {
  expect(() => recordedOf(`${header}vus,${at}\n${answer()}`, true)).toThrow("line 2 has 2 fields");
  expect(() => recordedOf(`${header}vus,${at},1.000000,"${answer()}`, true)).toThrow("more than the last line");
});

test("reads a file, and says why it cannot", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-samples-"));
  try {
    const file = join(folder, "samples.csv");
    expect(await readSamples(file, { killed: false })).toMatchObject({
      ok: false,
      why: expect.stringContaining("ENOENT"),
    });
    writeFileSync(file, `${header}${answer({ error: '"refusé"', status: 0, expected: "false" })}`);
    expect(await readSamples(file, { killed: false })).toMatchObject({
      ok: true,
      value: { samples: [{ error: "refusé" }] },
    });
    writeFileSync(file, `${header}what is this\n`);
    expect(await readSamples(file, { killed: false })).toMatchObject({
      ok: false,
      why: expect.stringContaining("line 2"),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("no line is lost without a word, whatever happens to it", () => {
  const lines = Array.from({ length: 20 }, (_, index) => answer({ at: at + index }));
  const whole = header + lines.join("");
  fc.assert(
    fc.property(
      fc.nat(whole.length - 1),
      fc.constantFrom("", ",", '"', "\n", "x", "-"),
      fc.boolean(),
      (place, put, killed) => {
        const bent = whole.slice(0, place) + put + whole.slice(place + 1);
        let recorded: Recorded;
        try {
          recorded = recordedOf(bent, killed);
        } catch {
          return;
        }
        expect(recorded.samples).toHaveLength(lines.length - Number(recorded.cut));
      },
    ),
    { numRuns: 2000 },
  );
});

test("it does not matter in which parts the file is read", () => {
  const text = header + answer({ error: '"a, ""b"""', status: 0, expected: "false" }) + answer({ at: at + 5 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), (size) => {
      const reader = sampleReader();
      for (let from = 0; from < text.length; from += size) reader.take(text.slice(from, from + size));
      expect(reader.finish({ killed: false })).toEqual(recordedOf(text));
    }),
  );
});
