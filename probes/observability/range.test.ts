import fc from "fast-check";
import { expect, test } from "vitest";
import { observability } from "../../environments/platform-names.ts";
import { readFrom, type Reader } from "../../test/one-reply.ts";
import { readRange, readSamples } from "./range.ts";

const from = new Date("2026-11-22T05:00:00.000Z");
const until = new Date("2026-11-22T05:05:00.000Z");
const begin = from.getTime() / 1000;
const samples: Reader = async (cluster) => readSamples(cluster, observability, 'up{job="resource"}', { from, until });
const steps =
  (stepSeconds: number, to = until): Reader =>
  async (cluster) =>
    readRange(cluster, observability, "sum(rate(x[1m]))", { from, until: to, stepSeconds });

const matrix = (...values: readonly unknown[]): string =>
  JSON.stringify({ status: "success", data: { resultType: "matrix", result: [{ metric: { node: "a" }, values }] } });
const whole = matrix([begin + 0.123, "1"], [begin + 15.123, "0.5"], [begin + 300, "1e3"]);

test("samples are read with the times that they were scraped at", async () => {
  const { asked, found } = await readFrom(samples, whole);
  expect(asked).toMatch(
    /\/namespaces\/observability\/services\/prometheus:http\/proxy\/api\/v1\/query\?query=up%7Bjob%3D%22resource%22%7D%5B300s%5D&time=1795323900\.000$/,
  );
  expect(found).toMatchObject({
    ok: true,
    value: [
      {
        labels: { node: "a" },
        points: [
          { atSeconds: begin + 0.123, value: 1 },
          { atSeconds: begin + 15.123, value: 0.5 },
          { atSeconds: begin + 300, value: 1000 },
        ],
      },
    ],
  });
});

test("an expression is evaluated at each step of the window", async () => {
  const { asked, found } = await readFrom(steps(15), whole);
  expect(asked).toMatch(/query_range\?query=sum.*&start=1795323600\.000&end=1795323900\.000&step=15$/);
  expect(found).toMatchObject({ ok: true, value: [{ points: [{ value: 1 }, { value: 0.5 }, { value: 1000 }] }] });
});

test("no series is an answer, and an empty one", async () => {
  const none = JSON.stringify({ status: "success", data: { resultType: "matrix", result: [] } });
  expect((await readFrom(samples, none)).found).toMatchObject({ ok: true, value: [] });
});

test.each<readonly [string, string, number, RegExp]>([
  ["refused", whole, 403, /^up\{job="resource"\}: GET .*403, the harness has no right/],
  ["cut off", whole.slice(0, -5), 200, /not JSON/],
  ["an error", '{"status":"error","errorType":"bad_data","error":"parse error"}', 200, /another shape/],
  ["a vector", '{"status":"success","data":{"resultType":"vector","result":[]}}', 200, /another shape/],
  ["not a number", matrix([begin, "NaN"]), 200, /'NaN' is no measurement/],
  ["without end", matrix([begin, "+Inf"]), 200, /'\+Inf' is no measurement/],
  ["empty", matrix([begin, ""]), 200, /no measurement/],
  ["a series without a point", matrix(), 200, /another shape/],
  [
    "of histograms",
    JSON.stringify({ status: "success", data: { resultType: "matrix", result: [{ metric: {}, histograms: [] }] } }),
    200,
    /another shape/,
  ],
  ["out of order", matrix([begin + 15, "1"], [begin, "1"]), 200, /not in the order/],
  ["twice at a time", matrix([begin + 15, "1"], [begin + 15, "1"]), 200, /not in the order/],
  ["from before the window", matrix([begin - 1.1, "1"]), 200, /outside of the window/],
  ["from after the window", matrix([begin + 301.1, "1"]), 200, /outside of the window/],
])("a reply that is %s is no reading", async (_, body, status, why) => {
  const { found } = await readFrom(samples, body, status);
  expect(found).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});

test.each<readonly [string, Reader, boolean]>([
  ["11,000 points of a series", steps(1, new Date(from.getTime() + 11_000_000)), true],
  ["a point more", steps(1, new Date(from.getTime() + 11_001_000)), false],
  ["steps below a second", steps(0.5), false],
  ["no step", steps(0), false],
  ["a window that ends before it begins", steps(15, new Date(from.getTime() - 1)), false],
  ["a window of no known end", steps(15, new Date(Number.NaN)), false],
  ["eight days", steps(60, new Date(from.getTime() + 8 * 86_400_000)), false],
  ["a week by minutes", steps(60, new Date(from.getTime() + 7 * 86_400_000)), true],
])("%s: asked for or not", async (_, reader, isAsked) => {
  const { asked, found } = await readFrom(reader, matrix([begin, "1"]));
  expect(asked !== "").toBe(isAsked);
  expect(found.ok).toBe(isAsked);
});

test("more points than can be looked at are no reading", async () => {
  const values = Array.from({ length: 1000 }, (_, index) => [begin + index / 4, "1"]);
  const result = Array.from({ length: 201 }, () => ({ metric: {}, values }));
  const body = (count: number): string =>
    JSON.stringify({ status: "success", data: { resultType: "matrix", result: result.slice(0, count) } });
  expect((await readFrom(samples, body(200))).found.ok).toBe(true);
  expect((await readFrom(samples, body(201))).found).toMatchObject({
    ok: false,
    why: expect.stringMatching(/201000 points, at most 200000/),
  });
});

test("whatever stands in a point, nothing but finite numbers in their order comes out", async () => {
  const anything = fc.array(fc.tuple(fc.double(), fc.oneof(fc.string(), fc.double().map(String))), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(anything, async (values) => {
      const { found } = await readFrom(samples, matrix(...values));
      const areNumbers = values.every(([at, text]) => Number.isFinite(at) && Number.isFinite(Number(text)));
      const areInOrder = values.every(([at], index) => index === 0 || at > (values[index - 1]?.[0] ?? at));
      expect(!found.ok || (areNumbers && areInOrder)).toBe(true);
    }),
    { numRuns: 40 },
  );
});
