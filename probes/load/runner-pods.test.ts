import fc from "fast-check";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening, sayingServer } from "../../test/loopback.ts";
import { exitOf, readRunnerPods } from "./runner-pods.ts";

const of = { namespace: "oke-proof", job: "load-runners", labels: { "oke-proof/run": "run-1" } };

type Status = Readonly<Record<string, unknown>>;
function pod(index: number, status: Status = {}, more: Readonly<Record<string, unknown>> = {}): object {
  const labels = { "batch.kubernetes.io/job-completion-index": String(index) };
  return {
    metadata: { name: `load-runners-${index}-abcde`, labels, ...more },
    spec: { nodeName: "worker" },
    status: { phase: "Running", ...status },
  };
}

async function readingOf(items: readonly unknown[]) {
  const body = JSON.stringify({ metadata: {}, items });
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return listening(sayingServer(head + body), (port) => withCluster(port, (cluster) => readRunnerPods(cluster, of)));
}

const ended = (name: string, exitCode: number, reason = "Error"): object => ({
  name,
  state: { terminated: { exitCode, reason } },
});

test("pods come in the order of their index", async () => {
  const found = await readingOf([pod(10), pod(2), pod(0)]);
  expect(found.ok && found.value.map(({ index }) => index)).toEqual([0, 2, 10]);
});

test.each<readonly [string, object, object]>([
  ["goes on", pod(0), { exit: undefined, lost: undefined, waits: undefined, node: "worker" }],
  [
    "has ended well",
    pod(0, { containerStatuses: [ended("k6", 0, "Completed")] }),
    { exit: { code: 0, signal: null }, ended: "Completed", lost: undefined },
  ],
  [
    "was killed for its memory",
    pod(0, { containerStatuses: [ended("k6", 137, "OOMKilled")] }),
    { exit: { code: null, signal: "SIGKILL" }, ended: "OOMKilled", lost: undefined },
  ],
  [
    "has lost its keeper",
    pod(0, { containerStatuses: [ended("keeper", 1)] }),
    { exit: undefined, lost: "its keeper ended with exit code 1" },
  ],
  [
    "was never told",
    pod(0, { initContainerStatuses: [ended("receiver", 1)] }),
    { lost: "its receiver ended with exit code 1" },
  ],
  ["was told", pod(0, { initContainerStatuses: [ended("receiver", 0)] }), { lost: undefined }],
  ["was evicted", pod(0, { phase: "Failed", reason: "Evicted" }), { lost: "its pod is Failed (Evicted)" }],
  ["is on a node that is silent", pod(0, { phase: "Unknown" }), { lost: "its pod is Unknown" }],
  ["is being deleted", pod(0, {}, { deletionTimestamp: "2026-11-22T10:00:00Z" }), { lost: "its pod is being deleted" }],
  [
    "cannot be pulled",
    pod(0, {
      phase: "Pending",
      containerStatuses: [{ name: "k6", state: { waiting: { reason: "ImagePullBackOff" } } }],
    }),
    { waits: "ImagePullBackOff", lost: undefined },
  ],
  [
    "finds no node",
    pod(0, { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] }),
    { waits: "Unschedulable" },
  ],
])("a runner that %s", async (_, item, expected) => {
  expect(await readingOf([item])).toMatchObject({ ok: true, value: [expected] });
});

test.each([
  ["no index", { ...pod(0), metadata: { name: "x", labels: {} } }],
  [
    "an index that is none",
    { ...pod(0), metadata: { name: "x", labels: { "batch.kubernetes.io/job-completion-index": "a" } } },
  ],
  ["a phase that is none", pod(0, { phase: "Going" })],
  [
    "an exit code that is a text",
    pod(0, { containerStatuses: [{ name: "k6", state: { terminated: { exitCode: "0" } } }] }),
  ],
])("a pod with %s makes the reading none", async (_, item) => {
  expect(await readingOf([pod(1), item])).toMatchObject({ ok: false });
});

test.each([
  [{ exitCode: 0 }, { code: 0, signal: null }],
  [{ exitCode: 99 }, { code: 99, signal: null }],
  [{ exitCode: 128 }, { code: 128, signal: null }],
  [{ exitCode: 130 }, { code: null, signal: "SIGINT" }],
  [{ exitCode: 143 }, { code: null, signal: "SIGTERM" }],
  [{ exitCode: 255 }, { code: null, signal: "signal 127" }],
  [
    { exitCode: 0, signal: 9 },
    { code: null, signal: "SIGKILL" },
  ],
])("%j is the end %j", (terminated, exit) => {
  expect(exitOf(terminated)).toEqual(exit);
});

test("an end by a signal is never one with a good code", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 255 }),
      fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }),
      (exitCode, signal) => {
        const exit = exitOf(signal === undefined ? { exitCode } : { exitCode, signal });
        expect(exit.code === null).toBe(exit.signal !== null);
        expect(exit.code === 0).toBe(exitCode === 0 && signal === undefined);
      },
    ),
  );
});
