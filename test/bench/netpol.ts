/**
 * `npm run bench:netpol`: how fast the truth table of network policies is on the local cluster, and how it grows with identities and policies.
 * Ends with 1 where a growth is not the declared one, or the table is slower than it must be; `--write` puts the figures into docs/benchmarks/netpol.md.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { findLocalCluster } from "../../environments/local/cluster-record.ts";
import { loadProfile } from "../../environments/load.ts";
import { projectRoot, readSettings } from "../../environments/settings.ts";
import { withPolicies } from "../../fixtures/network/standing-policies.ts";
import { answeringPorts, truthTable } from "../../fixtures/network/truth-table.ts";
import { connect } from "../../probes/kubernetes/cluster.ts";
import { cellsOf } from "../../probes/network/cells.ts";
import { readIdentities, type Identities } from "../../probes/network/identities.ts";
import { goThrough } from "../../suites/security/enforcement-rounds.ts";
import { exponentOf } from "./growth.ts";

const limitMs = 900_000;
const connectionsASecondMin = 140;
const secondsMax = 90;
/** What is claimed, and how far the fit may be from it: waiting for what is blocked dominates, and all wait at once. */
const declared = {
  "connections by identities": { exponent: 2, tolerance: 0.35 },
  "seconds by identities": { exponent: 0, tolerance: 0.4 },
  "seconds by policies": { exponent: 1, tolerance: 0.25 },
} as const;

const profile = loadProfile("local", readSettings());
const signal = AbortSignal.timeout(limitMs);
const cluster = connect(profile, signal);
const run = { id: `bench-${process.pid}`, clusterUid: findLocalCluster()?.clusterUid ?? "unknown" };

type Taken = {
  readonly identities: number;
  readonly policies: number;
  readonly connections: number;
  readonly tried: number;
  readonly seconds: number;
};

/** One table of so many identities and policies. @throws Error where a connection was not as the policies say: such a table takes longer, and proves nothing */
async function take(all: Identities, identities: number, policies: number): Promise<Taken> {
  const order = ["x/a", "y/a", "z/a", "x/b", "y/b", "z/b", "x/c", "y/c", "z/c"].slice(0, identities);
  const ends = { ...all.ends, pods: all.ends.pods.filter(({ id }) => order.includes(id)) };
  const sources = all.sources.filter(({ id }) => order.includes(id));
  const { namespaces, port, portRanges } = profile.enforcement;
  const cases = truthTable({ namespaces, controlPort: port, outside: ends.outside?.end.address }).slice(0, policies);
  const cells = cellsOf(ends, answeringPorts, ({ id }) => all.nodeOf.get(id) ?? "");
  const table = { cluster, sources, cells, portRanges, convergeMsMax: 20_000, heldRounds: 3, secondsMax: 300, signal };
  const matrix = await withPolicies(profile, run, cases, signal, async (standing) =>
    goThrough({ ...table, ...standing }, cases),
  );
  if (matrix.left.length > 0) throw new Error(`not tried: ${matrix.left.join(", ")} (${matrix.why ?? ""})`);
  return {
    identities,
    policies: cases.length,
    connections: cells.length,
    tried: matrix.probes,
    seconds: matrix.seconds,
  };
}

function line({ identities, policies, connections, tried, seconds }: Taken): string {
  const rate = Math.round(tried / seconds);
  return `| ${identities} | ${policies} | ${connections} | ${tried} | ${seconds.toFixed(1)} | ${rate} |`;
}

const identities = await readIdentities(cluster, profile);
if (!identities.ok) throw new Error(identities.why);
const all = identities.value;
const whole = await take(all, 9, Number.POSITIVE_INFINITY);
const byIdentities = [await take(all, 3, 6), await take(all, 6, 6), await take(all, 9, 6)];
const byPolicies = [await take(all, 9, 3), ...byIdentities.slice(2), await take(all, 9, 12)];

const fitted = {
  "connections by identities": exponentOf(
    byIdentities.map((one) => ({ size: one.identities, value: one.connections })),
  ),
  "seconds by identities": exponentOf(byIdentities.map((one) => ({ size: one.identities, value: one.seconds }))),
  "seconds by policies": exponentOf(byPolicies.map((one) => ({ size: one.policies, value: one.seconds }))),
};
const growths = Object.entries(declared).map(([name, { exponent, tolerance }]) => {
  const found = Object.entries(fitted).find(([fit]) => fit === name)?.[1] ?? Number.NaN;
  return { name, exponent, tolerance, found, holds: Math.abs(found - exponent) <= tolerance };
});
const rate = whole.tried / whole.seconds;
const report = `# The truth table of network policies: its speed

Written by \`npm run bench:netpol -- --write\` on a machine with ${cpus().length} processors, on the local cluster with everything else running.

**${Math.round(rate)} connections a second** over the whole table (blocked ones counted), which took ${whole.seconds.toFixed(1)} s; at least ${connectionsASecondMin} a second and at most ${secondsMax} s are asked for.

| identities | policies | connections a round | tried | seconds | a second |
| ---------- | -------- | ------------------- | ----- | ------- | -------- |
${[whole, ...byIdentities, ...byPolicies.filter((one) => !byIdentities.includes(one))].map(line).join("\n")}

| growth | declared exponent | fitted |
| ------ | ----------------- | ------ |
${growths.map(({ name, exponent, tolerance, found }) => `| ${name} | ${exponent} ± ${tolerance} | ${found.toFixed(2)} |`).join("\n")}

Connections grow with the square of the identities and are tried at once, so that the time is that of waiting for what is blocked: it grows with the number of policies alone.
`;
console.log(report);
if (process.argv.includes("--write")) writeFileSync(join(projectRoot, "docs", "benchmarks", "netpol.md"), report);
for (const { name, found, holds } of growths)
  if (!holds) console.log(`${name}: ${found.toFixed(2)} is not what is declared`);
const isFast = rate >= connectionsASecondMin && whole.seconds <= secondsMax;
if (!isFast) console.log("the table is slower than it must be");
process.exitCode = isFast && growths.every(({ holds }) => holds) ? 0 : 1;
