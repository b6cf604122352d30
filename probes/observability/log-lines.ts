/** Lines of containers' logs, as Loki has them. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { askWatcher, type Watchers } from "./ask.ts";

const stream = z.object({
  stream: z.record(z.string(), z.string()),
  // A third part holds structured metadata.
  values: z.array(z.tuple([z.string().regex(/^\d+$/), z.string()]).rest(z.unknown())),
});

const answer = z.object({
  status: z.literal("success"),
  data: z.object({ resultType: z.literal("streams"), result: z.array(stream) }),
});

export type LogLine = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly text: string;
};

const linesMax = 1000;

/**
 * The lines of these namespaces that hold a text, or match a pattern of RE2, since a time. A line whose origin is not told makes the whole reading `ok: false`,
 * and so does an answer that was cut short at its limit.
 */
export async function readLogLines(
  cluster: Cluster,
  watchers: Watchers,
  wanted: { readonly namespaces: readonly string[]; readonly since: Date } & (
    { readonly text: string } | { readonly pattern: string }
  ),
): Promise<Reading<readonly LogLine[]>> {
  const filter = "text" in wanted ? `|= ${JSON.stringify(wanted.text)}` : `|~ ${JSON.stringify(wanted.pattern)}`;
  const query = new URLSearchParams({
    query: `{k8s_namespace_name=~"${wanted.namespaces.join("|")}"} ${filter}`,
    start: `${wanted.since.getTime()}000000`,
    limit: String(linesMax),
    direction: "forward",
  });
  const path = `/loki/api/v1/query_range?${query.toString()}`;
  const found = await askWatcher(cluster, watchers, "loki", path, answer);
  if (!found.ok) return found;
  const lines = found.value.data.result.flatMap(({ stream: labels, values }) =>
    values.map(([, text]) => ({
      namespace: labels["k8s_namespace_name"] ?? "",
      pod: labels["k8s_pod_name"] ?? "",
      container: labels["k8s_container_name"] ?? "",
      text,
    })),
  );
  const at = new Date(found.at);
  if (lines.length >= linesMax) return unread(`Loki holds more than ${linesMax} such lines`, found.source, at);
  const lost = lines.find(({ namespace, pod, container }) => namespace === "" || pod === "" || container === "");
  return lost === undefined
    ? read(lines, found.source, at)
    : unread(`Loki holds the line, but does not tell of which container: ${lost.text}`, found.source, at);
}
