/** Whether a Terraform configuration guards itself: against charges, against the loss of its state and backups, and against the internet. */
import { unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Allowance } from "./allowance.ts";
import type { Bucket } from "./buckets.ts";
import type { Budget } from "./guards.ts";
import type { Opening } from "./network.ts";
import type { TerraformPlan } from "./plan.ts";
import { atLeastOne, concludeFindings, eachRight, type Finding } from "./rule.judge.ts";

const cent = 0.01;
const tcp = "6";
const icmp = ["1", "58"];

/**
 * A budget that tells somebody of the first cent, quotas that refuse more than the allowance, state that is remote and locked, buckets that are
 * private, come to an end and outlive a destroy, nothing open to the internet but 80, 443 and ICMP, and no secret in a file.
 */
export function judgeGuarded(plan: Reading<TerraformPlan>, allowance: Allowance): Verdict {
  if (!plan.ok) return unproven(plan.why);
  const parts = plan.value;
  return concludeFindings(
    [
      budget(parts.budgets),
      quota(parts.quota, allowance),
      state(parts.remoteState),
      atLeastOne("buckets", parts.buckets, "no bucket is declared: there is nowhere to restore from"),
      eachRight("buckets", parts.buckets, wrongWithBucket),
      eachRight("rules open to the internet", parts.openings, wrongWithOpening),
      eachRight("secrets in files", parts.secretsInVariables, (place) => place),
    ],
    "budget, quotas, state, buckets and network are guarded",
  );
}

function budget(reading: Reading<readonly Budget[]>): Finding {
  const what = "budgets that tell of the first cent";
  if (!reading.ok) return { gap: `${what}: ${reading.why}` };
  const { source, at, value } = reading;
  const good = value.filter(({ amount, alerts }) =>
    alerts.some(
      ({ type, threshold, thresholdType, hasRecipients }) =>
        hasRecipients &&
        type === "ACTUAL" &&
        (thresholdType === "ABSOLUTE" ? threshold : (threshold * amount) / 100) <= cent,
    ),
  );
  const fact = { what, value: good.length, limit: "at least 1", source, at };
  return good.length > 0 ? { fact } : { fact, fault: `${what}: none of ${value.length}` };
}

/**
 * Limits by family and name. A `zero` of a whole family stands under the name `*`; within a quota the later statement wins.
 * A `set` under a condition (one region, one domain) limits nothing elsewhere: it counts only where everything was zero before.
 */
export function quotaLimits(statements: readonly string[]): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const statement of statements) {
    const [, family = "", name = "", limit, condition] =
      /^(?:set|zero) (\S+) quotas?(?: (?!in )(\S+))?(?: to (\d+))? in tenancy( where .+)?$/.exec(statement) ?? [];
    const isZero = statement.startsWith("zero ") && limit === undefined && condition === undefined;
    const isSet = statement.startsWith("set ") && limit !== undefined && name !== "";
    if (family === "" || (!isZero && !isSet)) continue;
    if (isZero && name === "") for (const key of limits.keys()) if (key.startsWith(`${family} `)) limits.set(key, 0);
    const key = `${family} ${name === "" ? "*" : name}`;
    if (isSet && condition !== undefined && !limits.has(key) && !limits.has(`${family} *`)) continue;
    limits.set(key, isZero ? 0 : Number(limit));
  }
  return limits;
}

function quota(reading: Reading<readonly string[]>, allowance: Allowance): Finding {
  const what = "quotas";
  if (!reading.ok) return { gap: `${what}: ${reading.why}` };
  const limits = quotaLimits(reading.value);
  const most: readonly (readonly [string, number])[] = [
    ["compute-core *", 0],
    ["compute-core standard-a1-core-count", allowance.ocpus],
    ["compute-core standard-a1-core-regional-count", allowance.ocpus],
    ["compute-memory *", 0],
    ["compute-memory standard-a1-memory-count", allowance.memoryGb],
    ["compute-memory standard-a1-memory-regional-count", allowance.memoryGb],
    ["block-storage total-storage-gb", allowance.blockVolumeGb],
    ["load-balancer lb-flexible-count", allowance.loadBalancers],
    ["load-balancer lb-flexible-bandwidth-sum", allowance.loadBalancerMbps],
  ];
  const wrong = most.flatMap(([name, limit]) => {
    const found = limits.get(name);
    if (found === undefined) return [`${name} is not limited`];
    return found <= limit ? [] : [`${name} may reach ${found}, ${limit} is free`];
  });
  const { source, at } = reading;
  const fact = {
    what: "quotas that refuse more than the allowance",
    value: most.length - wrong.length,
    limit: `${most.length}`,
    source,
    at,
  };
  return wrong.length === 0 ? { fact } : { fact, fault: `${what}: ${wrong.join(", ")}` };
}

function state(reading: TerraformPlan["remoteState"]): Finding {
  const what = "state";
  if (!reading.ok) return { gap: `${what}: ${reading.why}` };
  const { source, at, value } = reading;
  const fact = {
    what,
    value: `${value.backend}${value.locked ? ", locked" : ", not locked"}`,
    limit: "remote and locked",
    source,
    at,
  };
  return value.backend !== "local" && value.locked ? { fact } : { fact, fault: `${what}: is ${fact.value}` };
}

function wrongWithBucket({
  address,
  accessType,
  storageTier,
  hasLifecycle,
  outlivesDestroy,
}: Bucket): string | undefined {
  const wrong = [
    ...(accessType === "NoPublicAccess" ? [] : [`is public (${accessType})`]),
    ...(storageTier === "Standard" ? [] : [`is of the tier ${storageTier}, which is paid for months after a delete`]),
    ...(hasLifecycle ? [] : ["has no lifecycle policy"]),
    ...(outlivesDestroy ? [] : ["does not outlive a destroy"]),
  ];
  return wrong.length === 0 ? undefined : `${address} ${wrong.join(" and ")}`;
}

function wrongWithOpening({ address, protocol, ports }: Opening): string | undefined {
  if (icmp.includes(protocol) || (protocol === tcp && ["80-80", "443-443"].includes(ports))) return undefined;
  return `${address} (protocol ${protocol}, ports ${ports})`;
}
