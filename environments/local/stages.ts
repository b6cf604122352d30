/** Work as a list of named stages: what waits for what, at most two at a time, and a line for everything that begins, goes on or ends. */
export type Stage = {
  readonly name: string;
  /** How long it takes when nothing is cached, in seconds on two cores. */
  readonly expectedSeconds: number;
  readonly after?: readonly string[];
  /** True when the outcome is there already: then it is not run. */
  readonly done?: () => Promise<boolean>;
  readonly run: (signal: AbortSignal) => Promise<void>;
};

export type StageTime = {
  readonly name: string;
  readonly seconds: number;
  readonly expectedSeconds: number;
  readonly cached: boolean;
};

export type StageOptions = {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** How many may run at once. */
  readonly atOnce: number;
  readonly heartbeatSeconds?: number;
};

/**
 * Runs all stages, each when those it waits for are done. The first failure stops the others and is thrown, named by its stage.
 * @returns the times, in the order of their ends
 */
export async function runStages(stages: readonly Stage[], options: StageOptions): Promise<StageTime[]> {
  const unknown = stages.flatMap((stage) =>
    (stage.after ?? []).filter((name) => !stages.some((other) => other.name === name)),
  );
  if (unknown.length > 0) throw new Error(`stages wait for stages that do not exist: ${unknown.join(", ")}`);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const waiting = new Set(stages);
  const running = new Map<string, Promise<void>>();
  const times: StageTime[] = [];
  let failure: Error | undefined;
  const isReady = (stage: Stage) => (stage.after ?? []).every((name) => times.some((time) => time.name === name));
  while (waiting.size > 0 || running.size > 0) {
    const ready = failure === undefined ? [...waiting].filter(isReady).slice(0, options.atOnce - running.size) : [];
    for (const stage of ready) {
      waiting.delete(stage);
      const work = runStage(stage, { ...options, signal })
        .then((time) => void times.push(time))
        .catch((error: unknown) => {
          failure ??= new Error(`stage '${stage.name}' failed`, { cause: error });
          stop.abort(failure);
        })
        .finally(() => running.delete(stage.name));
      running.set(stage.name, work);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failure !== undefined) throw failure;
  if (waiting.size > 0)
    throw new Error(`stages wait for each other: ${[...waiting].map((stage) => stage.name).join(", ")}`);
  return times;
}

async function runStage(stage: Stage, options: StageOptions): Promise<StageTime> {
  const { name, expectedSeconds } = stage;
  options.signal.throwIfAborted();
  if ((await stage.done?.()) === true) return { name, seconds: 0, expectedSeconds, cached: true };
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  options.say(`  ${name} ... (about ${expectedSeconds} s)`);
  const heartbeat = setInterval(
    () => options.say(`  ${name} ... ${seconds()} of about ${expectedSeconds} s`),
    (options.heartbeatSeconds ?? 15) * 1000,
  );
  try {
    await stage.run(options.signal);
  } finally {
    clearInterval(heartbeat);
  }
  options.say(`  ${name}: done in ${seconds()} s`);
  return { name, seconds: seconds(), expectedSeconds, cached: false };
}

/** The table of what took how long, longest first; what was cached is only counted. */
export function stageTable(times: readonly StageTime[]): string[] {
  const worked = times.filter((time) => !time.cached).toSorted((one, other) => other.seconds - one.seconds);
  const width = Math.max(0, ...worked.map((time) => time.name.length));
  const lines = worked.map(
    (time) => `  ${time.name.padEnd(width)} ${String(time.seconds).padStart(5)} s  (about ${time.expectedSeconds} s)`,
  );
  const cached = times.length - worked.length;
  return cached === 0 ? lines : [...lines, `  ${cached} of ${times.length} stages were done already`];
}
