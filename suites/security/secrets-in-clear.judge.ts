/** Secrets in clear: what a scan found in every place where one may be read, each scan with canaries that it had to find. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Scan } from "../../probes/secrets-in-clear/scanner.ts";

/** The scan of one sort of place. `sort` is "tracked files", "logs", … */
export type SortScan = { readonly sort: string; readonly scan: Reading<Scan> };

/** Sorts that must all have been scanned: the criterion's sentence names them. */
export const sortsWanted = ["tracked files", "rendered charts", "images", "specs", "config maps", "logs"] as const;

const factsAtMost = 40;

/**
 * No place of any sort holds a secret in clear. A sort that was not read, held no place or whose canaries were not all found proves nothing; logs may hold no suspect line,
 * but one is always ours.
 */
export function judgeSecretsInClear(scans: readonly SortScan[]): Verdict {
  const findings = scans.flatMap(({ sort, scan }) =>
    scan.ok ? scan.value.findings.map((one) => ({ sort, ...one, at: scan.at, source: scan.source })) : [],
  );
  const distinct = [...new Map(findings.map((one) => [`${one.where} ${one.what}`, one])).values()];
  const facts = scans.flatMap(({ sort, scan }): Fact[] =>
    scan.ok
      ? [
          {
            what: `secrets in clear in ${sort}`,
            value: distinct.filter((one) => one.sort === sort).length,
            unit: "places",
            limit: "0",
            samples: scan.value.places,
            source: scan.source,
            at: scan.at,
          },
        ]
      : [],
  );
  return conclude({
    faults: distinct.map(({ where, what }) => `${where} holds ${what}`),
    gaps: [
      ...scans.flatMap(gapOf),
      ...sortsWanted
        .filter((sort) => !scans.some((one) => one.sort === sort))
        .map((sort) => `${sort} were not scanned`),
    ],
    facts: [
      ...facts,
      ...distinct
        .slice(0, factsAtMost)
        .map(({ where, what, source, at }) => ({ what: where, value: what, source, at })),
    ],
    held: `no secret stands in clear in ${scans.map(({ sort, scan }) => `${scan.ok ? scan.value.places : 0} places of ${sort}`).join(", ")}; what was laid among them was found`,
  });
}

function gapOf({ sort, scan }: SortScan): string[] {
  if (!scan.ok) return [`${sort}: ${scan.why}`];
  return [
    ...(scan.value.places === 0 ? [`${sort}: there was nothing to scan`] : []),
    ...(scan.value.controlled ? [] : [`${sort}: the scan did not find the canaries that were laid among them`]),
  ];
}
