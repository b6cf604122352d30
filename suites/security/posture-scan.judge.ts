/** The posture scan: critical findings of the held tests against the named exceptions, and whether the scan saw what it had to see. */
import type { Posture } from "../../environments/posture.ts";
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Finding, PostureScan } from "../../probes/posture-scan/scan.ts";

/** The scan of one environment's charts. `sort` is "charts of oke-staging". */
export type ChartScan = { readonly sort: string; readonly scan: Reading<PostureScan> };

export type Scans = { readonly cluster: Reading<PostureScan>; readonly charts: readonly ChartScan[] };

export type ScanRules = {
  /** Tests whose critical findings count, and those that do not, each with its reason. */
  readonly held: readonly string[];
  readonly leftOut: ReadonlyMap<string, string>;
  readonly exceptions: Posture["scanExceptions"];
  /** Namespaces that must hold something that makes pods. */
  readonly peopled: readonly string[];
};

type Exception = Posture["scanExceptions"][number];
type Sorted = { readonly sort: string; readonly scan: Reading<PostureScan> };

const clusterSort = "the cluster";
const factsAtMost = 40;

/**
 * No object has a critical finding of a held test that no exception names. A scan that was not made, that saw nothing, whose controls were graded wrongly, or that knows a
 * test which nobody decided on proves nothing; nor does one that does not see what an exception was written for: either the list is old, or the scanner is blind.
 */
export function judgePostureScan({ cluster, charts }: Scans, rules: ScanRules): Verdict {
  const sorted: readonly Sorted[] = [{ sort: clusterSort, scan: cluster }, ...charts];
  const found = sorted.flatMap(({ sort, scan }) =>
    (scan.ok ? distinct(scan.value.findings) : [])
      .filter(({ test }) => rules.held.includes(test))
      .map((finding) => ({ sort, scan, finding, exception: exceptionOf(finding, rules.exceptions) })),
  );
  const faulty = found.filter(({ exception }) => exception === undefined);
  const used = [...new Set(found.flatMap(({ exception }) => exception ?? []))];
  const counts: Fact[] = sorted.flatMap(({ sort, scan }): Fact[] => {
    if (!scan.ok || scan.value.objects.length === 0) return [];
    const { source, at, value } = scan;
    return [
      {
        what: `critical findings without a named exception in ${sort}`,
        value: faulty.filter((one) => one.sort === sort).length,
        unit: "findings",
        limit: "0",
        samples: value.objects.length,
        source,
        at,
      },
      {
        what: `warnings in ${sort}`,
        value: value.tests.reduce((sum, { warnings }) => sum + warnings, 0),
        unit: "warnings",
        source,
        at,
      },
    ];
  });
  return conclude({
    faults: faulty.map(({ sort, finding }) => sentenceOf(sort, finding)),
    gaps: [
      ...sorted.flatMap(({ sort, scan }) => gapsOf(sort, scan, rules)),
      ...(charts.length === 0 ? ["no chart was scanned"] : []),
      ...rules.peopled
        .filter((name) => cluster.ok && !cluster.value.objects.some((one) => one.pods && one.namespace === name))
        .map((name) => `namespace ${name} holds nothing that makes pods: there is nothing to scan`),
      ...rules.exceptions.filter((one) => !used.includes(one)).flatMap((one) => lingering(one, sorted)),
    ],
    facts:
      counts.length === 0
        ? []
        : [...counts, ...findingFacts(faulty), ...exceptionFacts(used, cluster), ...testFacts(sorted, rules)],
    held: `${sorted.map(({ sort, scan }) => `${scan.ok ? scan.value.objects.length : 0} objects of ${sort}`).join(", ")} have no critical finding in ${rules.held.length} tests but for ${used.length} named exceptions; the bad control pod was told from the sound one`,
  });
}

function gapsOf(sort: string, scan: Reading<PostureScan>, { held, leftOut }: ScanRules): string[] {
  if (!scan.ok) return [`${sort}: ${scan.why}`];
  const { objects, tests, wrong } = scan.value;
  if (objects.length === 0) return [`${sort}: there was nothing to scan`];
  const undecided = tests.filter(({ id, optional }) => !optional && !held.includes(id) && !leftOut.has(id));
  return [
    ...wrong.map((why) => `${sort}: ${why}`),
    ...undecided.map(({ id }) => `${sort}: the scanner has a test ${id} that nobody decided on`),
  ];
}

/** A pod and what makes it have the same findings: one of them is told. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const keyed = findings.map(
    (one) => [[one.namespace, one.workload, one.test, one.where, one.what].join(" "), one] as const,
  );
  // The first of a key is kept: what makes pods comes before them.
  return [...new Map(keyed.toReversed()).values()].toReversed();
}

function exceptionOf(finding: Finding, exceptions: readonly Exception[]): Exception | undefined {
  return exceptions.find(
    ({ test, namespace, workload, containers }) =>
      test === finding.test &&
      namespace === finding.namespace &&
      workload === finding.workload &&
      (containers === undefined ? finding.where === "" : containers.includes(finding.where)),
  );
}

/** An exception that nothing needed, where its workload was scanned, or ought to have been: a part that is not installed at all has no workload in its namespace. */
function lingering(exception: Exception, sorted: readonly Sorted[]): string[] {
  const { namespace, workload, comesAndGoes } = exception;
  const seen = sorted.flatMap(({ sort, scan }) =>
    (scan.ok ? scan.value.objects : [])
      .filter((one) => one.pods && one.namespace === namespace)
      .map((one) => ({ sort, workload: one.workload })),
  );
  if (seen.some((one) => one.workload === workload))
    return [
      `${nameOf(exception)} has no such finding: take the exception out, or see why the scanner finds it no longer`,
    ];
  return seen.some(({ sort }) => sort === clusterSort) && comesAndGoes === undefined
    ? [`${nameOf(exception)} is not there: take the exception out`]
    : [];
}

function nameOf({ test, namespace, workload, containers }: Exception): string {
  return `${namespace}/${workload}${containers === undefined ? "" : ` (${containers.join(", ")})`}, excepted from ${test},`;
}

function sentenceOf(sort: string, { kind, namespace, name, test, where, what }: Finding): string {
  const prefix = sort === clusterSort ? "" : `${sort}: `;
  return `${prefix}${kind} ${namespace}/${name}${where === "" ? "" : ` (${where})`} fails ${test}: ${what}`;
}

function findingFacts(
  faulty: readonly { readonly sort: string; readonly scan: Reading<PostureScan>; readonly finding: Finding }[],
): Fact[] {
  return faulty.slice(0, factsAtMost).map(({ sort, scan: { source, at }, finding }) => {
    const { kind, namespace, name, where, test, what } = finding;
    return { what: `${sort}: ${kind} ${namespace}/${name} (${where})`, value: `${test}: ${what}`, source, at };
  });
}

function exceptionFacts(used: readonly Exception[], { source, at }: Reading<PostureScan>): Fact[] {
  return used.map((one) => ({ what: `excepted: ${nameOf(one).replace(/,$/, "")}`, value: one.why, source, at }));
}

/** What the scanner tests and what of it is held, so that nobody takes the scan for more than it is. */
function testFacts(sorted: readonly Sorted[], { held, leftOut }: ScanRules): Fact[] {
  const readable = sorted.flatMap(({ scan }) => (scan.ok ? [scan] : []));
  const first = readable[0];
  if (first === undefined) return [];
  const { source, at } = first;
  const tests = readable.flatMap(({ value }) => value.tests);
  const findings = readable.flatMap(({ value }) => value.findings);
  const optional = [...new Set(tests.filter((test) => test.optional).map(({ id }) => id))].toSorted();
  return [
    { what: "tests held", value: held.join(", "), source, at },
    { what: "optional tests, not switched on", value: optional.join(", ") || "none", source, at },
    ...[...leftOut].map(([id, why]) => ({
      what: `not held: ${id}`,
      value: `${findings.filter(({ test }) => test === id).length} critical findings, not counted: ${why}`,
      source,
      at,
    })),
  ];
}
