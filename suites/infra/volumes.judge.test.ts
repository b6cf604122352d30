import fc from "fast-check";
import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { Volume, VolumeClaim } from "../../probes/kubernetes/volumes.ts";
import type { NodeVolumes } from "../../probes/prober/volumes.ts";
import { judgeClaimsBound, judgeVolumesBelowLimit } from "./volumes.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const secondsAgo = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const namespaces = ["health-platform"];
const limits = { namespaces, usedPercentMax: 80 };

function claim(changes: Partial<VolumeClaim> = {}): VolumeClaim {
  return {
    namespace: "health-platform",
    name: "data",
    uid: "claim-1",
    createdAt: secondsAgo(3600),
    phase: "Bound",
    volume: "pv-1",
    storageClass: "standard",
    requestedBytes: 1000,
    ...changes,
  };
}

function volume(changes: Partial<Volume> = {}): Volume {
  return { name: "pv-1", phase: "Bound", capacityBytes: 1000, claimUid: "claim-1", ...changes };
}

type Measured = NodeVolumes["volumes"][number];

function measured(changes: Partial<Measured> = {}): Measured {
  return {
    namespace: "health-platform",
    pod: "postgres-0",
    claim: "data",
    capacityBytes: 1000,
    usedBytes: 100,
    availableBytes: 900,
    inodes: 1000,
    inodesUsed: 10,
    measuredAt: now.toISOString(),
    ...changes,
  };
}

const onNode = (volumes: readonly Measured[], at = now.toISOString()): Reading<NodeVolumes> =>
  read({ node: "worker", at, volumes: [...volumes] }, "prober on worker", now);
const claims = read([claim()], "claims", now);
const volumes = read([volume()], "volumes", now);

test.each<readonly [string, Partial<VolumeClaim>, Partial<Volume>, Outcome, RegExp]>([
  ["bound", {}, {}, "pass", /all 1 claims are bound/],
  [
    "pending",
    { phase: "Pending", volume: "" },
    {},
    "fail",
    /^claim health-platform\/data is Pending \(class standard\)$/,
  ],
  ["pending without a class", { phase: "Pending", storageClass: "" }, {}, "fail", /is Pending$/],
  ["lost", { phase: "Lost" }, {}, "fail", /is Lost/],
  ["bound to nothing", { volume: "pv-2" }, {}, "fail", /volume 'pv-2', which does not exist/],
  ["bound to a released volume", {}, { phase: "Released" }, "fail", /pv-1, which is Released/],
  ["bound to another's volume", {}, { claimUid: "claim-2" }, "fail", /bound elsewhere/],
  ["bound to nobody's volume", {}, { claimUid: "" }, "fail", /bound elsewhere/],
  ["just large enough", { requestedBytes: 1000 }, {}, "pass", /all 1/],
  ["one byte too small", { requestedBytes: 1001 }, {}, "fail", /has 1000 bytes of the 1001/],
])("a claim that is %s", (_, ofClaim, ofVolume, outcome, because) => {
  const readings = { claims: read([claim(ofClaim)], "claims", now), volumes: read([volume(ofVolume)], "volumes", now) };
  expect(judgeClaimsBound(readings, namespaces)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("claims: what cannot be read, and a namespace without any, is unproven; other namespaces do not count", () => {
  expect(judgeClaimsBound({ claims: refused, volumes }, namespaces).outcome).toBe("unproven");
  expect(judgeClaimsBound({ claims, volumes: refused }, namespaces).outcome).toBe("unproven");
  expect(judgeClaimsBound({ claims: read([], "claims", now), volumes }, namespaces).outcome).toBe("unproven");
  expect(judgeClaimsBound({ claims, volumes }, ["health-platform", "empty"]).because).toMatch(
    /namespace empty holds no claim/,
  );
  const elsewhere = read([claim(), claim({ namespace: "elsewhere", phase: "Pending" })], "claims", now);
  expect(judgeClaimsBound({ claims: elsewhere, volumes }, namespaces).outcome).toBe("pass");
  const pending = read([claim({ phase: "Pending" })], "claims", now);
  expect(judgeClaimsBound({ claims: pending, volumes: refused }, namespaces).outcome).toBe("fail");
});

test.each<readonly [string, Partial<Measured>, Outcome, RegExp]>([
  ["nearly empty", {}, "pass", /the fullest of 1 volumes is 10 % full/],
  ["just below the limit", { usedBytes: 799, availableBytes: 201 }, "pass", /79.9 %/],
  [
    "at the limit",
    { usedBytes: 800, availableBytes: 200 },
    "fail",
    /^claim health-platform\/data is 80 % full of bytes \(below 80 %\)$/,
  ],
  ["full but for what the file system keeps", { usedBytes: 720, availableBytes: 180 }, "fail", /80 % full of bytes/],
  ["just below the limit of inodes", { inodesUsed: 799 }, "pass", /79.9 %/],
  ["at the limit of inodes", { inodesUsed: 800 }, "fail", /80 % full of inodes/],
  ["without inodes of its own", { inodes: 0, inodesUsed: 0 }, "pass", /10 %/],
  ["of twice its volume's size", { capacityBytes: 2000 }, "pass", /10 %/],
  [
    "of the node's disk",
    { capacityBytes: 2001, usedBytes: 1900, availableBytes: 101 },
    "unproven",
    /the node's disk, not the volume/,
  ],
  ["of half its volume's size", { capacityBytes: 500 }, "pass", /10 %/],
  ["of something smaller", { capacityBytes: 499 }, "unproven", /not the volume/],
  ["of no size", { capacityBytes: 0, usedBytes: 0, availableBytes: 0 }, "unproven", /not the volume/],
  ["of nothing used and nothing free", { usedBytes: 0, availableBytes: 0 }, "unproven", /without its bytes/],
  ["of NaN", { usedBytes: Number.NaN }, "unproven", /without its bytes/],
  ["full, without inodes", { usedBytes: 900, availableBytes: 100, inodes: undefined }, "fail", /90 % full of bytes/],
  ["without its capacity", { capacityBytes: undefined }, "unproven", /without its bytes/],
  ["without its use", { usedBytes: undefined }, "unproven", /without its bytes/],
  ["without what is free", { availableBytes: undefined }, "unproven", /without its bytes/],
  ["without inodes", { inodes: undefined }, "unproven", /without its inodes/],
  ["without used inodes", { inodesUsed: undefined }, "unproven", /without its inodes/],
  ["measured 300 s ago", { measuredAt: secondsAgo(300) }, "pass", /10 %/],
  ["measured 301 s ago", { measuredAt: secondsAgo(301) }, "unproven", /its kubelet has stopped looking/],
  ["measured in the future", { measuredAt: secondsAgo(-301) }, "unproven", /its kubelet has stopped looking/],
  ["measured at no known time", { measuredAt: undefined }, "unproven", /a time that its kubelet does not tell/],
  ["measured at no time", { measuredAt: "?" }, "unproven", /its kubelet has stopped looking/],
  ["of another claim", { claim: "other" }, "unproven", /data was measured by no kubelet/],
  ["of another namespace", { namespace: "other" }, "unproven", /measured by no kubelet/],
])("a file system %s", (_, changes, outcome, because) => {
  const readings = { claims, volumes, measured: read([onNode([measured(changes)])], "probers", now) };
  const verdict = judgeVolumesBelowLimit(readings, limits, now);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<readonly [string, readonly Reading<NodeVolumes>[], Outcome, RegExp]>([
  ["no prober", [], "unproven", /measured by no kubelet$/],
  ["a prober that does not answer", [refused], "unproven", /by no kubelet: GET \/x: 403/],
  ["one of two that does not answer", [refused, onNode([measured()])], "pass", /10 %/],
  ["numbers of just now", [onNode([measured({ measuredAt: secondsAgo(300) })], secondsAgo(300))], "pass", /10 %/],
  ["old numbers", [onNode([measured()], secondsAgo(301))], "unproven", /set the clocks/],
  ["numbers of the future", [onNode([measured()], secondsAgo(-301))], "unproven", /set the clocks/],
  ["numbers of no time", [onNode([measured()], "?")], "unproven", /set the clocks/],
  [
    "two nodes, one of them full",
    [onNode([measured()]), onNode([measured({ inodesUsed: 900 })])],
    "fail",
    /90 % full of inodes/,
  ],
])("%s", (_, nodes, outcome, because) => {
  const readings = { claims, volumes, measured: read(nodes, "probers", now) };
  expect(judgeVolumesBelowLimit(readings, limits, now)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("volumes: what cannot be read is unproven; a claim that is not bound yet has no volume to fill", () => {
  const good = { claims, volumes, measured: read([onNode([measured()])], "probers", now) };
  for (const what of ["claims", "volumes", "measured"]) {
    expect(judgeVolumesBelowLimit({ ...good, [what]: refused }, limits, now).outcome).toBe("unproven");
  }
  const pending = claim({ name: "new", phase: "Pending", volume: "" });
  const both = { ...good, claims: read([claim(), pending], "claims", now) };
  expect(judgeVolumesBelowLimit(both, limits, now).outcome).toBe("pass");
  expect(judgeVolumesBelowLimit({ ...good, claims: read([pending], "claims", now) }, limits, now).outcome).toBe(
    "unproven",
  );
  expect(judgeVolumesBelowLimit({ ...good, volumes: read([], "v", now) }, limits, now).because).toMatch(
    /has lost its volume/,
  );
});

test("a full volume fails though another was not measured", () => {
  const second = claim({ name: "second", uid: "claim-2" });
  const full = read([onNode([measured({ usedBytes: 990, availableBytes: 10 })])], "probers", now);
  const verdict = judgeVolumesBelowLimit(
    { claims: read([claim(), second], "c", now), volumes, measured: full },
    limits,
    now,
  );
  expect(verdict).toMatchObject({ outcome: "fail", because: expect.stringMatching(/data is 99 % full of bytes/) });
  expect(verdict.evidence[0]).toMatchObject({ what: "bytes used of claim health-platform/data", value: 99, unit: "%" });
});

test("no numbers whatever pass at or over the limit", () => {
  const amount = fc.option(fc.oneof(fc.nat(3000), fc.constant(Number.NaN), fc.constant(Infinity)), { nil: undefined });
  const numbers = fc.record({
    capacityBytes: amount,
    usedBytes: amount,
    availableBytes: amount,
    inodes: amount,
    inodesUsed: amount,
  });
  fc.assert(
    fc.property(numbers, (found) => {
      const readings = { claims, volumes, measured: read([onNode([measured(found)])], "probers", now) };
      const { outcome } = judgeVolumesBelowLimit(readings, limits, now);
      const {
        usedBytes = Number.NaN,
        availableBytes = Number.NaN,
        inodes = Number.NaN,
        inodesUsed = Number.NaN,
      } = found;
      const below = usedBytes / (usedBytes + availableBytes) < 0.8 && (inodes === 0 || inodesUsed / inodes < 0.8);
      expect(outcome === "pass" && !below).toBe(false);
    }),
  );
});
