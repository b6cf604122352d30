import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { backupsOnLocalCluster } from "../../environments/platform-backups.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { gatherBackups, gatherDueBackups } from "./backup-readings.ts";

const folder = mkdtempSync(join(tmpdir(), "oke-proof-backups-"));
afterAll(() => rmSync(folder, { recursive: true }));
const keysFile = join(folder, "keys.json");
writeFileSync(keysFile, JSON.stringify({ user: "backups", password: "not-a-secret" }));
const rules = {
  ...backupsOnLocalCluster(keysFile),
  rateWindowSeconds: 900,
  schedules: [{ name: "platform", namespaces: ["health-platform"] }],
};

const now = new Date("2026-11-22T12:10:00Z");
const about = (name: string, labels = {}) => ({
  name,
  namespace: "velero",
  uid: name,
  creationTimestamp: "2026-11-22T11:00:00Z",
  labels,
});
const spec = { includedNamespaces: ["health-platform"], storageLocation: "default" };
const backup = (time: string, phase = "Completed") => ({
  metadata: {
    ...about(`platform-${time}`, { "velero.io/schedule-name": "platform" }),
    creationTimestamp: `2026-11-22T${time}Z`,
  },
  spec,
  status: { phase, startTimestamp: `2026-11-22T${time}Z`, progress: { totalItems: 1, itemsBackedUp: 1 } },
});

/** Objects of the API server by the last part of their path; every other list is empty. */
const lists: Readonly<Record<string, readonly object[]>> = {
  schedules: [
    {
      metadata: about("platform"),
      spec: { schedule: "2-59/10 * * * *", template: spec },
      status: { phase: "Enabled" },
    },
  ],
  backups: [backup("11:42:10"), backup("11:52:10"), backup("12:02:10"), backup("12:09:50", "InProgress")],
  backupstoragelocations: [
    {
      metadata: about("default"),
      // Nothing listens there: the profile says where the store is reached.
      spec: {
        provider: "aws",
        default: true,
        objectStorage: { bucket: "velero", prefix: "here" },
        config: { s3Url: "http://192.0.2.1:9000" },
      },
      status: { phase: "Available" },
    },
  ],
};

const apiServer = (): Server =>
  createServer((request, response) => {
    const kind = request.url?.split("?")[0]?.split("/").at(-1) ?? "";
    response.end(JSON.stringify({ metadata: {}, items: lists[kind] ?? [] }));
  });

/** A bucket that has the results of every backup, and of no backup anything else. */
function store(asked: string[]): Server {
  return createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    asked.push(path);
    if (path.endsWith("-results.gz")) response.end(gzipSync('{"errors":{},"warnings":{}}'));
    else response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
  });
}

async function gathered<T>(work: (gathering: Parameters<typeof gatherBackups>[0]) => Promise<T>) {
  const asked: string[] = [];
  const found = await listening(apiServer(), async (api) =>
    listening(store(asked), async (port) =>
      withCluster(api, async (cluster) => {
        const backups = { ...rules, store: { keysFile, url: `http://127.0.0.1:${port}` } };
        return work({ cluster, backups, requestMs: 5000, signal: AbortSignal.timeout(20_000) });
      }),
    ),
  );
  return { asked, found };
}

test("of the newest backup that ended, what it left is read, below the prefix of its place", async () => {
  const { asked, found } = await gathered(gatherBackups);
  expect([...found.files.keys()]).toEqual(["platform-12:02:10"]);
  expect(asked.toSorted()).toEqual(
    [
      "platform-12:02:10-results.gz",
      "platform-12:02:10-volumeinfo.json.gz",
      "platform-12:02:10.tar.gz",
      "velero-backup.json",
    ].map((file) => `/velero/here/backups/platform-12%3A02%3A10/${file.replaceAll(":", "%3A")}`),
  );
  const left = found.files.get("platform-12:02:10");
  expect(left?.results).toMatchObject({ ok: true, value: { state: "held", value: { errors: [], warnings: [] } } });
  expect(left?.archive).toMatchObject({ ok: true, value: { state: "missing" } });
  expect(found.firstDue.get("platform")).toMatchObject({ ok: true, value: "2026-11-22T11:02:00.000Z" });
  for (const reading of [found.schedules, found.backups, found.locations, found.claims, found.pods, found.addresses])
    expect(reading.ok).toBe(true);
});

test("of those that were due within the window, what each left is read", async () => {
  const { found } = await gathered(async (gathering) => gatherDueBackups(gathering, now));
  expect(found.ticks.get("platform")).toMatchObject({ ok: true, value: ["2026-11-22T12:02:00.000Z"] });
  expect([...found.files.keys()]).toEqual(["platform-12:02:10"]);
  const longer = await gathered(async (gathering) =>
    gatherDueBackups({ ...gathering, backups: { ...gathering.backups, rateWindowSeconds: 1800 } }, now),
  );
  expect([...longer.found.files.keys()]).toEqual(["platform-12:02:10", "platform-11:52:10", "platform-11:42:10"]);
});

test("without keys nothing of the bucket is known, and the rest is", async () => {
  const { asked, found } = await gathered(async (gathering) =>
    gatherBackups({ ...gathering, backups: { ...gathering.backups, store: { keysFile: join(folder, "none.json") } } }),
  );
  expect(asked).toEqual([]);
  expect(found.backups.ok).toBe(true);
  expect(found.files.get("platform-12:02:10")?.archive).toMatchObject({
    ok: false,
    why: expect.stringMatching(/none\.json/),
  });
});

test("without the list of places nobody is asked", async () => {
  const refusing = createServer((request, response) => {
    const kind = request.url?.split("?")[0]?.split("/").at(-1) ?? "";
    if (kind === "backupstoragelocations") response.writeHead(403).end();
    else response.end(JSON.stringify({ metadata: {}, items: lists[kind] ?? [] }));
  });
  const found = await listening(refusing, async (api) =>
    withCluster(api, async (cluster) =>
      gatherBackups({ cluster, backups: rules, requestMs: 5000, signal: AbortSignal.timeout(20_000) }),
    ),
  );
  expect(found.files.get("platform-12:02:10")?.archive).toMatchObject({ ok: false, why: expect.stringMatching(/403/) });
});
