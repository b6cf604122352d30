import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { Clock } from "../../harness/poll.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { keepAsking, watchScaling } from "./scaling-watch.ts";

/** A clock whose time passes by sleeping alone. */
function fakeClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return { slept, now: () => slept.reduce((sum, ms) => sum + ms, 0), sleep: async (ms) => void slept.push(ms) };
}

const { signal } = new AbortController();
const autoscaler = {
  metadata: { name: "api", namespace: "n", uid: "u", creationTimestamp: "2026-11-22T00:00:00Z" },
  spec: { scaleTargetRef: { kind: "Deployment", name: "api" }, maxReplicas: 4 },
  status: { desiredReplicas: 2, currentReplicas: 2 },
};

/** An API server whose n-th look at the autoscalers is refused. */
async function watched<T>(refused: number, work: Parameters<typeof withCluster<T>>[1]): Promise<T> {
  let looks = 0;
  const server = createServer((request, response) => {
    const isList = request.url?.includes("horizontalpodautoscalers") === true;
    looks += isList ? 1 : 0;
    response.statusCode = isList && looks === refused ? 403 : 200;
    response.end(JSON.stringify(isList ? { metadata: {}, items: [autoscaler] } : { status: { readyReplicas: 2 } }));
  });
  return listening(server, async (port) => withCluster(port, work));
}

test("a look every two seconds until enough was seen; one that was refused stands in the record", async () => {
  const clock = fakeClock();
  const looks = await watched(2, async (cluster) =>
    watchScaling(cluster, (seen) => seen.length === 3, { timeoutMs: 60_000, signal, clock }),
  );
  expect(looks.map(({ scales }) => scales.ok)).toEqual([true, false, true]);
  expect(looks[0]?.scales).toMatchObject({ value: [{ name: "api", ready: 2, desired: 2 }] });
  expect(clock.slept).toEqual([2000, 2000]);
});

test("the watch ends with its time, and with its signal", async () => {
  const looks = await watched(0, async (cluster) =>
    watchScaling(cluster, () => false, { timeoutMs: 10_000, signal, clock: fakeClock() }),
  );
  expect(looks).toHaveLength(6);
  const stopped = await watched(0, async (cluster) =>
    watchScaling(cluster, () => false, { timeoutMs: 10_000, signal: AbortSignal.abort(), clock: fakeClock() }),
  );
  expect(stopped).toHaveLength(1);
});

test("twice a second something is asked; a throw is a wrong answer, what the end cuts off is none", async () => {
  const clock = fakeClock();
  let count = 0;
  const asked = await keepAsking(
    async () => {
      count += 1;
      if (count === 2) throw new Error("reset");
      return count !== 3;
    },
    { timeoutMs: 2_000, signal, clock },
  );
  expect(asked.map(({ expected }) => expected)).toEqual([true, false, false, true, true]);
  expect(clock.slept).toEqual([500, 500, 500, 500]);
  const end = new AbortController();
  const ask = async (): Promise<boolean> => {
    end.abort();
    return false;
  };
  expect(await keepAsking(ask, { timeoutMs: 2_000, signal: end.signal, clock: fakeClock() })).toEqual([]);
});
