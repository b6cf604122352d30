import fc from "fast-check";
import { expect, test } from "vitest";
import { readFrom } from "../../test/one-reply.ts";
import { parseDuration, readNodeMetrics } from "./node-metrics.ts";

/** As metrics-server answers; its objects have no uid. */
const node = {
  metadata: { name: "worker", creationTimestamp: "2026-11-22T05:00:09Z", labels: {} },
  timestamp: "2026-11-22T05:00:00Z",
  window: "20.055s",
  usage: { cpu: "156340113n", memory: "1622692Ki" },
};
const list = (...items: readonly object[]): string =>
  JSON.stringify({ kind: "NodeMetricsList", apiVersion: "metrics.k8s.io/v1beta1", metadata: {}, items });

test("use by node, in cores and bytes, and what it is averaged over", async () => {
  const { asked, found } = await readFrom(readNodeMetrics, list(node));
  expect(asked).toMatch(/^\/apis\/metrics\.k8s\.io\/v1beta1\/nodes\?/);
  expect(found).toMatchObject({ ok: true });
  expect(found.ok ? found.value : found).toEqual([
    {
      node: "worker",
      at: "2026-11-22T05:00:00Z",
      windowSeconds: 20.055,
      cores: 0.156340113,
      memoryBytes: 1622692 * 1024,
    },
  ]);
});

test.each<readonly [string, string, number, RegExp]>([
  ["not installed", "404 page not found", 404, /404, it does not exist/],
  ["down", '{"message":"service unavailable"}', 503, /503: service unavailable/],
  ["without processors", list({ ...node, usage: { memory: "1Ki" } }), 200, /another shape/],
  ["negative", list({ ...node, usage: { cpu: "-1m", memory: "1Ki" } }), 200, /not a quantity/],
  ["no quantity", list({ ...node, usage: { cpu: "NaN", memory: "1Ki" } }), 200, /not a quantity/],
  ["without a time", list({ ...node, timestamp: null }), 200, /another shape/],
  ["of no length of time", list({ ...node, window: "0s" }), 200, /no length of time/],
])("metrics that are %s are no reading", async (_, body, status, why) => {
  expect((await readFrom(readNodeMetrics, body, status)).found).toMatchObject({
    ok: false,
    why: expect.stringMatching(why),
  });
});

test.each<readonly [string, number | undefined]>([
  ["15s", 15],
  ["1m0.5s", 60.5],
  ["1h1m1s", 3661],
  ["500ms", 0.5],
  ["20µs", 20e-6],
  ["15", undefined],
  ["s", undefined],
  ["", undefined],
  ["-15s", undefined],
  ["15 s", undefined],
])("the duration '%s'", (text, seconds) => {
  expect(parseDuration(text)?.toFixed(9)).toBe(seconds?.toFixed(9));
});

test("a duration is a finite number of seconds or none", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(\d+[hms]){1,3}$/)), (text) => {
      const seconds = parseDuration(text);
      expect(seconds === undefined || (Number.isFinite(seconds) && seconds >= 0)).toBe(true);
    }),
  );
});
