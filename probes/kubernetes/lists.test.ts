import { createServer, type RequestListener } from "node:http";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Reading } from "../../harness/verdict.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";

const item = z.object({ metadata: z.object({ name: z.string() }) });
const named = (name: string) => ({ metadata: { name } });

async function listed(answer: RequestListener): Promise<Reading<readonly z.output<typeof item>[]>> {
  return listening(createServer(answer), async (port) =>
    withCluster(port, async (cluster) => cluster.list("/api/v1/pods?x=1", item)),
  );
}

test("a list is read page by page, 500 at a time", async () => {
  const urls: string[] = [];
  const reading = await listed((request, response) => {
    urls.push(request.url ?? "");
    const last = urls.length === 3;
    response.end(
      JSON.stringify({ metadata: last ? {} : { continue: `token ${urls.length}` }, items: [named(`p${urls.length}`)] }),
    );
  });
  expect(reading).toMatchObject({ ok: true, value: [named("p1"), named("p2"), named("p3")] });
  expect(urls).toEqual([
    "/api/v1/pods?x=1&limit=500",
    "/api/v1/pods?x=1&limit=500&continue=token+1",
    "/api/v1/pods?x=1&limit=500&continue=token+2",
  ]);
});

test("an empty list is a reading", async () => {
  expect(await listed((_, response) => response.end('{"metadata":{},"items":[]}'))).toMatchObject({
    ok: true,
    value: [],
  });
});

test.each<[string, RequestListener, RegExp]>([
  [
    "expires in the middle",
    (request, response) => {
      const first = request.url?.includes("continue") === false;
      response
        .writeHead(first ? 200 : 410)
        .end(JSON.stringify({ metadata: { continue: "next" }, items: [named("p")] }));
    },
    /410, the list expired/,
  ],
  [
    "never ends",
    (_, response) => response.end(JSON.stringify({ metadata: { continue: "again" }, items: [] })),
    /more than 100000 items/,
  ],
  ["has no items", (_, response) => response.end('{"metadata":{}}'), /items/],
  ["has items that are null", (_, response) => response.end('{"metadata":{},"items":null}'), /items/],
  ["has no metadata", (_, response) => response.end('{"items":[]}'), /metadata/],
  [
    "has one bad item of many",
    (_, response) => response.end(JSON.stringify({ metadata: {}, items: [named("a"), {}, named("c")] })),
    /items\.1\.metadata/,
  ],
])("a list that %s is no reading", async (_, answer, why) => {
  expect(await listed(answer)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
});
