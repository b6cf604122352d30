import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { BackupStore } from "../backup-store/store.ts";
import { tarFileNames } from "./archive.ts";
import { readBackupFiles, type BackupFiles } from "./backup-files.ts";

const long = `resources/persistentvolumeclaims/namespaces/health-platform/${"a".repeat(120)}.json`;
const names = ["metadata/version", "resources/pods/namespaces/health-platform/pg-0.json", long];

/** An archive as the system's own tar writes it. */
function archiveOf(format: "gnu" | "pax" | "ustar", files: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-tar-"));
  try {
    for (const name of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), `{"of":"${name.slice(0, 20)}"}`);
    }
    return execFileSync("tar", [
      "-C",
      folder,
      `--format=${format}`,
      "-cf",
      "-",
      ...files.map((name) => name.split("/")[0] ?? "").filter((top, index, all) => all.indexOf(top) === index),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(["gnu", "pax", "ustar"] as const)("the files of an archive in the format %s are named", (format) => {
  const wanted = format === "ustar" ? names.slice(0, 2) : names;
  expect(tarFileNames(archiveOf(format, wanted)).toSorted()).toEqual(wanted.toSorted());
});

const good = archiveOf("pax", names);

test.each<readonly [string, Buffer, RegExp]>([
  ["nothing", Buffer.alloc(0), /has no end/],
  ["text", Buffer.from("no archive ".repeat(100)), /no tar header at byte 0/],
  ["an archive that breaks off in a file", good.subarray(0, 512 + 10), /breaks off/],
  ["an archive without its end", good.subarray(0, 1024), /has no end/],
  [
    "an archive with a flipped bit",
    Buffer.concat([Buffer.from([good[0] === 1 ? 2 : 1]), good.subarray(1)]),
    /no tar header at byte 0/,
  ],
])("%s is no archive", (_, bytes, why) => {
  expect(() => tarFileNames(bytes)).toThrow(why);
});

test("whatever bytes come, the archive is read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      let got: unknown;
      try {
        got = tarFileNames(Buffer.from(bytes));
      } catch (error) {
        got = error instanceof Error ? [] : error;
      }
      expect(got).toEqual([]);
    }),
  );
});

const results = {
  errors: {},
  warnings: { velero: ["w1"], namespaces: { "health-platform": ["Volume data in pod pg-0 is a hostPath volume"] } },
};
const volumes = [
  {
    pvcName: "data-pg-0",
    pvcNamespace: "health-platform",
    pvName: "pvc-1",
    backupMethod: "PodVolumeBackup",
    snapshotDataMoved: false,
    skipped: false,
    result: "succeeded",
    pvbInfo: { snapshotHandle: "k1", size: 61_177_035, uploaderType: "kopia", Phase: "Completed" },
  },
  {
    pvcName: "x",
    pvcNamespace: "health-platform",
    skipped: true,
    skippedReason: "podvolume: opted out due to annotation in pod pg-0;",
  },
];
const described = { metadata: { name: "a" }, status: { phase: "Completed", startTimestamp: "2026-11-22T00:04:40Z" } };
const packed = (value: unknown): Buffer => gzipSync(JSON.stringify(value));
const whole: Readonly<Record<string, Buffer>> = {
  "backups/a/a.tar.gz": gzipSync(good),
  "backups/a/a-volumeinfo.json.gz": packed(volumes),
  "backups/a/a-results.gz": packed(results),
  "backups/a/velero-backup.json": Buffer.from(JSON.stringify(described)),
};

function bucket(objects: Readonly<Record<string, Buffer>>): BackupStore {
  return {
    get: async (key) => {
      const content = objects[key];
      return read(content === undefined ? { state: "missing" } : { state: "held", content }, key, new Date());
    },
  };
}

test("what a backup left is read", async () => {
  const files = await readBackupFiles(bucket(whole), "", "a");
  expect(files.archive).toMatchObject({ ok: true, value: { state: "held", value: expect.arrayContaining([long]) } });
  expect(files.volumes).toMatchObject({
    value: {
      value: [
        {
          claim: "data-pg-0",
          method: "PodVolumeBackup",
          skipped: false,
          result: "succeeded",
          snapshotId: "k1",
          bytes: 61_177_035,
        },
        { claim: "x", skipped: true, result: "", skippedReason: expect.stringMatching(/opted out/) },
      ],
    },
  });
  expect(files.results).toMatchObject({
    value: {
      value: {
        errors: [],
        warnings: [
          { about: "velero", text: "w1" },
          { about: "health-platform", text: expect.stringMatching(/hostPath/) },
        ],
      },
    },
  });
  expect(files.description).toMatchObject({ value: { value: { name: "a", startedAt: "2026-11-22T00:04:40Z" } } });
});

test("a prefix of the location stands before every key", async () => {
  const under = Object.fromEntries(Object.entries(whole).map(([key, content]) => [`cluster-1/${key}`, content]));
  for (const prefix of ["cluster-1", "cluster-1/"]) {
    expect((await readBackupFiles(bucket(under), prefix, "a")).archive).toMatchObject({ value: { state: "held" } });
  }
});

const keyOf = {
  archive: "backups/a/a.tar.gz",
  volumes: "backups/a/a-volumeinfo.json.gz",
  results: "backups/a/a-results.gz",
  description: "backups/a/velero-backup.json",
} as const satisfies Record<keyof BackupFiles, string>;
const parts = ["archive", "volumes", "results", "description"] as const;

test.each(parts)("%s that is missing, empty or broken is told from one that could not be got", async (part) => {
  const key = keyOf[part];
  const { [key]: _gone, ...without } = whole;
  expect((await readBackupFiles(bucket(without), "", "a"))[part]).toMatchObject({
    ok: true,
    value: { state: "missing", key },
  });
  const bent = [
    [Buffer.alloc(0), /it is empty/],
    [whole[key]?.subarray(0, 20) ?? Buffer.alloc(0), /unexpected end of file|JSON|Unterminated/],
    [Buffer.from("<html>"), /incorrect header check|JSON/],
    [packed({ of: "another shape" }), /another shape|tar header|JSON|has no end/],
  ] as const;
  for (const [content, why] of bent) {
    const files = await readBackupFiles(bucket({ ...whole, [key]: content }), "", "a");
    expect(files[part]).toMatchObject({ ok: true, value: { state: "damaged", key, why: expect.stringMatching(why) } });
  }
  const silent: BackupStore = { get: async (asked) => unread("no answer within 5 s", asked, new Date()) };
  expect((await readBackupFiles(silent, "", "a"))[part]).toMatchObject({ ok: false, why: "no answer within 5 s" });
});

test.each<readonly [string, unknown]>([
  ["without its errors", { warnings: {} }],
  ["without its warnings", { errors: {} }],
  ["with errors that are no list", { errors: { velero: "all is well" }, warnings: {} }],
])("results %s are damaged: they say nothing of what is not there", async (_, bent) => {
  const files = await readBackupFiles(bucket({ ...whole, [keyOf.results]: packed(bent) }), "", "a");
  expect(files.results).toMatchObject({ value: { state: "damaged" } });
});
