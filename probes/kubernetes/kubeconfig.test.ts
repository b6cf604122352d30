import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openKubeconfig } from "./kubeconfig.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "oke-proof-kubeconfig-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const good = {
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:6443" } }],
  users: [{ name: "u", user: { token: "not-a-secret" } }],
  contexts: [
    { name: "one", context: { cluster: "c", user: "u" } },
    { name: "two", context: { cluster: "c", user: "u" } },
    { name: "no-cluster", context: { cluster: "gone", user: "u" } },
    { name: "no-user", context: { cluster: "c", user: "gone" } },
  ],
  "current-context": "one",
};

function opened(text: string, context?: string): ReturnType<typeof openKubeconfig> {
  const kubeconfig = join(folder, "config");
  writeFileSync(kubeconfig, text);
  return openKubeconfig({ kubeconfig, ...(context === undefined ? {} : { context }) });
}

test.each<[string, string | undefined]>([
  ["the current context", undefined],
  ["the context that is asked for", "two"],
])("opens %s", (_, context) => {
  expect(opened(JSON.stringify(good), context)).toMatchObject({ ok: true, server: "https://127.0.0.1:6443" });
});

const withServer = (server: unknown): string =>
  JSON.stringify({ ...good, clusters: [{ name: "c", cluster: { server } }] });

test.each<[string, string, string | undefined, RegExp]>([
  ["is empty", " \n", undefined, /the file is empty/],
  ["is no YAML", "clusters: [", undefined, /config: /],
  ["is a list", "[1, 2]", undefined, /there is no context ''/],
  ["is null", "null", undefined, /config: /],
  ["is a picture", "\u0000\u0001\u0002", undefined, /config: /],
  [
    "has no current context",
    JSON.stringify({ ...good, "current-context": undefined }),
    undefined,
    /no context ''.*one, two/,
  ],
  ["lacks the context", JSON.stringify(good), "three", /no context 'three' \(known: one, two/],
  ["lacks its cluster", JSON.stringify(good), "no-cluster", /cluster of context 'no-cluster'/],
  ["lacks its user", JSON.stringify(good), "no-user", /user of context 'no-user'/],
  ["has a cluster without a server", withServer(""), undefined, /server is missing/],
  ["has a server that is a number", withServer(6443), undefined, /config: /],
  ["has a server without a scheme", withServer("127.0.0.1:6443"), undefined, /not an http\(s\) address/],
  ["has a server of another scheme", withServer("ftp://127.0.0.1"), undefined, /not an http\(s\) address/],
  [
    "names a token file that is missing",
    JSON.stringify({ ...good, users: [{ name: "u", user: { "token-file": "/no/such" } }] }),
    undefined,
    /ENOENT/,
  ],
])("a file that %s is refused in one line that names it", (_, text, context, message) => {
  const found = opened(text, context);
  expect(found).toMatchObject({ ok: false, why: expect.stringMatching(message) });
  expect(found).toMatchObject({ why: expect.stringMatching(/^kubeconfig .*config: [^\n]+$/) });
});

test("a file that is missing, and a folder, are refused", () => {
  expect(openKubeconfig({ kubeconfig: join(folder, "none") })).toMatchObject({
    ok: false,
    why: expect.stringMatching(/ENOENT/),
  });
  expect(openKubeconfig({ kubeconfig: folder })).toMatchObject({ ok: false, why: expect.stringMatching(/EISDIR/) });
});
