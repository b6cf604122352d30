/** What began again while the cluster came up: a criterion counts it, and its last words are gone when the cluster is. */
import { z } from "zod";
import type { Engine } from "./engine.ts";
import { kubectl } from "./kubectl.ts";

const status = z.object({ name: z.string(), restartCount: z.number().int() });
const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string() }),
      status: z.object({
        initContainerStatuses: z.array(status).optional(),
        containerStatuses: z.array(status).optional(),
      }),
    }),
  ),
});
const lastLines = 8;

/** @returns lines for a person: nothing where nothing restarted */
export async function restartLines(engine: Engine, signal: AbortSignal): Promise<string[]> {
  const { stdout } = await kubectl(engine, ["get", "pods", "--all-namespaces", "-o", "json"], { signal });
  const restarted = podList
    .parse(JSON.parse(stdout))
    .items.flatMap(({ metadata, status: { initContainerStatuses, containerStatuses } }) =>
      [...(initContainerStatuses ?? []), ...(containerStatuses ?? [])]
        .filter(({ restartCount }) => restartCount > 0)
        .map(({ name, restartCount }) => ({ ...metadata, container: name, restartCount })),
    );
  const told = restarted.map(async ({ name, namespace, container, restartCount }) => {
    const title = `  restarted ${restartCount} times: ${namespace}/${name} container ${container}; its last words:`;
    const args = ["-n", namespace, "logs", name, "-c", container, "--previous", `--tail=${lastLines}`];
    // A log that is gone is no reason to end what came up.
    const said = await kubectl(engine, args, { signal, accept: [0, 1] });
    return [
      title,
      ...`${said.stdout}${said.stderr}`
        .trimEnd()
        .split("\n")
        .map((line) => `    ${line}`),
    ];
  });
  return (await Promise.all(told)).flat();
}
