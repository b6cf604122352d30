/** What is known of a platform's availability over days: who probes it from outside, when its users came, and what people put on record. */
import { z } from "zod";

/** The shape of the profile's field `availability`. */
export const availabilitySchema = z.strictObject({
  /** The prober outside of the cluster whose samples reach Prometheus, as the blackbox exporter writes them (`probe_success`). */
  outside: z.strictObject({
    /** Its label `job`. */
    job: z.string().regex(/^[A-Za-z0-9_.:/-]+$/, { error: "is not the name of a job" }),
    /** Addresses that it asks, as its label `instance` has them: each must be answered. */
    targets: z.array(z.url()).min(1).max(50),
    /** An address that nobody serves: a prober that calls it answered calls anything answered. */
    control: z.url(),
  }),
  /** Groups of alert rules that must have been evaluated all the time: without them no alert is no news. */
  ruleGroups: z.array(z.string().min(1)).min(1),
  /** When the production names were led to this cluster; absent before. */
  cutoverAt: z.iso.datetime({ offset: true }).optional(),
  /** The incident log of the weeks after the cutover (harness/incident-log.ts). */
  incidentLog: z.string().min(1).optional(),
});

export type Availability = z.infer<typeof availabilitySchema>;

/** Groups of the chart's rules (rules/ of helm/health-platform/charts/observability) whose alerts may be critical. */
const ruleGroups: readonly string[] = ["cluster", "operations", "services"];

/**
 * Who is to probe an Oracle environment from outside: a machine of the installation's own, which is no part of it. Until there is one nothing fills
 * the windows, and what rests on them is unproven.
 * @param hosts of the ingress: what a user asks first of each is probed
 * @param domain a name below it that nobody serves is the control
 */
export function probedFromOutside(
  hosts: { readonly health: string; readonly todo: string },
  domain: string,
): Availability {
  return {
    outside: {
      job: "outside",
      targets: [`https://${hosts.health}/healthz`, `https://${hosts.todo}/`],
      control: `https://nobody.${domain}/`,
    },
    ruleGroups: [...ruleGroups],
  };
}
