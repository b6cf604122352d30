/** Alerts: every declared rule loaded and evaluated, and one that was raised on purpose arrived and resolved. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { AlertRule } from "../../probes/observability/rules.ts";

/** One alert raised on purpose, by the receiver's clock. A time that is absent did not come while it was waited for. */
export type RaisedAlert = {
  readonly raisedAt: string;
  readonly firedAt?: string;
  readonly resolvedAt?: string;
  /** How long each was waited for. */
  readonly firedWithinSeconds: number;
  readonly resolvedWithinSeconds: number;
};

export type AlertReadings = {
  readonly rules: Reading<readonly AlertRule[]>;
  readonly raised: Reading<RaisedAlert>;
};

/** Rules are evaluated every 15 seconds; one that was not for this long is not evaluated. */
const evaluatedSecondsMax = 120;
/** By how much Prometheus's clock may be ahead of ours. */
const aheadSecondsMax = 60;

/** @param declared names of all alert rules, as the profile has them */
export function judgeAlertsFire(readings: AlertReadings, declared: readonly string[], now: Date): Verdict {
  const { rules, raised } = readings;
  const judged = rules.ok ? declared.map((name) => judgeRule(name, rules.value, now)) : [];
  const way = raised.ok ? wayOf(raised.value) : { faults: [], facts: [] };
  const faulty = judged.flatMap(({ fault }) => fault ?? []);
  if (!rules.ok && way.faults.length === 0) return unproven(rules.why);
  const facts: readonly Fact[] = [
    ...faulty.map((value) => ({ what: "rule", value, source: rules.source, at: rules.at })),
    ...(rules.ok
      ? [
          {
            what: "rules missing or in error",
            value: faulty.length,
            unit: "rules",
            limit: `0 of ${declared.length}`,
            source: rules.source,
            at: rules.at,
          },
        ]
      : []),
    ...way.facts.map((fact) => ({ ...fact, source: raised.source, at: raised.at })),
  ];
  return conclude({
    faults: [...faulty, ...way.faults],
    gaps: [
      ...judged.flatMap(({ gap }) => gap ?? []),
      ...(rules.ok ? [] : [rules.why]),
      ...(raised.ok ? [] : [raised.why]),
      ...(declared.length === 0 ? ["no rule is declared"] : []),
    ],
    facts,
    held: `${declared.length} rules are loaded; an alert raised on purpose arrived and resolved`,
  });
}

function judgeRule(
  name: string,
  rules: readonly AlertRule[],
  now: Date,
): { readonly fault?: string; readonly gap?: string } {
  const found = rules.filter((rule) => rule.name === name);
  if (found.length === 0) return { fault: `rule ${name} is not loaded` };
  const broken = found.find(({ health }) => health === "err");
  if (broken !== undefined) return { fault: `rule ${name} is in error: ${broken.lastError}` };
  const ages = found.map(({ evaluatedAt }) => (now.getTime() - Date.parse(evaluatedAt ?? "")) / 1000);
  if (found.some(({ health }) => health === "unknown") || !ages.every((age) => Number.isFinite(age))) {
    return { gap: `rule ${name} was never evaluated yet` };
  }
  if (Math.min(...ages) < -aheadSecondsMax) return { gap: `rule ${name} was evaluated in the future: set the clocks` };
  const oldest = Math.max(...ages);
  return oldest > evaluatedSecondsMax ? { fault: `rule ${name} was last evaluated ${Math.round(oldest)} s ago` } : {};
}

type Way = { readonly faults: readonly string[]; readonly facts: readonly Pick<Fact, "what" | "value" | "unit">[] };

function wayOf(raised: RaisedAlert): Way {
  const { raisedAt, firedAt, resolvedAt, firedWithinSeconds, resolvedWithinSeconds } = raised;
  const seconds = (until: string): number => (Date.parse(until) - Date.parse(raisedAt)) / 1000;
  if (firedAt === undefined) {
    return {
      faults: [`the alert raised on purpose did not reach the receiver within ${firedWithinSeconds} s`],
      facts: [{ what: "alert raised on purpose", value: "did not arrive" }],
    };
  }
  const fired = { what: "time from raised to received", value: seconds(firedAt), unit: "s" };
  if (resolvedAt === undefined) {
    return {
      faults: [
        `the alert raised on purpose arrived, but was not resolved within ${resolvedWithinSeconds} s of its end`,
      ],
      facts: [fired, { what: "alert raised on purpose", value: "did not resolve" }],
    };
  }
  return {
    faults: [],
    facts: [fired, { what: "time from raised to resolved", value: seconds(resolvedAt), unit: "s" }],
  };
}
