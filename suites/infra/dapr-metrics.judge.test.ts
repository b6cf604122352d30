import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Pod } from "../../probes/kubernetes/pods.ts";
import { judgeDaprMetrics, type Counted } from "./dapr-metrics.judge.ts";
import { ago, now, pod } from "./pod-examples.ts";
import { isTooNew } from "./too-new.judge.ts";

const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const of = { namespace: "todo-chatbot", name: "todo-1" };

function counted(values: { readonly now?: number; readonly before?: number }, changes: Partial<Pod> = {}): Counted {
  const vector = (value: number | undefined) =>
    read(
      value === undefined ? [] : [{ labels: { namespace: of.namespace, pod: of.name }, value, atSeconds: 0 }],
      "Prometheus",
      now,
    );
  return {
    kind: "sidecar",
    pods: read([pod({ ...of, ...changes })], "pods", now),
    now: vector(values.now),
    before: vector(values.before),
  };
}

test.each<readonly [string, Counted, Outcome, RegExp]>([
  ["grew", counted({ now: 11, before: 10 }), "pass", /of 1 sidecars and services of Dapr/],
  ["is new and grew", counted({ now: 1 }), "pass", /grow/],
  ["began anew", counted({ now: 3, before: 10 }), "pass", /grow/],
  [
    "stood still",
    counted({ now: 10, before: 10 }),
    "fail",
    /^the metrics of the sidecar of todo-chatbot\/todo-1 have not grown/,
  ],
  ["is missing", counted({}), "fail", /^no metrics of the sidecar of todo-chatbot\/todo-1 are in Prometheus$/],
  ["is gone", counted({ before: 10 }), "fail", /^no metrics/],
  ["is missing, of a young pod", counted({}, { readyAt: ago(99) }), "unproven", /too new/],
  ["is missing, of a pod just old enough", counted({}, { readyAt: ago(100) }), "fail", /^no metrics/],
  ["grew, of a young pod", counted({ now: 1 }, { readyAt: ago(9) }), "pass", /grow/],
])("a counter that %s", (_, one, outcome, because) => {
  expect(judgeDaprMetrics([one], now)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("what cannot be read, and Dapr without any pod, is unproven", () => {
  const good = counted({ now: 11, before: 10 });
  for (const field of ["pods", "now", "before"]) {
    expect(judgeDaprMetrics([{ ...good, [field]: refused }], now)).toMatchObject({
      outcome: "unproven",
      because: expect.stringMatching(/403/),
    });
  }
  expect(judgeDaprMetrics([good, { ...good, pods: read([], "pods", now) }], now).because).toMatch(/no sidecar/);
  expect(judgeDaprMetrics([{ ...good, pods: read([pod({ phase: "Failed" })], "pods", now) }], now).outcome).toBe(
    "unproven",
  );
  expect(judgeDaprMetrics([], now).outcome).toBe("unproven");
});

test("one that is missed so early is looked for again", () => {
  expect(isTooNew(judgeDaprMetrics([counted({}, { readyAt: ago(99) })], now))).toBe(true);
  expect(isTooNew(judgeDaprMetrics([counted({})], now))).toBe(false);
});
