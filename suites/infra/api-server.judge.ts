/** The API server: ready in all its parts, and answered for in every group of its API. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { ApiService, ReadyPart } from "../../probes/kubernetes/api-server.ts";

/** Parts that every API server has: a list without them is not a list of all. */
const expectedParts = ["ping", "etcd"];

/** Every part is ready, and every group of the API is available, metrics-server's among them where it is installed. */
export function judgeApiServer(
  parts: Reading<readonly ReadyPart[]>,
  services: Reading<readonly ApiService[]>,
): Verdict {
  if (!parts.ok) return unproven(parts.why);
  if (!services.ok) return unproven(services.why);
  const notReady = parts.value.filter(({ ready }) => !ready);
  const away = services.value.filter(({ available }) => !available);
  const count = (what: string, wrong: number, of: number, { source, at }: Reading<unknown>): Fact => ({
    what,
    value: wrong,
    unit: "parts",
    limit: `0 of ${of}`,
    source,
    at,
  });
  return conclude({
    faults: [
      ...notReady.map(({ name, said }) => `the API server's part ${name} is not ready (${said})`),
      ...away.map(({ name, why }) => `API service ${name} is not available (${why})`),
    ],
    gaps: [
      ...expectedParts
        .filter((name) => !parts.value.some((part) => part.name === name))
        .map((name) => `the API server does not list its part ${name}`),
      ...(services.value.length === 0 ? ["no API service is listed"] : []),
    ],
    facts: [
      count("parts of the API server that are not ready", notReady.length, parts.value.length, parts),
      count("groups of the API that are not available", away.length, services.value.length, services),
    ],
    held: `the API server is ready in ${parts.value.length} parts, and answers in ${services.value.length} groups of its API`,
  });
}
