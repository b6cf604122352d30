/** nodes-spread-over-domains: what takes one domain away leaves nodes in another. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { NodeDomain } from "../../probes/kubernetes/node-domains.ts";

/** The criterion's limit. */
const domainsMin = 2;

/**
 * Nodes that are Ready stand in two availability domains, or in two fault domains where all are in one availability domain: most regions have but one.
 * A node that says nothing of where it stands is a gap, unless the others are spread without it.
 */
export function judgeNodeDomains(nodes: Reading<readonly NodeDomain[]>): Verdict {
  if (!nodes.ok) return unproven(nodes.why);
  const ready = nodes.value.filter((node) => node.ready);
  const zones = distinct(ready.map(({ zone }) => zone));
  const faultDomains = distinct(
    ready.filter(({ faultDomain }) => faultDomain !== "").map(({ zone, faultDomain }) => `${zone}/${faultDomain}`),
  );
  const [kind, domains] =
    zones.length >= domainsMin ? ["availability domains", zones] : ["fault domains", faultDomains];
  const silent = ready.filter(({ faultDomain }) => faultDomain === "");
  const isSpread = domains.length >= domainsMin;
  return conclude({
    faults:
      isSpread || silent.length > 0
        ? []
        : [
            `${ready.length} ready nodes stand in ${domains.length} ${kind}${domains.length === 0 ? "" : `: ${domains.join(", ")}`}`,
          ],
    gaps: isSpread ? [] : silent.map(({ name }) => `node ${name} does not say where it stands`),
    facts: [
      {
        what: `${kind} with a node`,
        value: domains.length,
        unit: "domains",
        limit: `at least ${domainsMin}`,
        source: nodes.source,
        at: nodes.at,
        samples: ready.length,
      },
    ],
    held: `${ready.length} ready nodes stand in ${domains.length} ${kind}: ${domains.join(", ")}`,
  });
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name) => name !== ""))].toSorted();
}
