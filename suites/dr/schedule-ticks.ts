/** When a schedule was due, by its cron expression. */
import { Cron } from "croner";
import { read, unread, type Reading } from "../../harness/verdict.ts";

const ticksMax = 5000;

/** Five fields, as Velero takes them; its other forms (`@every 1h`, a time zone in front) have no times that can be told beforehand, or other ones. */
const fiveFields = /^(?:[\d*,/?-]|[a-z]{3})+(?: +(?:[\d*,/?-]|[a-z]{3})+){4}$/i;
const named = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$/;

/**
 * The times a schedule was due at: after `from`, up to and with `to`. Velero's server goes by UTC.
 * `ok: false` where the expression is none, has another form, or is due too often to be counted.
 */
export function ticksOf(expression: string, from: Date, to: Date): Reading<readonly string[]> {
  const source = `schedule ${expression}`;
  const cron = cronOf(expression);
  if (!cron.ok) return unread(cron.why, source, to);
  const ticks: string[] = [];
  for (let next = cron.value.nextRun(from); next !== null && next <= to; next = cron.value.nextRun(next)) {
    if (ticks.length === ticksMax) return unread(`it was due more than ${ticksMax} times`, source, to);
    ticks.push(next.toISOString());
  }
  return read(ticks, source, to);
}

/** The first time that a schedule is due after `from`; null where it never is. */
export function nextTick(expression: string, from: Date): Reading<string | null> {
  const source = `schedule ${expression}`;
  const cron = cronOf(expression);
  return cron.ok ? read(cron.value.nextRun(from)?.toISOString() ?? null, source, from) : unread(cron.why, source, from);
}

type Parsed = { readonly ok: true; readonly value: Cron } | { readonly ok: false; readonly why: string };

function cronOf(expression: string): Parsed {
  const text = expression.trim();
  if (!fiveFields.test(text) && !named.test(text)) {
    return { ok: false, why: `'${expression}' has not the five fields that its times can be told by` };
  }
  try {
    return { ok: true, value: new Cron(text, { timezone: "UTC", mode: "5-part", paused: true }) };
  } catch (error) {
    return { ok: false, why: `'${expression}' is no cron expression: ${error instanceof Error ? error.message : ""}` };
  }
}
