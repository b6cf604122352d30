import { createHash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import { expect, test } from "vitest";
import { closedPort, listening, silentServer } from "../../test/loopback.ts";
import { filesOf, readFileOfPage, readPage } from "./page.ts";

const script = "export const a = 1;\n";
const integrity = `sha384-${createHash("sha384").update(script).digest("base64")}`;
const page = `<!doctype html><head>
  <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
  <link rel="stylesheet" href="/assets/style.css" integrity="sha384-other" />
  <link rel="modulepreload" href="/assets/app.js" integrity="${integrity}" />
  <link rel="canonical" href="/elsewhere" />
  <script type="module" src="/assets/app.js" integrity="${integrity}"></script>
  <script src="https://other.example/a.js"></script><script src="//other.example/b.js"></script><script>inline()</script>
</head>`;

const where = (port: number) => ({
  endpoint: { ip: "127.0.0.1", port, label: `127.0.0.1:${port}`, lookupMs: 0 },
  host: "todo.oke-proof.test",
  timeoutMs: 500,
  signal: new AbortController().signal,
});

const serving: RequestListener = (request, answer) => {
  const found = request.url === "/" ? page : request.url === "/assets/app.js" ? script : undefined;
  const type = request.url === "/" ? "text/html; charset=utf-8" : "text/javascript";
  answer.writeHead(found === undefined ? 404 : 200, { "content-type": type, "x-oke-proof-backend": "todo-frontend" });
  answer.end(found ?? "");
};

test("a page's own files, each once, by what they are", () => {
  expect(filesOf(page)).toEqual([
    { path: "/assets/icon.svg", kind: "icon" },
    { path: "/assets/style.css", kind: "style", integrity: "sha384-other" },
    { path: "/assets/app.js", kind: "script", integrity },
  ]);
});

test("files that a page names from where it stands, in any way that HTML allows, are its own", () => {
  const written = `<script src=assets/a.js></script><script src='./b.js?v=1'></script><link href = "/c.css" rel='stylesheet'>`;
  expect(filesOf(written)).toEqual([
    { path: "/assets/a.js", kind: "script" },
    { path: "/b.js?v=1", kind: "script" },
    { path: "/c.css", kind: "style" },
  ]);
});

test("the page and a file of it, with their types and digests", async () => {
  await listening(createServer(serving), async (port) => {
    expect(await readPage(where(port), "/")).toMatchObject({
      ok: true,
      value: { served: { status: 200, type: "text/html", backend: "todo-frontend" }, files: { length: 3 } },
    });
    const read = async (given?: string) => {
      const named = given === undefined ? {} : { integrity: given };
      return (await readFileOfPage(where(port), { path: "/assets/app.js", kind: "script", ...named })).served;
    };
    const matches = (value: boolean) => ({ ok: true, value: { status: 200, matches: value } });
    expect(await read(integrity)).toMatchObject(matches(true));
    expect(await read()).toMatchObject(matches(true));
    expect(await read(`${integrity} sha512-stronger`)).toMatchObject(matches(false));
    expect(await read("sha384-other")).toMatchObject(matches(false));
    expect(await read("nonsense")).toMatchObject(matches(false));
  });
});

test("what does not answer is no reading", async () => {
  expect(await readPage(where(await closedPort()), "/")).toMatchObject({ ok: false, why: /refused/ });
  const silent = await listening(silentServer(), async (port) => readPage(where(port), "/"));
  expect(silent).toMatchObject({ ok: false, why: expect.stringMatching(/no answer within 500 ms/) });
});
