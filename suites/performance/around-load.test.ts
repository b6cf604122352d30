import { createServer } from "node:http";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Clock } from "../../harness/poll.ts";
import { unread } from "../../harness/verdict.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { aroundLoad, type Watching } from "./around-load.ts";
import { examplePlan, loadReading } from "./load-examples.ts";

const metadata = { name: "api", namespace: "n", uid: "u", creationTimestamp: "2026-11-22T00:00:00Z" };
const replies: readonly (readonly [RegExp, object])[] = [
  [
    /horizontalpodautoscalers/,
    {
      metadata,
      spec: { scaleTargetRef: { kind: "Deployment", name: "api" }, maxReplicas: 4 },
      status: { desiredReplicas: 2, currentReplicas: 2 },
    },
  ],
  [
    /metrics\.k8s\.io/,
    {
      metadata: { name: "worker" },
      timestamp: "2026-11-22T05:00:00Z",
      window: "15s",
      usage: { cpu: "1", memory: "1Gi" },
    },
  ],
  [/namespaces\/a\/pods/, { metadata, spec: { containers: [{ name: "main" }] }, status: { phase: "Running" } }],
];

/** A clock whose time passes by sleeping alone, after a turn of the event loop. */
function fakeClock(): Clock {
  let passed = 0;
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
    passed += ms;
  };
  return { now: () => passed, sleep };
}

/** Watches a load on a cluster where one path is refused. */
async function around(run: Parameters<typeof aroundLoad>[0], changes: Partial<Watching> = {}, refused = /nothing/) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    const item = replies.find(([path]) => path.test(url))?.[1];
    response.statusCode = refused.test(url) ? 403 : 200;
    response.end(
      JSON.stringify(item === undefined ? { status: { readyReplicas: 2 } } : { metadata: {}, items: [item] }),
    );
  });
  const profile = {
    workloads: { namespaces: ["a"] },
    load: { ...examplePlan, rampSeconds: 1, plateauSeconds: 1, recoverySeconds: 0 },
  };
  const { signal } = new AbortController();
  return listening(server, async (port) =>
    withCluster(port, async (cluster) => ({
      asked,
      ...(await aroundLoad(run, { cluster, profile, ask: async () => true, signal, clock: fakeClock(), ...changes })),
    })),
  );
}

test("containers, autoscalers and nodes are looked at before the load, and the platform is asked after it", async () => {
  let before: readonly string[] = [];
  const seen: string[] = [];
  const { load, watched, asked } = await around(
    async () => {
      before = [...seen];
      return loadReading();
    },
    { ask: async () => seen.push("asked") > 0 },
  );
  expect(load).toEqual(loadReading());
  expect(before).toEqual([]);
  expect(watched.besides.length).toBeGreaterThan(10);
  expect(watched.besides.every(({ expected }) => expected)).toBe(true);
  expect(watched.looks.length).toBeGreaterThan(10);
  expect(watched.looks.every(({ scales }) => scales.ok)).toBe(true);
  expect(watched.witnesses[0]).toMatchObject({ ok: true, value: [{ node: "worker", cores: 1 }] });
  expect(watched.containersBefore).toMatchObject({ ok: true, value: [{ container: "main" }] });
  expect(watched.containersAfter).toMatchObject({ ok: true, value: [{ container: "main" }] });
  expect(asked.findIndex((url) => url.includes("/pods"))).toBe(0);
});

test("the load begins after the first look at the autoscalers", async () => {
  let startedMs = 0;
  const { watched } = await around(async () => {
    startedMs = Date.now();
    return loadReading();
  });
  expect(watched.looks[0]?.atMs).toBeLessThanOrEqual(startedMs);
  expect(Date.parse(watched.watchedUntil)).toBeGreaterThanOrEqual(startedMs);
});

test("what cannot be read stands in the record", async () => {
  const { watched } = await around(async () => loadReading(), {}, /horizontalpodautoscalers|metrics\.k8s\.io|\/pods/);
  expect(watched.looks.every(({ scales }) => !scales.ok)).toBe(true);
  expect(watched.witnesses.every(({ ok }) => !ok)).toBe(true);
  expect(watched.containersBefore).toMatchObject({ ok: false, why: expect.stringMatching(/403/) });
  expect(watched.containersAfter.ok).toBe(false);
});

test("a load that throws ends the watches", async () => {
  const failing = async (): Promise<never> => {
    throw new Error("no generator");
  };
  await expect(around(failing)).rejects.toThrow("no generator");
});

test("a signal ends the recovery", async () => {
  const end = new AbortController();
  const interrupted = async () => {
    end.abort();
    return loadReading();
  };
  const { watched } = await around(interrupted, { signal: end.signal });
  expect(watched.looks.length).toBeLessThanOrEqual(3);
});

test.each([
  ["was stopped", loadReading({ stopped: "Ctrl-C" })],
  ["was never made", unread<never>("k6 is missing", "k6", new Date())],
])("a load that %s has no recovery", async (_, load) => {
  const { watched, load: found } = await around(async () => load);
  expect(found).toEqual(load);
  expect(watched.looks.length).toBeLessThanOrEqual(3);
  expect(watched.besides.length).toBeLessThanOrEqual(1);
});
