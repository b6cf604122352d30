import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSummary, toldOf } from "./summary.ts";

/** The shape of k6 1.8.1, shortened. */
const summary = {
  options: { summaryTrendStats: ["p(95)", "p(99)", "count"] },
  state: { isStdOutTTY: false, testRunDurationMs: 241_000.5 },
  metrics: {
    http_reqs: { type: "counter", contains: "default", values: { count: 6000, rate: 25 } },
    iterations: { type: "counter", contains: "default", values: { count: 1500, rate: 6.2 } },
    dropped_iterations: {
      type: "counter",
      contains: "default",
      values: { count: 0, rate: 0 },
      thresholds: { "count<1": { ok: true } },
    },
    vus: { type: "gauge", contains: "default", values: { value: 3, min: 0, max: 505 } },
    http_req_duration: { type: "trend", contains: "time", values: { "p(95)": 12.5, count: 6000 } },
  },
};

const nothing = { requests: undefined, iterations: undefined, dropped: undefined, usersMax: undefined };

test("reads what k6 counted", () => {
  expect(toldOf(summary)).toEqual({ requests: 6000, iterations: 1500, dropped: 0, usersMax: 505 });
});

test.each([
  ["an empty object", {}],
  ["no metrics", { metrics: {} }],
  ["a list", []],
  ["nothing", null],
  ["metrics that are none", { metrics: { http_reqs: 3, vus: null } }],
  ["the shape of --summary-export", { metrics: { http_reqs: { count: 6000 } } }],
])("%s says nothing, which is not zero", (_, given) => {
  expect(toldOf(given)).toEqual(nothing);
});

test("half a summary says half", () => {
  const { http_reqs: requests } = summary.metrics;
  const broken = { values: { count: "many" } };
  expect(toldOf({ metrics: { http_reqs: requests, iterations: broken, dropped_iterations: { values: {} } } })).toEqual({
    ...nothing,
    requests: 6000,
  });
  expect(toldOf({ metrics: { dropped_iterations: { values: { count: -1 } } } })).toEqual(nothing);
});

test("anything else says nothing or a number", () => {
  fc.assert(
    fc.property(
      fc.object({ maxDepth: 4, key: fc.constantFrom("metrics", "http_reqs", "values", "count", "x") }),
      (given) => {
        const { requests } = toldOf(given);
        expect(requests === undefined || requests >= 0).toBe(true);
      },
    ),
  );
});

test("a summary that is missing or half-written is no summary", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-summary-"));
  const file = join(folder, "summary.json");
  try {
    expect(await readSummary(file)).toMatchObject({ ok: false, why: expect.stringContaining("ENOENT") });
    writeFileSync(file, "");
    expect(await readSummary(file)).toMatchObject({ ok: false });
    writeFileSync(file, JSON.stringify(summary).slice(0, 100));
    expect(await readSummary(file)).toMatchObject({ ok: false });
    writeFileSync(file, JSON.stringify(summary));
    expect(await readSummary(file)).toMatchObject({ ok: true, value: { requests: 6000 } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
