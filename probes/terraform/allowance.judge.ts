/** Whether what a Terraform configuration would make stays within the free allowance: asked before an apply. */
import { unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Allowance } from "./allowance.ts";
import type { TerraformPlan } from "./plan.ts";
import { atLeastOne, atMost, concludeFindings, eachRight, type Finding } from "./rule.judge.ts";

const freeShape = "VM.Standard.A1.Flex";

/**
 * Processors, memory, volumes with every claim at its real size, one load balancer of the smallest shape, a basic cluster of free shapes,
 * no surge while nodes are replaced, and no kind of resource that is not known to be free. A configuration without a cluster or nodes is a fault:
 * it is not the platform's.
 */
export function judgeWithinAllowance(plan: Reading<TerraformPlan>, allowance: Allowance): Verdict {
  if (!plan.ok) return unproven(plan.why);
  const parts = plan.value;
  const volumesMax = (allowance.blockVolumeGb * allowance.blockVolumePercentMax) / 100;
  return concludeFindings(
    [
      atLeastOne("clusters", parts.clusterTypes, "no cluster is declared"),
      atLeastOne("node pools", parts.nodePools, "no node is declared"),
      atMost("processors", "OCPU", parts.ocpusTotal, allowance.ocpus),
      atMost("memory", "GB", parts.memoryGbTotal, allowance.memoryGb),
      atMost("boot volumes, block volumes and claims", "GB", volumesOf(parts, allowance), volumesMax),
      eachRight("node shapes", parts.nodePools, ({ address, shape }) =>
        shape === freeShape ? undefined : `${address} is ${shape}`,
      ),
      eachRight("cluster types", parts.clusterTypes, ({ address, type }) =>
        type === "BASIC_CLUSTER" ? undefined : `${address} is ${type}, BASIC_CLUSTER is free`,
      ),
      eachRight("nodes added while others are replaced", parts.nodePools, ({ address, surge }) =>
        /^0%?$/.test(surge) ? undefined : `${address} has a surge of ${surge}`,
      ),
      balancer(parts.loadBalancer, allowance),
      atMost("networks", "VCNs", parts.vcns, allowance.vcns),
      eachRight("kinds of resource not known to be free", parts.paidResourceTypes, (address) => address),
    ],
    `within ${allowance.name}: nothing declared is billed`,
  );
}

function volumesOf(plan: TerraformPlan, { volumeClaimGb }: Allowance): Reading<number> {
  const { bootVolumeGbTotal: boot, blockVolumeGbTotal: declared, volumeClaims: claims } = plan;
  if (!boot.ok) return boot;
  if (!declared.ok) return declared;
  return claims.ok ? { ...boot, value: boot.value + declared.value + claims.value * volumeClaimGb } : claims;
}

/** Kubernetes makes one, from the annotations; any that Terraform makes comes on top. */
function balancer(reading: TerraformPlan["loadBalancer"], { loadBalancers, loadBalancerMbps }: Allowance): Finding {
  const what = "load balancers";
  if (!reading.ok) return { gap: `${what}: ${reading.why}` };
  const { source, at, value } = reading;
  const { declared, shape, mbpsMin, mbpsMax } = value;
  if (![declared, mbpsMin, mbpsMax].every(Number.isFinite)) return { gap: `${what}: a number of theirs is none` };
  const fact = {
    what,
    value: `${declared + 1} of shape ${shape}, ${mbpsMin} to ${mbpsMax} Mbps`,
    limit: `${loadBalancers}, flexible, ${loadBalancerMbps} to ${loadBalancerMbps} Mbps`,
    source,
    at,
  };
  const fits =
    declared + 1 <= loadBalancers &&
    shape.toLowerCase() === "flexible" &&
    mbpsMin === loadBalancerMbps &&
    mbpsMax === loadBalancerMbps;
  return fits ? { fact } : { fact, fault: `${what}: ${fact.value}, free is ${fact.limit}` };
}
