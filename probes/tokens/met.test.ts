import { createServer } from "node:https";
import { expect, test } from "vitest";
import { testAuthority } from "../../test/certificate-authority.ts";
import { closedPort, listening, silentServer } from "../../test/loopback.ts";
import { meet, openDoor, type Place } from "./met.ts";

const host = "a.test";
const authority = await testAuthority("ingress");
const issued = await authority.issue({ names: [host] });
const placeAt = (port: number, name = host): Place => ({
  endpoint: { ip: "127.0.0.1", port, label: `127.0.0.1:${port}`, lookupMs: 0 },
  host: name,
  authority: { certificates: [authority.pem] },
  timeoutMs: 1_000,
  signal: AbortSignal.timeout(10_000),
});

test("each header is sent as it is, over few connections, and each answer told with who gave it", async () => {
  const seen: string[] = [];
  let connections = 0;
  const server = createServer(issued, (request, response) => {
    seen.push(`${request.method} ${request.headers.host} ${request.headers.authorization ?? "none"}`);
    const ours = request.headers.authorization === "Bearer a";
    response.writeHead(ours ? 404 : 401, ours ? { "x-oke-proof-backend": "api" } : {}).end("said");
  }).on("secureConnection", () => (connections += 1));
  await listening(server, async (port) => {
    const door = openDoor(placeAt(port));
    expect(await door.meet({ method: "POST", path: "/x" }, "Bearer a")).toMatchObject({
      ok: true,
      value: { status: 404, backend: "api" },
    });
    expect(await door.meet({ method: "GET", path: "/x" }, undefined)).toMatchObject({
      ok: true,
      value: { status: 401 },
    });
    door.close();
  });
  expect(seen).toEqual(["POST a.test Bearer a", "GET a.test none"]);
  expect(connections).toBe(1);
});

test("nobody, a silent server and one that is not trusted are no answers", async () => {
  const ask = async (place: Place) => meet(place, { method: "GET", path: "/x" }, undefined);
  expect(await ask(placeAt(await closedPort()))).toMatchObject({ ok: false, why: expect.stringMatching(/REFUSED/) });
  expect(await listening(silentServer(), async (port) => ask(placeAt(port)))).toMatchObject({ ok: false });
  const server = createServer(issued, (_, response) => void response.end());
  const wrongName = await listening(server, async (port) => ask(placeAt(port, "b.test")));
  expect(wrongName).toMatchObject({ ok: false, why: expect.stringMatching(/altnames|b\.test/i) });
});
