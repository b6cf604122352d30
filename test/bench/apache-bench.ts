/**
 * ApacheBench (`ab`, of Debian's apache2-utils): a generator written by others in another language, with percentiles of its own. A closed loop: each of its
 * connections asks again when it was answered. `wrk` was not taken: it adds answers that it never had to its percentiles, to make up for the loop being closed.
 */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { hasOutput, keyOf, output, outputPath } from "../../environments/local/cache.ts";
import { CommandError, run } from "../../environments/local/command.ts";
import { cachePaths } from "../../environments/local/paths.ts";
import { versions } from "../../environments/local/versions.ts";

/** The words that start it: the program itself, or a loader with its libraries before it. */
export type ApacheBench = readonly [string, ...string[]];

/** What it says of its own run; percentiles by percent, in milliseconds. */
export type BenchReport = {
  readonly answers: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly percentiles: ReadonlyMap<number, number>;
};

const packages = ["apache2-utils"] as const;
const askMsMax = 10_000;
const fetchMsMax = 300_000;
const answerSecondsMax = 10;

/**
 * The one on the PATH; else that of Debian's package, unpacked with its libraries into the cache and run by its own loader, so that nothing is installed.
 * @returns undefined where it is neither on the PATH nor can be fetched here (`mmdebstrap` is not there)
 * @throws CommandError where fetching it fails
 */
export async function findApacheBench(signal: AbortSignal): Promise<ApacheBench | undefined> {
  if (/ApacheBench/.test((await said("ab", "-V", signal)) ?? "")) return ["ab"];
  const key = keyOf([versions.debian, ...packages, process.arch]);
  const name = "apache-bench";
  if (!hasOutput(name, key) && (await said("mmdebstrap", "--version", signal)) === undefined) return undefined;
  await mkdir(cachePaths.logs, { recursive: true });
  await output(name, key, async (folder) => {
    await run(
      "mmdebstrap",
      ["--variant=extract", "--format=directory", `--include=${packages.join(",")}`, versions.debian, folder],
      {
        signal,
        timeoutMs: fetchMsMax,
        logFile: join(cachePaths.logs, "apache-bench.log"),
      },
    );
  });
  return unpacked(outputPath(name, key));
}

/** What a program answers; undefined where there is none. */
async function said(program: string, question: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await run(program, [question], { signal, timeoutMs: askMsMax })).stdout;
  } catch (error) {
    if (error instanceof CommandError && error.code === undefined && !signal.aborted) return undefined;
    throw error;
  }
}

/** Its words in a tree of Debian's. Its own loader, since the libraries fit no other. @throws Error where the tree has none */
async function unpacked(tree: string): Promise<ApacheBench> {
  const folders = (await readdir(join(tree, "lib"))).filter((name) => name.endsWith("-linux-gnu"));
  const libraries = folders.flatMap((name) => [join(tree, "lib", name), join(tree, "usr", "lib", name)]);
  for (const folder of libraries) {
    const loader = (await readdir(folder)).find((name) => /^ld-linux-.*\.so\.\d$/.test(name));
    if (loader !== undefined)
      return [join(folder, loader), "--library-path", libraries.join(":"), join(tree, "usr", "bin", "ab")];
  }
  throw new Error(`looking for a loader in ${tree}: there is none; delete the folder, so that it is fetched again`);
}

/**
 * Asks `url` so often, by so many connections that are kept.
 * @param options.percentilesFile that it writes its percentiles to
 * @throws CommandError where it fails, Error where its report cannot be read
 */
export async function runApacheBench(
  bench: ApacheBench,
  url: string,
  options: {
    readonly requests: number;
    readonly connections: number;
    readonly percentilesFile: string;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<BenchReport> {
  const { requests, connections, percentilesFile, timeoutMs, signal } = options;
  const [program, ...first] = bench;
  const counts = ["-n", String(requests), "-c", String(connections), "-s", String(answerSecondsMax)];
  const args = [...first, "-q", "-k", ...counts, "-e", percentilesFile, url];
  const { stdout } = await run(program, args, { signal, timeoutMs });
  return readBenchReport(stdout, await readFile(percentilesFile, "utf8"));
}

/**
 * @param text what it printed
 * @param percentiles the file of its `-e`: a head, then one line for each percent from 0 on
 * @throws Error naming what is missing, or the line that cannot be read
 */
export function readBenchReport(text: string, percentiles: string): BenchReport {
  const numberOf = (name: string): number => {
    const found = new RegExp(`^${name}: +(\\d+(?:\\.\\d+)?)(?: |$)`, "m").exec(text)?.[1];
    if (found === undefined) throw new Error(`the report of ab has no number '${name}'`);
    return Number(found);
  };
  // It is only told where there are any.
  const refused = /^Non-2xx responses:/m.test(text) ? numberOf("Non-2xx responses") : 0;
  return {
    answers: numberOf("Complete requests"),
    failed: numberOf("Failed requests") + refused,
    perSecond: numberOf("Requests per second"),
    percentiles: percentilesOf(percentiles),
  };
}

const lastPercents: readonly number[] = [99, 100];

function percentilesOf(text: string): ReadonlyMap<number, number> {
  const [head, ...lines] = text.trimEnd().split("\n");
  if (head !== "Percentage served,Time in ms") throw new Error(`the percentiles of ab begin with '${head ?? ""}'`);
  let lastMs = 0;
  const found = lines.map((line, percent): readonly [number, number] => {
    const [, named, time] = /^(\d{1,3}),(\d{1,9}\.\d{3})$/.exec(line) ?? [];
    const ms = Number(time);
    if (Number(named) !== percent)
      throw new Error(`line ${percent + 2} of ab's percentiles is '${line}', not that of ${percent} %`);
    if (!(ms >= lastMs))
      throw new Error(`line ${percent + 2} of ab's percentiles is '${line}': smaller than the one before`);
    lastMs = ms;
    return [percent, ms];
  });
  // Releases differ in whether they name the longest as well.
  if (!lastPercents.includes(found.length - 1))
    throw new Error(`ab named ${found.length} percentiles, not all from 0 to 99 %`);
  return new Map(found);
}
