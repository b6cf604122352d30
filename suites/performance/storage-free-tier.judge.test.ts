import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { NodeInstance } from "../../probes/kubernetes/node-instances.ts";
import type { StoredObjects } from "../../probes/oci/objects.ts";
import type { StoredVolume } from "../../probes/oci/volumes.ts";
import { judgeStorage, type StorageReadings } from "./storage-free-tier.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const limits = { usedPercentBelow: 80, volumesGb: 200, objectsGb: 20, objectsGbOfTier: 10 };
const refused = unread<never>("ListVolumes: 404, the harness has no right to read this", "Oracle", now);

const volume = (changes: Partial<StoredVolume> = {}): StoredVolume => ({
  id: "boot-1",
  name: "node-1",
  kind: "boot",
  state: "AVAILABLE",
  sizeGb: 50,
  attachedTo: "instance-1",
  ...changes,
});
const { attachedTo: _, ...orphan } = volume({ id: "block-9", name: "pvc-9", kind: "block" });
const objects = (changes: Partial<StoredObjects> = {}): StoredObjects => ({
  bucket: "backups",
  tier: "Standard",
  bytes: 5e9,
  ...changes,
});
const readings = (
  volumes: readonly StoredVolume[],
  stored: readonly StoredObjects[] = [objects()],
  tenancy: "free" | "paying" = "paying",
  nodes: readonly NodeInstance[] = [{ name: "10.0.10.2", instance: "instance-1" }],
): StorageReadings => ({
  volumes: read(volumes, "Oracle", now),
  objects: read(stored, "Oracle", now),
  tenancy: read(tenancy, "Oracle", now),
  nodes: read(nodes, "the cluster", now),
});
const one = [volume()];
const node = { name: "10.0.10.2", instance: "instance-1" };
const other = { name: "10.0.10.3", instance: "instance-2" };
const full = [volume(), volume({ id: "b", kind: "block", name: "pvc", sizeGb: 150 })];
const sized = (sizeGb: number): StoredVolume[] => [volume(), volume({ id: "b", kind: "block", name: "pvc", sizeGb })];

test.each<readonly [string, StorageReadings, Outcome, RegExp]>([
  [
    "little",
    readings(one),
    "pass",
    /^block and boot volumes take 25 % of the free 200 GB, Standard objects take 50 % of the free 10 GB, InfrequentAccess objects take 0 %/,
  ],
  ["volumes just below", readings(sized(109.9)), "pass", /volumes take 79\.9 %/],
  [
    "volumes at the limit",
    readings(sized(110)),
    "fail",
    /^block and boot volumes take 80 % of the free 200 GB \(160 GB; below 80 %\)$/,
  ],
  [
    "volumes at the limit, with a node that is told elsewhere",
    readings(full, [objects()], "paying", [node, other]),
    "fail",
    /^block and boot volumes take 100 %/,
  ],
  [
    "volumes at the limit by an orphan",
    readings([...sized(60), orphan]),
    "fail",
    /80 %\), of them attached to nothing: block volume pvc-9 \(50 GB\)$/,
  ],
  ["a volume twice in the list", readings([...sized(60), ...sized(60)]), "pass", /volumes take 55 %/],
  [
    "a volume that is gone",
    readings([...sized(100), volume({ id: "c", state: "TERMINATED" })]),
    "pass",
    /volumes take 75 %/,
  ],
  [
    "a volume that is going",
    readings([...sized(100), volume({ id: "c", state: "TERMINATING" })]),
    "pass",
    /volumes take 75 %/,
  ],
  ["a faulty volume", readings([...sized(100), volume({ id: "c", state: "FAULTY" })]), "fail", /volumes take 100 %/],
  [
    "objects of a paying tenancy just below",
    readings(one, [objects({ bytes: 7.999e9 })]),
    "pass",
    /Standard objects take 79\.9 %/,
  ],
  [
    "objects of a paying tenancy at the limit",
    readings(one, [objects({ bytes: 8e9 })]),
    "fail",
    /^Standard objects take 80 % of the free 10 GB \(8 GB; below 80 %\)$/,
  ],
  [
    "archives of a paying tenancy at the limit",
    readings(one, [objects(), objects({ tier: "Archive", bytes: 8e9 })]),
    "fail",
    /^Archive objects take 80 %/,
  ],
  [
    "objects of a free tenancy just below",
    readings(one, [objects({ bytes: 7.9e9 }), objects({ tier: "Archive", bytes: 8e9 })], "free"),
    "pass",
    /objects take 79\.5 % of the free 20 GB$/,
  ],
  [
    "objects of a free tenancy at the limit",
    readings(one, [objects({ bytes: 8e9 }), objects({ bucket: "b", bytes: 8e9 })], "free"),
    "fail",
    /^objects take 80 % of the free 20 GB \(16 GB/,
  ],
])("storage with %s", (_name, found, outcome, because) => {
  expect(judgeStorage(found, limits)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test.each<readonly [string, StorageReadings, RegExp]>([
  ["no right to volumes", { ...readings(one), volumes: refused }, /no right/],
  ["no right to buckets", { ...readings(one), objects: refused }, /no right/],
  ["a tenancy of no known kind", { ...readings(one), tenancy: refused }, /no right/],
  ["no right to nodes", { ...readings(one), nodes: refused }, /no right/],
  [
    "no volume",
    readings([]),
    /^node 10\.0\.10\.2 \(instance-1\) has no boot volume among those .*: the cluster does not stand in the tenancy/,
  ],
  ["volumes that are all gone", readings([volume({ state: "TERMINATED" })]), /\(instance-1\) has no boot volume/],
  [
    "nodes of another tenancy, however full this one is",
    readings(full, [objects()], "paying", [other]),
    /not stand in/,
  ],
  [
    "a node that has only a block volume",
    readings([volume({ kind: "block" })]),
    /\(instance-1\) has no boot volume among those/,
  ],
  [
    "one of two nodes elsewhere",
    readings(one, [objects()], "paying", [node, other]),
    /^node 10\.0\.10\.3 \(instance-2\) has no boot volume among those that were listed$/,
  ],
  [
    "a node that is no instance beside one that is",
    readings(one, [objects()], "paying", [node, { name: "here" }]),
    /^node here is no instance of Oracle's by its spec\.providerID$/,
  ],
  ["no node", readings(one, [objects()], "paying", []), /^the cluster has no node: .* is not known$/],
  ["no bucket", readings(one, []), /^no bucket was found/],
  [
    "a state that nobody knows",
    readings([...one, volume({ id: "c", name: "odd", state: "LOST" })]),
    /^boot volume odd is LOST: whether it takes space is not known$/,
  ],
  ["a volume of no size", readings([volume({ sizeGb: Number.NaN })]), /^boot volume node-1 says no size$/],
  [
    "objects of no size",
    readings(one, [objects({ bytes: Number.NaN })]),
    /^bucket backups says no size of its Standard objects$/,
  ],
])("storage with %s is unproven", (_name, found, because) => {
  expect(judgeStorage(found, limits)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(because) });
});

test("shares, orphans and the kind of tenancy are told", () => {
  expect(judgeStorage(readings([volume(), orphan], [objects()], "free"), limits).evidence).toEqual([
    expect.objectContaining({
      what: "block and boot volumes, of the free 200 GB",
      value: 50,
      unit: "%",
      limit: "below 80 %",
    }),
    expect.objectContaining({ what: "objects, of the free 20 GB", value: 25 }),
    expect.objectContaining({ what: "volumes that are attached to nothing", value: 1 }),
    expect.objectContaining({ what: "nodes whose boot volume was found", value: 1, limit: "exactly 1" }),
    expect.objectContaining({ what: "kind of tenancy", value: "free" }),
  ]);
});
