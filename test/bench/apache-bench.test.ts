import fc from "fast-check";
import { expect, test } from "vitest";
import { readBenchReport, runApacheBench } from "./apache-bench.ts";

/** As ab 2.3 of Debian 12 printed it. */
const report = `This is ApacheBench, Version 2.3 <$Revision$>

Benchmarking 127.0.0.1 (be patient).....done


Server Hostname:        127.0.0.1
Server Port:            36923
SSL/TLS Protocol:       TLSv1.3,TLS_AES_256_GCM_SHA384,256,256

Document Path:          /api/v1/records?limit=20
Document Length:        24 bytes

Concurrency Level:      20
Time taken for tests:   10.069 seconds
Complete requests:      1000
Failed requests:        0
Keep-Alive requests:    1000
Total transferred:      180000 bytes
HTML transferred:       24000 bytes
Requests per second:    99.32 [#/sec] (mean)
Time per request:       201.372 [ms] (mean)
Time per request:       10.069 [ms] (mean, across all concurrent requests)
Transfer rate:          17.46 [Kbytes/sec] received

Percentage of the requests served within a certain time (ms)
  50%    155
  95%    456
  99%    905
 100%   1000 (longest request)
`;
const head = "Percentage served,Time in ms";
const timeOf = (percent: number): string => (100 + percent * 1.25).toFixed(3);
const linesUpTo = (last: number): string[] =>
  Array.from({ length: last + 1 }, (_, percent) => `${percent},${timeOf(percent)}`);
const file = (lines: readonly string[]): string => `${[head, ...lines].join("\n")}\n`;
const good = file(linesUpTo(100));
const bent = (at: number, line: string): string => file(linesUpTo(100).with(at, line));

test.each([
  ["to the longest", good, 101],
  ["to the last percent", file(linesUpTo(99)), 100],
])("a report with percentiles %s", (_, percentiles, count) => {
  const found = readBenchReport(report, percentiles);
  expect(found).toMatchObject({ answers: 1000, failed: 0, perSecond: 99.32 });
  expect(found.percentiles.size).toBe(count);
  expect([50, 95, 99].map((percent) => found.percentiles.get(percent))).toEqual([162.5, 218.75, 223.75]);
});

test("answers of another status count as failed", () => {
  const refused = report.replace(
    "Failed requests:        0\n",
    "Failed requests:        2\nNon-2xx responses:      7\n",
  );
  expect(readBenchReport(refused, good).failed).toBe(9);
});

test.each([
  ["an empty report", "", good, "no number 'Complete requests'"],
  ["a report that breaks off", report.slice(0, report.indexOf("Failed")), good, "no number 'Failed requests'"],
  [
    "a count that is none",
    report.replace("requests:      1000", "requests:      many"),
    good,
    "no number 'Complete requests'",
  ],
  ["a refusal without a number", `${report}Non-2xx responses: some\n`, good, "no number 'Non-2xx responses'"],
  ["no percentiles", report, "", "begin with ''"],
  ["percentiles with another head", report, good.replace("ms", "s"), "begin with 'Percentage served,Time in s'"],
  ["percentiles that break off", report, file(linesUpTo(98)), "ab named 99 percentiles"],
  ["percentiles beyond the last", report, file([...linesUpTo(100), "101,999.000"]), "ab named 102 percentiles"],
  [
    "a line that is missing",
    report,
    file(linesUpTo(100).toSpliced(50, 1)),
    "line 52 of ab's percentiles is '51,163.750', not that of 50 %",
  ],
  ["a line of two times", report, bent(95, "95,456.140,1"), "line 97 of ab's percentiles"],
  ["a time that is none", report, bent(95, "95,nan"), "line 97 of ab's percentiles"],
  ["a time below zero", report, bent(0, "0,-1.000"), "line 2 of ab's percentiles"],
  ["a time smaller than the one before", report, bent(95, "95,99.999"), "smaller than the one before"],
])("refused: %s", (_, text, percentiles, message) => {
  expect(() => readBenchReport(text, percentiles)).toThrow(message);
});

/** What became of it: whether all numbers are there, or the error. */
function outcomeOf(text: string, percentiles: string): boolean | Error {
  try {
    const { answers, failed, perSecond, percentiles: found } = readBenchReport(text, percentiles);
    return [answers, failed, perSecond, ...found.values()].every(Number.isFinite) && found.size >= 100;
  } catch (error) {
    return error instanceof Error ? error : new Error("something else was thrown");
  }
}

test("whatever it is given, it is a whole report or a refusal", () => {
  const cutOf = (whole: string): fc.Arbitrary<string> =>
    fc.oneof(
      fc.string(),
      fc.nat(whole.length).map((end) => whole.slice(0, end)),
    );
  const refusal = /^(the report of ab has no number|the percentiles of ab begin|line \d+ of ab's|ab named)/;
  fc.assert(
    fc.property(cutOf(report), cutOf(good), (text, percentiles) => {
      const outcome = outcomeOf(text, percentiles);
      expect(outcome instanceof Error ? refusal.test(outcome.message) : outcome).toBe(true);
    }),
  );
});

test("a program that fails is an error with its words", async () => {
  const options = {
    requests: 1,
    connections: 1,
    percentilesFile: "/nowhere",
    timeoutMs: 5000,
    signal: AbortSignal.timeout(5000),
  };
  const broken = runApacheBench(
    ["/bin/sh", "-c", "echo no such host >&2; exit 22", "ab"],
    "https://none.test/",
    options,
  );
  await expect(broken).rejects.toThrow(/exit code 22\n {2}no such host/);
});
