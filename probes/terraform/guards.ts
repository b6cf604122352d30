/** What warns of charges, and what refuses them. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { counted, type PlanContext } from "./plan-context.ts";
import { attribute, type Instance } from "./resources.ts";
import { isList, Unknown, type Value } from "./value.ts";

export type Alert = {
  readonly type: string;
  readonly threshold: number;
  readonly thresholdType: string;
  readonly hasRecipients: boolean;
};
/** The budgets of a plan are read as one: `amount` is the smallest of them, `alerts` are all alert rules. */
export type Budget = { readonly address: string; readonly amount: number; readonly alerts: readonly Alert[] };

/** Budgets with the alert rules that name them. */
export async function readBudgets(context: PlanContext): Promise<Reading<readonly Budget[]>> {
  const { source, now } = context;
  const found = counted(context, ["oci_budget_budget", "oci_budget_alert_rule"], (instances) => instances);
  if (!found.ok) return found;
  const budgets: Budget[] = [];
  for (const instance of found.value.filter(({ type }) => type === "oci_budget_budget")) {
    const amount = await attribute(instance, "amount");
    if (typeof amount !== "number") return unread(whyNot(instance, "amount", amount), source, now);
    const alerts: Alert[] = [];
    for (const rule of found.value.filter(
      (candidate) => candidate.type === "oci_budget_alert_rule" && names(candidate, instance),
    )) {
      const alert = await alertOf(rule);
      if (typeof alert === "string") return unread(alert, source, now);
      alerts.push(alert);
    }
    budgets.push({ address: instance.address, amount, alerts });
  }
  return read(budgets, source, now);
}

function names(rule: Instance, budget: Instance): boolean {
  const written = rule.body["budget_id"];
  return typeof written === "string" && written === `\${${budget.address.replace(/^(?:module\.[\w-]+\.)*/, "")}.id}`;
}

async function alertOf(rule: Instance): Promise<Alert | string> {
  const threshold = await attribute(rule, "threshold");
  const thresholdType = await attribute(rule, "threshold_type");
  const type = await attribute(rule, "type");
  const recipients = await attribute(rule, "recipients");
  if (typeof threshold !== "number") return whyNot(rule, "threshold", threshold);
  if (typeof thresholdType !== "string") return whyNot(rule, "threshold_type", thresholdType);
  if (typeof type !== "string") return whyNot(rule, "type", type);
  if (recipients instanceof Unknown) return whyNot(rule, "recipients", recipients);
  return { type, threshold, thresholdType, hasRecipients: typeof recipients === "string" && recipients.includes("@") };
}

/**
 * All quota statements, in order, in lower case. Of a statement that names what only Oracle knows, the rest is kept, with `?` in that place;
 * where the limit itself is not known, the reading has no value.
 */
export async function readQuota(context: PlanContext): Promise<Reading<readonly string[]>> {
  const { source, now } = context;
  const found = counted(context, ["oci_limits_quota"], (instances) => instances);
  if (!found.ok) return found;
  const statements: string[] = [];
  for (const instance of found.value) {
    const list = await attribute(instance, "statements");
    if (!isList(list)) return unread(whyNot(instance, "statements", list), source, now);
    for (const statement of list) {
      const text = statement instanceof Unknown ? statement.partial : statement;
      if (typeof text !== "string" || / to \S*\?/.test(text))
        return unread(whyNot(instance, "statements", statement), source, now);
      statements.push(text.toLowerCase());
    }
  }
  return read(statements, source, now);
}

function whyNot(instance: Instance, name: string, value: Value): string {
  return `${instance.address}.${name}: ${value instanceof Unknown ? value.why : value === null ? "is not written" : "is not of the right kind"}`;
}
