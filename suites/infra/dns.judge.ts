/** Whether names resolve to what they must, all of it and nothing else, wherever they are asked. */
import type { DnsRecord } from "../../environments/profile.ts";
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { DnsAnswer } from "../../probes/dns/answer.ts";
import type { Prober } from "../../probes/kubernetes/proxy.ts";
import type { Node } from "../../probes/kubernetes/nodes.ts";

/** A record as it was asked at one vantage (a prober's node, or a name server), and what it must resolve to. */
export type Resolved = {
  readonly record: Pick<DnsRecord, "name" | "type">;
  readonly vantage: string;
  /** Canonical addresses or names, as in `DnsAnswer`. */
  readonly expected: Reading<readonly string[]>;
  readonly reading: Reading<DnsAnswer>;
};

/** A name that cannot exist, asked at the same vantage. */
export type Control = { readonly vantage: string; readonly reading: Reading<DnsAnswer> };

/** Answers of a name server that say something about the name. Others (REFUSED, FORMERR ...) say only that it would not tell us. */
const tellingOutcomes: readonly string[] = ["NOERROR", "NODATA", "NXDOMAIN", "SERVFAIL"];

/**
 * Fails for each record with another set of answers than expected, or none. A vantage where a name that cannot exist is anything but
 * NXDOMAIN is unproven: a resolver that answers everything proves nothing by a right answer.
 * @param readings.gaps what else could not be looked at, such as nodes without a prober
 */
export function judgeDns(readings: {
  readonly gaps: readonly string[];
  readonly resolved: readonly Resolved[];
  readonly controls: readonly Control[];
}): Verdict {
  const { resolved, controls } = readings;
  const gaps = [...readings.gaps, ...controls.flatMap(controlGap)];
  const asked = new Set(controls.map(({ vantage }) => vantage));
  for (const vantage of new Set(resolved.map((one) => one.vantage))) {
    if (!asked.has(vantage)) gaps.push(`no control was asked at ${vantage}`);
  }
  const faults: string[] = [];
  const faulty: Fact[] = [];
  const sound: Fact[] = [];
  for (const { record, vantage, expected, reading } of resolved) {
    if (!expected.ok) gaps.push(`what ${record.name} must resolve to is not known: ${expected.why}`);
    if (!reading.ok) gaps.push(reading.why);
    if (!expected.ok || !reading.ok) continue;
    const { outcome, answers } = reading.value;
    if (!tellingOutcomes.includes(outcome)) {
      gaps.push(`${vantage} would not say what ${record.name} ${record.type} is: ${outcome}`);
      continue;
    }
    const wanted = expected.value.toSorted().join(", ");
    const found = outcome === "NOERROR" ? answers.toSorted().join(", ") : outcome;
    const right = outcome === "NOERROR" && wanted !== "" && found === wanted;
    if (!right) faults.push(`${record.name} ${record.type} is ${found || "nothing"} at ${vantage}, not ${wanted}`);
    (right ? sound : faulty).push({
      what: `${record.name} ${record.type} at ${vantage}`,
      value: found,
      limit: `exactly ${wanted}`,
      source: reading.source,
      at: reading.at,
    });
  }
  const held = `${resolved.length} records have exactly the answers they must, and a name that cannot exist has none`;
  return conclude({ faults, gaps: [...new Set(gaps)], facts: [...faulty, ...sound], held });
}

function controlGap({ vantage, reading }: Control): string[] {
  if (!reading.ok) return [`the control could not be asked: ${reading.why}`];
  const { name, outcome, answers } = reading.value;
  if (outcome === "NXDOMAIN") return [];
  const said = answers.length > 0 ? answers.join(", ") : outcome;
  return [`${vantage} says ${said} of ${name}, which cannot exist: right answers from there prove nothing`];
}

/** The worker nodes that ordinary pods may run on and that have no prober to ask, each as a sentence. */
export function uncoveredNodes(
  probers: Reading<readonly Prober[]>,
  nodes: Reading<readonly Pick<Node, "name" | "cordoned" | "repels" | "conditions">[]>,
): string[] {
  if (!probers.ok) return [`the probers could not be listed: ${probers.why}`];
  if (!nodes.ok) return [`the nodes could not be listed: ${nodes.why}`];
  const workers = nodes.value.filter(
    ({ cordoned, repels, conditions }) =>
      !cordoned && repels.length === 0 && conditions.some(({ type, status }) => type === "Ready" && status === "True"),
  );
  if (workers.length === 0) return ["no node is Ready and open for pods: there is nowhere to ask from"];
  const covered = new Set(probers.value.filter(({ ready }) => ready).map(({ node }) => node));
  return workers
    .filter(({ name }) => !covered.has(name))
    .map(({ name }) => `no ready prober on ${name}: not asked there`);
}
