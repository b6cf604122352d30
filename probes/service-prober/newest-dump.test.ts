import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { newestDump, readNewestDumps } from "./newest-dump.ts";

const names = ["postgres-health-data", "postgres-webauthn-auth"];
const profile = {
  serviceProber: { namespace: "health-platform", pod: "service-prober-0", port: 8080 },
  databases: names.map((name) => ({ namespace: "health-platform", name })),
};
const file = join(import.meta.dirname, "../../test/recorded/service-prober/newest-dump.json");
const good = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, "utf8")));

/** Asks a prober that answers with `answer` about the folder it was asked for. */
async function readFrom(answer: (folder: string) => unknown, status = 200) {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const { folder } = z.object({ folder: z.string() }).parse(JSON.parse(body));
      response.writeHead(status).end(JSON.stringify(answer(folder)));
    });
  });
  return listening(server, async (port) => withCluster(port, async (cluster) => readNewestDumps(cluster, profile)));
}

test("each database is asked for, and the answers keep their order", async () => {
  expect(await readFrom((folder) => ({ ...good, folder }))).toMatchObject(
    names.map((folder) => ({ ok: true, value: { folder, newest: { head: expect.stringMatching(/^5047444d50/) } } })),
  );
});

test("a folder that holds nothing is a reading", async () => {
  const readings = await readFrom((folder) => ({ ...good, folder, objects: 0, newest: null }));
  expect(readings).toMatchObject(names.map(() => ({ ok: true, value: { newest: null } })));
});

test.each<readonly [string, (folder: string) => unknown, number, RegExp]>([
  ["about another folder", () => ({ ...good, folder: "x" }), 200, /answered about x, not postgres-/],
  [
    "that the store gave none",
    (folder) => ({
      target: "minio",
      folder,
      at: good["at"],
      bucket: "backups",
      failure: { kind: "timeout", detail: "late" },
    }),
    200,
    /^backups\/postgres-[a-z-]+ could not be listed: timeout \(late\)$/,
  ],
  ["that it may not be asked", () => ({}), 403, /403, the harness has no right/],
  ["that it knows no store", () => ({ error: { code: "no-target", message: "no target" } }), 404, /404.*no target/],
])("an answer %s is no reading", async (_, answer, status, why) => {
  expect(await readFrom(answer, status)).toMatchObject(
    names.map(() => ({ ok: false, why: expect.stringMatching(why) })),
  );
});

const { newest } = good;

test.each<readonly [string, unknown]>([
  ["without its folder", { ...good, folder: "" }],
  ["without its newest", { ...good, newest: undefined }],
  ["with a size below zero", { ...good, newest: Object.assign({}, newest, { bytes: -1 }) }],
  ["with no time", { ...good, newest: Object.assign({}, newest, { modifiedAt: "now" }) }],
  ["with a head that is no digits", { ...good, newest: Object.assign({}, newest, { head: "PGDMP" }) }],
  ["with half a byte", { ...good, newest: Object.assign({}, newest, { head: "504" }) }],
])("an answer %s is refused", (_, bent) => {
  expect(newestDump.safeParse(bent).success).toBe(false);
});

test("no answer makes the parser throw", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (bent) => {
      expect(typeof newestDump.safeParse(bent).success).toBe("boolean");
    }),
  );
});
