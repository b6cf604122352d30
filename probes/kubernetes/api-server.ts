/** What the API server says of itself: the parts of its readiness, and the services that answer for parts of its API. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { oneLine } from "../why.ts";
import type { Cluster } from "./cluster.ts";
import { clusterMetadata, condition } from "./shapes.ts";

/** A part of the API server, as `/readyz?verbose` lists it ("etcd", "poststarthook/rbac/bootstrap-roles"). */
export type ReadyPart = { readonly name: string; readonly ready: boolean; readonly said: string };

/** All parts. A text that is no such list, or a list whose end is missing, is no reading: half of it may hide the part that is not ready. */
export async function readReadyParts(cluster: Cluster): Promise<Reading<readonly ReadyPart[]>> {
  const answer = await cluster.getText("/readyz?verbose");
  if (!answer.ok) return answer;
  const { source, at, value } = answer;
  const lines = value.text.split("\n").filter((line) => line.trim() !== "");
  const parts = lines.flatMap((line): ReadyPart[] => {
    const [, sign, name = "", said = ""] = /^\[([+-])\](\S+)\s*(.*)$/.exec(line) ?? [];
    return sign === undefined ? [] : [{ name, ready: sign === "+", said: said.trim() }];
  });
  const ending = lines.at(-1) ?? "";
  if (parts.length > 0 && lines.length === parts.length + 1 && /^readyz check (passed|failed)$/.test(ending)) {
    return read(parts, source, new Date(at));
  }
  return unread(
    `GET /readyz: the answer is no list of parts (it starts with '${oneLine(value.text.slice(0, 40))}')`,
    source,
    new Date(at),
  );
}

const apiService = z
  .object({
    metadata: clusterMetadata,
    status: z.object({ conditions: z.array(condition).optional() }).optional(),
  })
  .transform(({ metadata, status }) => {
    const available = status?.conditions?.find(({ type }) => type === "Available");
    return {
      name: metadata.name,
      available: available?.status === "True",
      why: available === undefined ? "it does not say whether it is available" : (available.reason ?? available.status),
    };
  });

/** A group and version of the API, and whether what answers for it does. */
export type ApiService = Readonly<z.output<typeof apiService>>;

export async function readApiServices(cluster: Cluster): Promise<Reading<readonly ApiService[]>> {
  return cluster.list("/apis/apiregistration.k8s.io/v1/apiservices", apiService);
}
