import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeSuccessor } from "../harness/successor.ts";
import { withObjectApi } from "../test/object-api.ts";
import { readMadeAnew } from "./made-anew.ts";

/** What is read where cluster `uid` answers, and the drill has written down (or not) that it took uid-1's place. */
async function read({ uid, to, replacesCluster }: { uid: string; to?: string; replacesCluster?: boolean }) {
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-made-anew-"));
  try {
    if (to !== undefined) writeSuccessor(directory, { from: "uid-1", to });
    const objects = { "/api/v1/namespaces/kube-system": { metadata: { name: "kube-system", uid } } };
    return await withObjectApi(
      { objects, answer: ({ path }) => (path === "/version" ? [200, { gitVersion: "v1.34.4" }] : undefined) },
      async ({ context: { profile } }) =>
        readMadeAnew({ profile, directory, drill: replacesCluster === undefined ? {} : { replacesCluster } }, "uid-1"),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("a drill that may replace its cluster, has said by which, and that one answers: both are told", async () => {
  expect(await read({ uid: "uid-2", to: "uid-2", replacesCluster: true })).toMatchObject({
    identity: { ok: true, value: { uid: "uid-2" } },
    told: "cluster uid-1 was deleted, and cluster uid-2 was made anew in its place",
  });
});

test.each([
  ["a drill that may not", { uid: "uid-2", to: "uid-2" }],
  ["nothing written down", { uid: "uid-2", replacesCluster: true }],
  ["another cluster that answers", { uid: "uid-3", to: "uid-2", replacesCluster: true }],
  ["the old cluster that answers yet", { uid: "uid-1", to: "uid-2", replacesCluster: true }],
])("with %s the run stays about the old cluster", async (_, seen) => {
  expect(await read(seen)).toBeUndefined();
});
