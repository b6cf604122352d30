import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtInProfile } from "../../environments/load.ts";
import { testAuthority } from "../../test/certificate-authority.ts";
import { closedPort, listening } from "../../test/loopback.ts";
import { steadyRequest } from "./steady-request.ts";

const host = "health.oke-proof.test";
const { signal } = new AbortController();
const authority = await testAuthority("right");
const served = await authority.issue({ names: [host] });
const caFile = join(mkdtempSync(join(tmpdir(), "oke-proof-steady-")), "ca.crt");
writeFileSync(caFile, authority.pem);
const { ingress } = builtInProfile("local");

const profile = (port: number, file = caFile) => ({
  ingress: {
    ...ingress,
    https: [{ host: "127.0.0.1", port }],
    caFile: file,
    routes: [
      { host, path: "/away", status: 404 },
      { host, path: "/healthz", status: 200, backend: { header: "X-Backend", value: "health-api" } },
    ],
  },
  timeouts: { requestMs: 2_000, checkMs: 60_000 },
});

test.each<readonly [string, number, string, boolean]>([
  ["the right answer", 200, "health-api", true],
  ["another status", 503, "health-api", false],
  ["another backend", 200, "somebody", false],
])("%s", async (_, status, backend, expected) => {
  const asked: (string | undefined)[] = [];
  const server = createServer(served, (request, response) => {
    asked.push(request.url);
    response.writeHead(status, { "X-Backend": backend }).end();
  });
  const found = await listening(server, async (port) => {
    const ask = await steadyRequest(profile(port), signal);
    return [await ask(), await ask()];
  });
  expect(found).toEqual([expected, expected]);
  expect(asked).toEqual(["/healthz", "/healthz"]);
});

test("no answer is not the right one", async () => {
  const ask = await steadyRequest(profile(await closedPort()), signal);
  expect(await ask()).toBe(false);
});

test("what can never be asked is said at once", async () => {
  await expect(steadyRequest(profile(1, "/away/ca.crt"), signal)).rejects.toThrow(/cannot be made: .*\/away\/ca\.crt/);
  const unrouted = profile(1);
  const ingressWithout = { ...unrouted.ingress, routes: unrouted.ingress.routes.slice(0, 1) };
  await expect(steadyRequest({ ...unrouted, ingress: ingressWithout }, signal)).rejects.toThrow(
    /no route with a backend/,
  );
});
