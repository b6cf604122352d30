import { expect, test } from "vitest";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { ClusterAddress } from "../../probes/kubernetes/addresses.ts";
import type { StorageLocation } from "../../probes/velero/storage.ts";
import { location, now, secondsAgo } from "./backup-examples.ts";
import { findingsOfLocations } from "./storage-location.judge.ts";

const addresses = read<readonly ClusterAddress[]>(
  [
    { address: "10.89.0.2", of: "node oke-proof-worker" },
    { address: "10.244.1.7", of: "pod health-platform/minio-0" },
    { address: "10.96.0.40", of: "Service health-platform/minio" },
    { address: "minio.health-platform", of: "Service health-platform/minio" },
    { address: "fd00::7", of: "pod health-platform/minio-0" },
  ],
  "the API server",
  now,
);

function found(changes: Partial<StorageLocation>, known: Reading<readonly ClusterAddress[]> = addresses) {
  return findingsOfLocations([location(changes)], known, { validatedSecondsMax: 60 }, now);
}

test.each<readonly [string, Partial<StorageLocation>, "well" | "fault" | "gap", RegExp]>([
  ["good", {}, "well", /./],
  ["looked at as long ago as it may be", { validatedAt: secondsAgo(60) }, "well", /./],
  [
    "looked at a second too long ago",
    { validatedAt: secondsAgo(61) },
    "gap",
    /^storage location default is Available by a look that is 61 s old/,
  ],
  ["looked at a little ahead of our clock", { validatedAt: secondsAgo(-60) }, "well", /./],
  ["looked at in the future", { validatedAt: secondsAgo(-61) }, "gap", /still to come$/],
  ["Available since nobody knows when", { validatedAt: undefined }, "gap", /nothing says since when$/],
  [
    "down",
    { phase: "Unavailable", message: "dial tcp 10.89.0.50:9000: connect: no route to host" },
    "fault",
    /^storage location default is Unavailable: dial tcp .*no route to host$/,
  ],
  ["new", { phase: "", createdAt: secondsAgo(60) }, "gap", /has not been looked at by Velero yet$/],
  ["new for a second too long", { phase: "", createdAt: secondsAgo(61) }, "fault", /is not looked at by Velero$/],
  ["read-only", { readOnly: true }, "fault", /is read-only/],
  [
    "a Service",
    { url: "http://minio.health-platform.svc.cluster.local:9000" },
    "fault",
    /is inside the cluster \(minio\.health-platform\.svc/,
  ],
  ["a Service by its short name", { url: "http://minio.health-platform.svc:9000" }, "fault", /is inside the cluster/],
  [
    "a Service by a shorter name",
    { url: "http://minio.health-platform:9000" },
    "fault",
    /is Service health-platform\/minio\)/,
  ],
  ["a name without a domain", { url: "http://minio:9000" }, "fault", /is inside the cluster \(minio\)/],
  ["a Service's address", { url: "http://10.96.0.40:9000" }, "fault", /is Service health-platform\/minio\)/],
  ["a pod's address", { url: "http://10.244.1.7:9000" }, "fault", /is pod health-platform\/minio-0\)/],
  ["a pod's address of IPv6", { url: "http://[fd00::7]:9000" }, "fault", /is pod health-platform\/minio-0\)/],
  ["a node's address", { url: "http://10.89.0.2:30900" }, "fault", /is node oke-proof-worker\)/],
  ["beside the nodes", { url: "http://10.89.0.3:9000" }, "well", /./],
  ["Oracle's", { url: "https://namespace.compat.objectstorage.eu-frankfurt-1.oraclecloud.com" }, "well", /./],
  ["Amazon's own", { url: "" }, "well", /./],
  [
    "of another provider, and nobody says where",
    { url: "", provider: "azure" },
    "gap",
    /does not say where it is \(azure\)$/,
  ],
  ["at an address that is none", { url: "10.89.0.50" }, "fault", /an address that is none: 10\.89\.0\.50$/],
])("a storage location that is %s", (_, changes, kind, why) => {
  const said = [expect.stringMatching(why)];
  expect(found(changes)).toEqual({ faults: kind === "fault" ? said : [], gaps: kind === "gap" ? said : [] });
});

test("where the cluster's addresses are not known, a name inside it is told all the same", () => {
  const unknown = unread<never>("GET /api/v1/pods: 403", "the API server", now);
  expect(found({}, unknown).gaps).toEqual([expect.stringMatching(/cannot be told: GET \/api\/v1\/pods: 403$/)]);
  expect(found({ url: "http://minio.x.svc:9000" }, unknown).faults).toHaveLength(1);
});

test("none at all is a fault, and one bad one of two is enough", () => {
  const rules = { validatedSecondsMax: 60 };
  expect(findingsOfLocations([], addresses, rules, now).faults).toEqual(["Velero has no storage location"]);
  const two = [location(), location({ name: "second", phase: "Unavailable" })];
  expect(findingsOfLocations(two, addresses, rules, now).faults).toEqual(["storage location second is Unavailable"]);
});
