/** Logs: what each service wrote is found in Loki, in time, under its own name. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";

/** One service, or the prober of a node, and the requests that it was asked to log. */
export type Writer = {
  /** "health-platform/health-api", or "oke-proof/prober on worker2". */
  readonly name: string;
  readonly namespace: string;
  /** One reading a request; `ok: false` where it was not answered, and so perhaps never logged. */
  readonly asked: readonly Reading<{ readonly nonce: string }>[];
};

/** A line that was found: its nonce, whose it is said to be, and how long after the request it was first seen. */
export type FoundLine = { readonly nonce: string; readonly namespace: string; readonly seconds: number };

export type LogReadings = {
  readonly writers: Reading<readonly Writer[]>;
  readonly found: Reading<readonly FoundLine[]>;
};

/** "within 60 s" (the criterion's sentence). */
export const foundSecondsMax = 60;
/** "three in a row" (criteria/evidence.ts, repeatedFlow). */
const samplesMin = 3;

/** Every line of every writer was found within the time. A writer that did not answer is a gap: it may have written nothing. */
export function judgeLogsReachLoki({ writers, found }: LogReadings): Verdict {
  if (!writers.ok) return unproven(writers.why);
  if (!found.ok) return unproven(found.why);
  const judged = writers.value.map((writer) => judgeWriter(writer, found.value));
  const faults = judged.flatMap(({ fault }) => fault ?? []);
  const slowest = Math.max(...judged.flatMap(({ seconds }) => seconds));
  const samples = Math.min(...writers.value.map(({ asked }) => asked.length));
  const { source, at } = found;
  const facts: readonly Fact[] = [
    ...faults.map((value) => ({ what: "service", value, source, at })),
    {
      what: "services whose line was not found",
      value: faults.length,
      unit: "services",
      limit: `0 of ${judged.length}`,
      source,
      at,
      samples,
    },
    ...(Number.isFinite(slowest)
      ? [
          {
            what: "time from written to found",
            value: Math.round(slowest * 10) / 10,
            unit: "s",
            limit: `at most ${foundSecondsMax} s`,
            source,
            at,
            samples,
          },
        ]
      : []),
  ];
  return conclude({
    faults,
    gaps: [
      ...judged.flatMap(({ gap }) => gap ?? []),
      ...(writers.value.length === 0 ? ["no service was asked to write"] : []),
    ],
    facts,
    held: `the lines of ${judged.length} services were found, the last after ${Math.round(slowest * 10) / 10} s`,
  });
}

function judgeWriter(
  { name, namespace, asked }: Writer,
  found: readonly FoundLine[],
): { readonly fault?: string; readonly gap?: string; readonly seconds: readonly number[] } {
  const answered = asked.flatMap((one) => (one.ok ? [one.value.nonce] : []));
  const lines = answered.flatMap(
    (nonce) => found.find((line) => line.nonce === nonce && line.namespace === namespace) ?? [],
  );
  const seconds = lines.map((line) => line.seconds);
  const late = seconds.filter((each) => !(each <= foundSecondsMax)).length;
  const lost = answered.length - lines.length;
  if (lost + late > 0) {
    return {
      seconds,
      fault: `${lost + late} of ${answered.length} lines of ${name} were not found in Loki within ${foundSecondsMax} s`,
    };
  }
  const refused = asked.find((one) => !one.ok);
  if (refused !== undefined && !refused.ok) return { seconds, gap: `${name} did not answer: ${refused.why}` };
  return asked.length < samplesMin
    ? { seconds, gap: `${name} was asked ${asked.length} times, not ${samplesMin}` }
    : { seconds };
}
