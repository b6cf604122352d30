import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { closedPort, listening, silentServer } from "../../test/loopback.ts";
import { readHead } from "./heads.ts";

const folder = mkdtempSync(join(tmpdir(), "oke-proof-heads-"));
afterAll(() => rmSync(folder, { recursive: true }));
const bounds = { timeoutMs: 5_000, signal: AbortSignal.timeout(60_000) };

/** What git's own smart protocol says of refs, in packets with their length in front. */
function advertised(refs: readonly (readonly [string, string])[]): string {
  const packet = (text: string): string => (text.length + 4).toString(16).padStart(4, "0") + text;
  const lines = refs.map(([commit, name], at) => packet(`${commit} ${name}${at === 0 ? "\0agent=git/2" : ""}\n`));
  return `${packet("# service=git-upload-pack\n")}0000${lines.join("")}0000`;
}

test("a branch, a tag, the default branch and a commit by its name", async () => {
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
  const inFolder = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=x", "-c", "user.email=x@x", ...args], {
      encoding: "utf8",
      env,
    });
  inFolder("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(folder, "file"), "1");
  inFolder("add", "file");
  inFolder("commit", "--quiet", "-m", "1");
  inFolder("tag", "v1");
  const commit = inFolder("rev-parse", "HEAD").trim();
  const access = { ...bounds, url: `file://${folder}` };
  for (const revision of ["main", "v1", "HEAD", commit]) {
    expect(await readHead(access, revision)).toMatchObject({ ok: true, value: commit });
  }
  expect(await readHead(access, "other")).toMatchObject({ ok: false, why: expect.stringMatching(/no branch or tag/) });
});

test("the token is sent, and a server that wants another one is no answer", async () => {
  const commit = "a".repeat(40);
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    if (seen.length > 1) response.writeHead(401, { "www-authenticate": "Basic" }).end();
    else {
      response.setHeader("content-type", "application/x-git-upload-pack-advertisement");
      response.end(advertised([[commit, "refs/heads/main"]]));
    }
  });
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, "a-token\n");
  await listening(server, async (port) => {
    const access = {
      ...bounds,
      url: `http://git.example.test:${port}/x.git`,
      address: { host: "127.0.0.1", port },
      tokenFile,
    };
    expect(await readHead(access, "main")).toMatchObject({ ok: true, value: commit });
    expect(await readHead(access, "main")).toMatchObject({ ok: false, why: expect.stringMatching(/git ls-remote/) });
  });
  expect(seen[0]).toBe(`Basic ${Buffer.from("oke-proof:a-token").toString("base64")}`);
});

test("silence, a closed port and a token that is not there are no answers", async () => {
  await listening(silentServer(), async (port) => {
    const access = { ...bounds, timeoutMs: 500, url: `http://127.0.0.1:${port}/x.git` };
    expect(await readHead(access, "main")).toMatchObject({ ok: false, why: expect.stringMatching(/within 0\.5 s/) });
  });
  const closed = { ...bounds, url: `http://127.0.0.1:${await closedPort()}/x.git` };
  expect(await readHead(closed, "main")).toMatchObject({ ok: false, why: expect.stringMatching(/connect|refused/i) });
  const withoutToken = { ...closed, tokenFile: join(folder, "none") };
  expect(await readHead(withoutToken, "main")).toMatchObject({ ok: false, why: expect.stringMatching(/ENOENT/) });
});
