/** Where a profile asks less of the days than the one it was laid over. */
import type { Availability } from "./availability.ts";

/**
 * One sentence a thing that is not probed or not evaluated any more. Addresses are the installation's own: how many hosts are probed is compared.
 * @param names of the ingress, which `dns-ingress-hosts` holds to this cluster's addresses: a week of answers from elsewhere is none of this platform
 */
export function availableLess(
  builtIn: Availability | undefined,
  ours: Availability | undefined,
  names: readonly string[],
): string[] {
  if (builtIn === undefined) return [];
  if (ours === undefined) return ["availability is not there"];
  const [asked, was] = [hostsOf(ours), hostsOf(builtIn)];
  const { control } = ours.outside;
  const elsewhere = [...asked].filter((host) => !names.includes(host));
  const left = builtIn.ruleGroups.filter((name) => !ours.ruleGroups.includes(name));
  return [
    ...(asked.size < was.size ? [`availability.outside.targets are of ${asked.size} hosts, not of ${was.size}`] : []),
    ...(elsewhere.length === 0
      ? []
      : [`availability.outside.targets are of hosts that dns.ingress.records leaves out: ${elsewhere.join(", ")}`]),
    ...(asked.has(new URL(control).hostname) ? ["availability.outside.control is at a host that is served"] : []),
    ...(left.length === 0 ? [] : [`availability.ruleGroups leaves out ${left.join(", ")}`]),
  ];
}

function hostsOf({ outside }: Availability): ReadonlySet<string> {
  return new Set(outside.targets.map((target) => new URL(target).hostname));
}
