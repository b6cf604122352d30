/** What came back of uploads, in the database and in the object store themselves, as the flow prober sees them with the application's credentials. */
import type { Profile } from "../../environments/profile.ts";
import { read, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import { readStations, type Stations } from "../flow-prober/stations.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { checksumOfRecord } from "./checksum.ts";
import type { FoundPart } from "./restore-run.ts";

/** An upload as it was accepted. `digest` is the SHA-256 of its object, in hexadecimal. */
export type Uploaded = { readonly id: string; readonly checksum: string; readonly digest: string };

const atOnce = 8;

/** Row and object of every upload of a tenant. What the prober could not be asked about is `unread`, one by one. */
export async function findAtStations(
  cluster: Cluster,
  profile: Pick<Profile, "health">,
  tenant: string,
  uploads: readonly Uploaded[],
): Promise<Reading<readonly FoundPart[]>> {
  const found = await fewAtATime(uploads, atOnce, async (upload): Promise<readonly FoundPart[]> => {
    const stations = await readStations(cluster, profile, { tenant, id: upload.id });
    if (stations.ok) return [rowOf(upload, stations.value), objectOf(upload, stations.value)];
    const unread = { id: upload.id, state: "unread", said: stations.why } as const;
    return [
      { ...unread, part: "row" },
      { ...unread, part: "object" },
    ];
  });
  return read(found.flat(), `flow prober of ${profile.health.prober.namespace}`, new Date());
}

function rowOf({ id, checksum }: Uploaded, { row }: Stations): FoundPart {
  const about = { id, part: "row" } as const;
  if (row === null) return { ...about, state: "missing", said: "it has no row in PostgreSQL" };
  const { kind, value, unit, measured_at: measuredAt, sha256 } = row;
  return checksumOfRecord({ id, kind, value, unit, measuredAt, sha256 }) === checksum
    ? { ...about, state: "intact", said: "" }
    : { ...about, state: "altered", said: "its row in PostgreSQL has another checksum" };
}

function objectOf({ id, digest }: Uploaded, { object }: Stations): FoundPart {
  const about = { id, part: "object" } as const;
  if (object === null) return { ...about, state: "missing", said: "it has no object in MinIO" };
  return object.sha256 === digest
    ? { ...about, state: "intact", said: "" }
    : { ...about, state: "altered", said: "its object in MinIO has another checksum" };
}
