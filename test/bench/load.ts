/**
 * `npm run bench:load`: whether the numbers of a load run are true. A target answers with a latency whose percentiles are known; the load goes the way of the performance suite
 * (`runK6`, its script, its samples, its percentiles), and ApacheBench asks the same target afterwards. Ends with 1 where our evaluation is more than 5 % from what is known, with
 * 2 where nothing was shown, with 3 where a program is missing; `--write` puts the figures into docs/benchmarks/load.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadPlan } from "../../environments/load-plan.ts";
import { k6Program } from "../../environments/local/programs.ts";
import { projectRoot } from "../../environments/settings.ts";
import { runK6 } from "../../fixtures/load/run-k6.ts";
import { read } from "../../harness/verdict.ts";
import { oneLine, whyOf } from "../../probes/why.ts";
import { latencyLimits } from "../../suites/performance/load-limits.ts";
import { validityOf, type Validity } from "../../suites/performance/load.judge.ts";
import { rank } from "../../suites/performance/percentile.judge.ts";
import { during, plateauOf } from "../../suites/performance/plateau.judge.ts";
import { testAuthority } from "../certificate-authority.ts";
import { findApacheBench, runApacheBench, type ApacheBench } from "./apache-bench.ts";
import { knownParts, knownPercentile } from "./known-latency.ts";
import { withLatencyTarget, type LatencyTarget } from "./latency-target.ts";
import { compare, percentilesBy, tableOf, type Comparison, type Measured, type Outcome } from "./load-comparison.ts";
import { evaluated } from "./load-evaluation.ts";
import { requestTo, targetNames } from "./load-request.ts";

const limitMs = 240_000;
/** A hundred requests a second and four thousand on the plateau: little work for two processors. */
const plan: LoadPlan = {
  usersFirst: 10,
  usersPlateau: 100,
  thinkSeconds: 1,
  rampSeconds: 5,
  plateauSeconds: 40,
  recoverySeconds: 0,
  generatorIdlePercentMin: 20,
  sharedMachine: "the target stands beside the generator, and both do little",
};
/** As many connections as make about the same rate, since an answer takes 182.5 ms on average. */
const loop = { requests: 2000, connections: 20, timeoutMs: 90_000 } as const;
const seeds = { k6: 1, ab: 2 } as const;
const budget = { errorPercentMax: 50, windowSeconds: 10, requestsMin: 100 } as const;
const { samplesMin } = latencyLimits(99, []);
const exitCodes: Readonly<Record<Outcome["outcome"], number>> = { holds: 0, outside: 1, unproven: 2 };
const exitCodeMissing = 3;
const mendAb = "put it (Debian's apache2-utils), or mmdebstrap, which fetches it, on the PATH";

type Programs = { readonly k6: string; readonly ab: ApacheBench };
type Shown = { readonly outcome: Outcome; readonly table: string; readonly facts: Validity["facts"] };

const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupted.abort(new Error(name)));
const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(limitMs)]);

/** Both programs; those that are missing, in a line with what mends it. */
async function findPrograms(): Promise<Programs | string> {
  const k6 = await k6Program();
  if (k6 === undefined) return "there is no k6: 'oke-proof up' builds it, or put release 1.x on the PATH";
  try {
    const ab = await findApacheBench(signal);
    return ab === undefined ? `there is no ab: ${mendAb}` : { k6: k6.path, ab };
  } catch (error) {
    return `ab could not be fetched (${oneLine(whyOf(error))}): ${mendAb}`;
  }
}

function known(percent: number): number {
  return knownPercentile(knownParts, percent);
}

function givenTo(answers: readonly { readonly givenMs: number }[]): Measured {
  if (answers.length === 0) return { answers: 0, percentiles: percentilesBy(() => Number.NaN) };
  return {
    answers: answers.length,
    percentiles: percentilesBy(rank(answers.map(({ givenMs }) => givenMs)).percentile),
  };
}

/** The load of the suite on the target, then ApacheBench's; what came of both, compared. */
async function measure(
  { k6, ab }: Programs,
  target: LatencyTarget,
  authority: string,
  directory: string,
): Promise<Shown> {
  await target.begin(seeds.k6);
  const load = await runK6({
    ...requestTo({ port: target.port, authority }, directory),
    plan,
    runId: `bench-${process.pid}`,
    k6,
    script: join(projectRoot, "suites", "performance", "k6", "load.ts"),
    directory,
    budget,
    signal,
  });
  const givenToK6 = await target.tell();
  const { reasons, facts } = validityOf(load, {
    usersRoadmap: plan.usersPlateau,
    nodesBesideGenerator: read(["the bench's target"], "the bench", new Date()),
    evidenceFile: "",
  });
  if (!load.ok || signal.aborted) return { outcome: { outcome: "unproven", sentences: reasons }, table: "", facts };
  await target.begin(seeds.ab);
  const url = `https://127.0.0.1:${target.port}/api/v1/records?limit=20`;
  const told = await runApacheBench(ab, url, { ...loop, percentilesFile: join(directory, "ab.csv"), signal });
  const ours = evaluated(load.value);
  const comparison: Comparison = {
    known: percentilesBy(known),
    given: { k6: givenTo(during(plateauOf(load.value), givenToK6)), ab: givenTo(await target.tell()) },
    ours: ours.measured,
    ab: { answers: told.answers, percentiles: percentilesBy((percent) => told.percentiles.get(percent) ?? Number.NaN) },
    reasons: [
      ...reasons,
      ...(ours.failed === 0 ? [] : [`${ours.failed} requests of k6 were not answered as expected`]),
      ...(told.failed === 0 ? [] : [`${told.failed} requests of ab failed`]),
    ],
    answersMin: samplesMin,
  };
  return { outcome: compare(comparison), table: tableOf(comparison), facts };
}

function pageOf({ outcome, table, facts }: Shown): string {
  const parts = knownParts.map(({ percent, fromMs, toMs }) => `${percent} % evenly from ${fromMs} to ${toMs} ms`);
  const list = facts.map(
    ({ what, value, unit = "", limit }) =>
      `- ${what}: ${[value, unit].join(" ").trim()}${limit === undefined ? "" : ` (${limit})`}`,
  );
  return `# The numbers of a load run: are they true?

Written by \`npm run bench:load -- --write\` on a machine with ${cpus().length} processors.

A target on the same machine answers with a latency that is known: ${parts.join(", ")}. k6 and everything that is made of its samples are those of the performance suite: the script, the reader of samples, the plateau, the validity, the percentiles. In brackets: the distance from what is known. What the target gave is what its timers made of it, noted for each answer.

${table}

**${outcome.outcome === "holds" ? "They are" : outcome.outcome === "outside" ? "They are not" : "Nothing was shown"}:** ${outcome.sentences.join("; ")}.

k6's visitors come at a rate, whether or not those before them were answered. \`ab\` is a closed loop: each of its ${loop.connections} connections asks again once it was answered, so that a slow target is asked less often. Where the target is never full, as here, the two must agree.

${list.join("\n")}
`;
}

async function main(): Promise<number> {
  const programs = await findPrograms();
  if (typeof programs === "string") {
    console.log(programs);
    return exitCodeMissing;
  }
  const authority = await testAuthority("bench");
  const certificate = await authority.issue({ names: targetNames });
  const directory = mkdtempSync(join(tmpdir(), "oke-proof-bench-"));
  try {
    const shown = await withLatencyTarget(certificate, signal, async (target) =>
      measure(programs, target, authority.pem, directory),
    );
    const page = pageOf(shown);
    console.log(page);
    if (process.argv.includes("--write")) writeFileSync(join(projectRoot, "docs", "benchmarks", "load.md"), page);
    return exitCodes[shown.outcome.outcome];
  } catch (error) {
    // Whatever broke, nothing was shown: no stack trace may end with the code of a wrong number.
    console.log(`nothing was shown: ${oneLine(whyOf(error))}`);
    return exitCodes.unproven;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

process.exitCode = await main();
