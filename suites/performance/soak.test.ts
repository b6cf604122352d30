import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { UsageError } from "../../environments/settings.ts";
import { claimCluster } from "../../harness/soak/claim.ts";
import { findSoaks, recordFile } from "../../harness/soak/find.ts";
import { hoursOf } from "../../harness/soak/hours.ts";
import { createRecord, type SoakRecord } from "../../harness/soak/record.ts";
import { plan } from "../../harness/soak/soak-examples.ts";
import { onPlatform } from "../../test/soak/platform.ts";
import { minutesOfSoak, runSoak } from "./soak.ts";

const uid = "0c0ffee0-1111-2222-3333-444455556666";
const good = { uid, status: () => 200 };
let temporary = "";
let folder = "";

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "oke-proof-run-soak-"));
  folder = join(temporary, "soak");
});

const everyMs = 400;
/** So slow that a busy machine has made each look by the next. */
const slowMs = 1_000;
const quiet = { say: () => undefined, signal: new AbortController().signal };

function recorded(): SoakRecord {
  const [only] = findSoaks(folder, new Date());
  if (only?.record.ok !== true) throw new Error("there is no sound record");
  return only.record.value;
}

test("a soak looks at the platform each minute, leaves its record, and neither a claim nor a lease", async () => {
  const said: string[] = [];
  const left = await onPlatform(good, async ({ profile, leases }) => {
    const context = { ...quiet, say: (line: string) => said.push(line) };
    const soaked = await runSoak(profile, { minutes: 3, folder, everyMs: slowMs }, context);
    // Of its three minutes each has counted some thousand answers, none of them an error.
    expect(soaked).toMatchObject({
      ok: true,
      value: {
        ended: { how: "complete" },
        verdict: { outcome: "pass", because: expect.stringMatching(/^the 1 hours of the soak were/) },
      },
    });
    return leases.size;
  });
  expect(left).toBe(0);
  expect(readdirSync(folder)).toHaveLength(1);
  const record = recorded();
  expect(record.plan).toMatchObject({ clusterUid: uid, environment: "local", everyMs: slowMs });
  expect(record.looks.map(({ ingress: { state } }) => state)).toContain("answered");
  expect(record.looks.every(({ traffic }) => traffic.ok)).toBe(true);
  const [hour] = hoursOf(record, { from: new Date(record.plan.from), minutes: 3 });
  expect(hour).toMatchObject({ unanswered: [], failed: 0 });
  expect(hour?.answers).toBeGreaterThan(1000);
  expect(said[0]).toMatch(
    /^soak of 3 min on local begins: from .* UTC to .* UTC, at most 0 minutes without an answer; record: .*looks\.jsonl$/,
  );
  expect(said.at(-1)).toBe("soak of 3 min is over: 4 looks");
});

test("the first minute without an answer burns the budget of a short soak, and ends it with a fail", async () => {
  const soaked = await onPlatform({ uid, status: () => 503 }, async ({ profile }) =>
    runSoak(profile, { minutes: 50, folder, everyMs }, quiet),
  );
  const because = expect.stringMatching(/^1 of 50 minutes had no answer from outside, at most 0 .*status 503/);
  expect(soaked).toMatchObject({
    ok: true,
    value: { ended: { how: "stopped", because }, verdict: { outcome: "fail", because } },
  });
  expect(recorded().looks.at(-1)?.ingress.state).toBe("unanswered");
});

test("interrupted, the same command goes on in the same window, and another length is refused", async () => {
  const said: string[] = [];
  await onPlatform(good, async ({ profile }) => {
    const asked = { minutes: 8, folder, everyMs };
    const context = { ...quiet, say: (line: string) => said.push(line) };
    const first = await runSoak(profile, asked, { ...context, signal: AbortSignal.timeout(1_000) });
    expect(first).toMatchObject({
      ok: true,
      value: { ended: { how: "interrupted" }, verdict: { outcome: "unproven", evidence: [] } },
    });
    await expect(runSoak(profile, { ...asked, minutes: 9 }, quiet)).rejects.toThrow(/--soak 8m goes on with it/);
    expect(await runSoak(profile, asked, context)).toMatchObject({ ok: true, value: { ended: { how: "complete" } } });
  });
  expect(recorded()).toMatchObject({ sessions: 2, ended: { how: "complete" } });
  expect(said).toContainEqual(expect.stringMatching(/^soak of 8 min interrupted after \d min: /));
  expect(said).toContainEqual(expect.stringMatching(/^soak of 8 min on local goes on until .* UTC: \d min are over/));
});

test("a soak that was cut off and whose window is over is told of, and a new one begins", async () => {
  const cut = plan({ clusterUid: uid, from: "2026-11-20T10:00:00.000Z", until: "2026-11-20T12:00:00.000Z" });
  createRecord(recordFile(folder, cut.id), cut).close();
  const said: string[] = [];
  await onPlatform(good, async ({ profile }) => {
    await runSoak(profile, { minutes: 1, folder, everyMs }, { ...quiet, say: (line) => said.push(line) });
  });
  expect(said[0]).toMatch(/^soak-1 of this cluster was cut off after 0 of 120 minutes, .*; a new soak begins$/);
  expect(said[1]).toMatch(/^soak of 1 min on local begins/);
});

test("a second soak of the same cluster is refused, on this machine and on another", async () => {
  await onPlatform(good, async ({ profile, leases }) => {
    const claim = claimCluster(folder, uid);
    await expect(runSoak(profile, { minutes: 4, folder, everyMs }, quiet)).rejects.toThrow(UsageError);
    if (claim.ok) claim.release();
    leases.set("oke-proof-run-other", {
      metadata: {
        name: "oke-proof-run-other",
        uid: "v",
        resourceVersion: "1",
        annotations: { "oke-proof/run": "soak-other" },
      },
      spec: { holderIdentity: "elsewhere/boot 7", renewTime: "2026-11-22T10:00:00.000000Z" },
    });
    await expect(runSoak(profile, { minutes: 4, folder, everyMs }, quiet)).rejects.toThrow(
      "--soak: soak-other watches this cluster from elsewhere/boot 7: wait for its end, or end it",
    );
    // Its own lease and claim are gone, and it has begun no record.
    expect([...leases.keys()]).toEqual(["oke-proof-run-other"]);
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("the wrong cluster, and one that does not say who it is, are not watched", async () => {
  await onPlatform(good, async ({ profile }) => {
    const other = { ...profile, cluster: { ...profile.cluster, expectedUid: "another" } };
    await expect(runSoak(other, { minutes: 4, folder }, quiet)).rejects.toThrow(/wrong cluster: .* expects another/);
    const nowhere = { ...profile, cluster: { kubeconfig: join(temporary, "none") } };
    expect(await runSoak(nowhere, { minutes: 4, folder }, quiet)).toMatchObject({
      ok: false,
      why: expect.stringMatching(/kubeconfig/),
    });
  });
});

test("a length is minutes, or one line", () => {
  expect(minutesOfSoak("48h")).toBe(2880);
  expect(() => minutesOfSoak("two days")).toThrow(UsageError);
});
