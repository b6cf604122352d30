import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { withCluster } from "../../test/api-server.ts";
import { testAuthority, type TestAuthority } from "../../test/certificate-authority.ts";
import { listening } from "../../test/loopback.ts";
import { transportOf } from "./transport.ts";

let ours: TestAuthority;
let theirs: TestAuthority;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([testAuthority("ours"), testAuthority("theirs")]);
});

/** Asks an API server over TLS with a certificate like this; the kubeconfig trusts `ours`. */
async function overTls(wanted: {
  readonly issuer: TestAuthority;
  readonly names: readonly string[];
  readonly daysTo?: number;
}) {
  const { issuer, names, daysTo = 90 } = wanted;
  const server = createServer(await issuer.issue({ names, daysFrom: -100, daysTo }), (_, response) => {
    response.end('{"name":"a"}');
  });
  return listening(server, async (port) =>
    withCluster(port, async (cluster) => cluster.getJson("/things", z.object({ name: z.string() })), {
      authority: ours.pem,
    }),
  );
}

test("a server that the kubeconfig's authority vouches for is believed", async () => {
  expect(await overTls({ issuer: ours, names: ["localhost"] })).toMatchObject({ ok: true, value: { name: "a" } });
});

test("a server of another authority, of another name or past its time is not", async () => {
  const refused = {
    ok: false,
    why: expect.stringMatching(/^GET \/things: asking https:\/\/localhost:\d+: .*certificate/i),
  };
  expect(await overTls({ issuer: theirs, names: ["localhost"] })).toMatchObject(refused);
  expect(await overTls({ issuer: ours, names: ["elsewhere.test"] })).toMatchObject({ ok: false });
  expect(await overTls({ issuer: ours, names: ["localhost"], daysTo: -1 })).toMatchObject(refused);
});

test.each([301, 302, 307, 308])("a redirect (%i) to a server that would answer is not followed", async (status) => {
  const elsewhere = createPlainServer((_, response) => response.end('{"name":"of another cluster"}'));
  const found = await listening(elsewhere, async (other) => {
    const server = createPlainServer((_, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${other}/things` }).end();
    });
    return listening(server, async (port) =>
      withCluster(port, async (cluster) => cluster.getJson("/things", z.object({ name: z.string() }))),
    );
  });
  expect(found).toMatchObject({ ok: false, why: expect.stringMatching(/redirects to .*, which is not followed/) });
});

/** A kubeconfig whose credentials come from a program. */
function configWithPlugin(server: string, command: string, args: readonly string[]): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: "c", server, skipTLSVerify: true }],
    users: [
      { name: "u", exec: { apiVersion: "client.authentication.k8s.io/v1", command, args, interactiveMode: "Never" } },
    ],
    contexts: [{ name: "k", cluster: "c", user: "u" }],
    currentContext: "k",
  });
  return config;
}

test.each([
  ["hangs", "sleep", ["5"], /credentials|no answer/],
  ["fails", "false", [], /./],
  ["does not exist", "no-such-credential-plugin", [], /no-such-credential-plugin/],
  ["prints something else", "echo", ["hello"], /./],
] as const)("a credential plugin that %s leaves a reason, in time", async (_, command, args, why) => {
  const server = createPlainServer((_request, response) => response.end("{}"));
  await listening(server, async (port) => {
    const address = `http://127.0.0.1:${port}`;
    const signal = new AbortController().signal;
    const ask = transportOf(configWithPlugin(address, command, args), address, { requestMs: 500, signal });
    const started = performance.now();
    expect(await ask("/things")).toMatchObject({ ok: false, why: expect.stringMatching(why) });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test("a POST sends its JSON with the credentials, and is refused by the rules of a GET", async () => {
  const seen: string[] = [];
  const server = createPlainServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push(`${method} ${url} ${headers["content-type"] ?? ""} ${headers.authorization ?? ""} ${body}`);
      response.writeHead(url === "/refused" ? 403 : 200).end('{"name":"a"}');
    });
  });
  await listening(server, async (port) =>
    withCluster(port, async (cluster) => {
      const answered = await cluster.postJson("/things", { nonce: "n" }, z.object({ name: z.string() }));
      expect(answered).toMatchObject({ ok: true, value: { name: "a" } });
      const refused = await cluster.postJson("/refused", {}, z.object({ name: z.string() }));
      expect(refused).toMatchObject({
        ok: false,
        why: expect.stringMatching(/^POST \/refused: 403, the harness has no right/),
      });
      expect((await cluster.getJson("/things", z.object({ name: z.string() }))).ok).toBe(true);
    }),
  );
  expect(seen).toEqual([
    'POST /things application/json Bearer not-a-secret {"nonce":"n"}',
    "POST /refused application/json Bearer not-a-secret {}",
    "GET /things  Bearer not-a-secret ",
  ]);
});

test("a POST may be given more time than a GET, and no more", async () => {
  const silent = createPlainServer(() => undefined);
  await listening(silent, async (port) =>
    withCluster(
      port,
      async (cluster) => {
        const late = await cluster.postJson("/things", {}, z.object({}), { requestMs: 300 });
        expect(late).toMatchObject({ ok: false, why: expect.stringMatching(/no answer within 0.3 s/) });
      },
      { requestMs: 100 },
    ),
  );
});
