import { createServer } from "node:http";
import { expect, test } from "vitest";
import { observability } from "../../environments/platform-names.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { readFiring } from "./firing.ts";

const window = { from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 60_000) };

/** What is read where Prometheus's clock is so far ahead, and its alerts are these. @param series labels and first and last second, since the window began */
async function found(
  aheadMs: number,
  series: readonly (readonly [Record<string, string>, readonly number[]])[],
  bent?: string,
) {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    asked.push(url);
    const isClock = url.searchParams.get("query") === "vector(time())";
    const now = ((Date.now() + aheadMs) / 1000).toFixed(3);
    const result = isClock
      ? [{ metric: {}, value: [Number(now), now] }]
      : series.map(([metric, seconds]) => ({
          metric: { __name__: "ALERTS", alertstate: "firing", ...metric },
          values: seconds.map((second) => [(window.from.getTime() + aheadMs) / 1000 + second, "1"]),
        }));
    const body = JSON.stringify({ status: "success", data: { resultType: isClock ? "vector" : "matrix", result } });
    response.end(isClock ? body : (bent ?? body));
  });
  const reading = await listening(server, async (port) =>
    withCluster(port, async (cluster) => readFiring(cluster, observability, window)),
  );
  return { reading, asked };
}

test.each([0, 5_000, -5_000])(
  "alerts in the order of their beginning, by our clock; Prometheus is %d ms ahead",
  async (aheadMs) => {
    const { reading, asked } = await found(aheadMs, [
      [{ alertname: "TargetDown", job: "pods" }, [40, 45, 50]],
      [{ alertname: "GatewayDown" }, [20]],
    ]);
    if (!reading.ok) throw new Error(reading.why);
    expect(reading.value.map(({ alert }) => alert)).toEqual(["GatewayDown", "TargetDown"]);
    const [, down] = reading.value;
    expect(down?.labels).toEqual({ job: "pods" });
    expect(Math.abs((down?.fromMs ?? 0) - window.from.getTime() - 40_000)).toBeLessThan(500);
    expect(Math.abs((down?.untilMs ?? 0) - window.from.getTime() - 50_000)).toBeLessThan(500);
    expect(asked[1]?.searchParams.get("query")).toMatch(/^ALERTS\{alertstate="firing",alertname!~"OkeProofSynthetic\|/);
  },
);

test("no alert is an empty list; a clock that is far off, and another answer, are no reading", async () => {
  expect((await found(0, [])).reading).toMatchObject({ ok: true, value: [] });
  expect((await found(61_000, [])).reading).toMatchObject({
    ok: false,
    why: expect.stringMatching(/ ms ahead of ours$/),
  });
  expect((await found(0, [], "<html>")).reading.ok).toBe(false);
  expect((await found(0, [], '{"status":"error"}')).reading.ok).toBe(false);
});
