import { createServer, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { PushFailedError, pushMetrics, toRegistry } from "../../reporters/prometheus.ts";
import { exampleLedger } from "./example.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

const options = { timeoutMs: 400, environment: "oke-staging" };
const push = async (url: string): Promise<void> => pushMetrics(toRegistry(exampleLedger()), url, options);

describe("pushMetrics", () => {
  test("replaces the group of the job and the environment", async () => {
    let seen = "";
    const url = await serve((request, response) => {
      seen = `${request.method} ${request.url}\n`;
      request.setEncoding("utf8").on("data", (part: string) => (seen += part));
      request.on("end", () => response.writeHead(202).end());
    });
    await push(url);
    expect(seen).toMatch(/^PUT \/metrics\/job\/oke-proof\/environment\/oke-staging\n/);
    expect(seen).toContain('oke_proof_run_verdict{command="gate",verdict="no-go"} 1');
  });

  const failures: readonly (readonly [string, RequestListener, RegExp])[] = [
    [
      "refused by the gateway",
      (_request, response) => response.writeHead(400).end("bad sample"),
      /status 400, bad sample/,
    ],
    ["sent elsewhere", (_request, response) => response.writeHead(302, { location: "/login" }).end(), /status 302/],
    ["never answered", () => undefined, /not pushed to http/],
    ["answered without end", (_request, response) => response.writeHead(200).write("a"), /not done within 400 ms/],
    ["cut off", (request) => request.socket.destroy(), /hang up|ECONNRESET/],
  ];
  test.each(failures)("%s", async (_what, listener, why) => {
    const started = performance.now();
    const failed = push(await serve(listener));
    await expect(failed).rejects.toThrow(PushFailedError);
    await expect(failed).rejects.toThrow(why);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test("nobody listens", async () => {
    const url = await serve(() => undefined);
    server?.close();
    await expect(push(url)).rejects.toThrow(`metrics not pushed to ${url}: connect ECONNREFUSED`);
  });
});
