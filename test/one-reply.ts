/** An API server that gives one reply to everything, for tests of what a probe makes of it. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Reading } from "../harness/verdict.ts";
import type { Cluster } from "../probes/kubernetes/cluster.ts";
import { withCluster } from "./api-server.ts";
import { listening } from "./loopback.ts";

export type Reader = (cluster: Cluster) => Promise<Reading<unknown>>;

/** A reply of test/recorded/observability. @param name without `.json` */
export function recordedReply(name: string): string {
  return readFileSync(join(import.meta.dirname, "recorded", "observability", `${name}.json`), "utf8");
}

/** What a reader makes of a reply, and the path and query that it asked for. */
export async function readFrom(
  reader: Reader,
  body: string,
  status = 200,
): Promise<{ readonly asked: string; readonly found: Reading<unknown> }> {
  let asked = "";
  const server = createServer((request, response) => {
    asked = request.url ?? "";
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  const found = await listening(server, async (port) => withCluster(port, reader));
  return { asked, found };
}
