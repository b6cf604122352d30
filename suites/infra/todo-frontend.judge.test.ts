import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Page, Served, ServedFile } from "../../probes/todo/page.ts";
import { judgeFrontendServed, type PageAt } from "./todo-frontend.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const source = "https://todo.oke-proof.test/";
const served = (changes: Partial<Served> = {}): Served => ({
  status: 200,
  type: "text/html",
  bytes: 100,
  backend: "todo-frontend",
  ...changes,
});
const page = (changes: Partial<Served> = {}) => read<Page>({ served: served(changes), files: [] }, source, now);
const file = (
  kind: ServedFile["kind"],
  type: string,
  changes: Partial<Served & { matches: boolean }> = {},
): ServedFile => ({
  path: `/assets/a.${kind}`,
  kind,
  served: read({ ...served({ type }), matches: true, ...changes }, source, now),
});
const script = file("script", "text/javascript");
const style = file("style", "text/css");
const icon = file("icon", "image/svg+xml");
const silent = unread<never>("no answer within 5000 ms", source, now);

const pageAt = (changes: Partial<PageAt> = {}): PageAt => ({
  address: "127.0.0.1:18443",
  page: page(),
  files: [script, style, icon],
  madeUp: page({ status: 404 }),
  ...changes,
});

test.each<readonly [string, Partial<PageAt>, Outcome, RegExp]>([
  ["with all its files", {}, "pass", /^the page and its 3 files are served at 2 addresses, as the page asks for them$/],
  ["with an error", { page: page({ status: 503 }) }, "fail", /^the page is answered with 503 \(at 127.0.0.1:18443\)$/],
  ["as text", { page: page({ type: "text/plain" }) }, "fail", /the page is served as 'text\/plain'/],
  ["empty", { page: page({ bytes: 0 }) }, "fail", /the page is empty/],
  ["without a script", { files: [style] }, "fail", /asks for no script/],
  ["without a style", { files: [script] }, "fail", /asks for no style/],
  ["without an icon", { files: [script, style] }, "pass", /files are served/],
  [
    "with a missing file",
    { files: [script, file("style", "text/css", { status: 404 })] },
    "fail",
    /^\/assets\/a.style is answered with 404/,
  ],
  [
    "with an empty file",
    { files: [file("script", "text/javascript", { bytes: 0 }), style] },
    "fail",
    /a.script is empty/,
  ],
  [
    "with a file of another type",
    { files: [file("script", "text/html"), style] },
    "fail",
    /a.script is served as 'text\/html'/,
  ],
  [
    "with an altered file",
    { files: [file("script", "text/javascript", { matches: false }), style] },
    "fail",
    /another content than the page names/,
  ],
  ["for every path", { madeUp: page() }, "fail", /a file that nobody made is answered with 200/],
  ["nowhere", { page: silent, files: [] }, "unproven", /^no answer within 5000 ms$/],
  ["with a silent file", { files: [script, style, { ...icon, served: silent }] }, "unproven", /no answer within/],
  ["with a silent control", { madeUp: silent }, "unproven", /no answer within/],
])("a page that is served %s", (_, changes, outcome, because) => {
  const verdict = judgeFrontendServed(read([pageAt(), pageAt(changes)], source, now));
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("no address, and an unreadable authority, are unproven", () => {
  expect(judgeFrontendServed(read([], source, now)).outcome).toBe("unproven");
  expect(judgeFrontendServed(unread("no authority", source, now)).because).toBe("no authority");
});
