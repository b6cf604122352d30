/** The load that a profile asks for (`load`): how many users, for how long, and what makes a run of it worth nothing. */
import { z } from "zod";

/** The load of a profile (`profile.load`). Rates follow from users: each asks for something every `thinkSeconds`, on average. */
export const loadPlanSchema = z.strictObject({
  /** Users at once when the ramp begins, and on the plateau (roadmap: 100 to 500 concurrent users). */
  usersFirst: z.int().min(1).max(100_000),
  usersPlateau: z.int().min(1).max(100_000),
  /** Mean time between two requests of one user. */
  thinkSeconds: z.number().min(0.1).max(600),
  rampSeconds: z.int().min(1).max(3600),
  plateauSeconds: z.int().min(1).max(7200),
  /** How long the platform is watched after the load has ended. */
  recoverySeconds: z.int().min(0).max(3600),
  /** Share of the generator's processors that must stay idle: what waits for a processor of its own measures itself. */
  generatorIdlePercentMin: z.number().min(0).max(100),
  /** Why the generator may share its machine with what it measures; absent where it may not. `null` in a file laid over a profile takes a built-in reason away. */
  sharedMachine: z
    .string()
    .min(1)
    .nullable()
    .transform((why) => why ?? undefined)
    .optional(),
  /** What the load balancer lets through, where it caps bandwidth (Oracle's free one: 10 Mbps). */
  balancerMbps: z.number().positive().optional(),
  /**
   * How many generators inside the cluster make the load together (`loadRunner` of helm/harness-access says where they may stand), and the port at which the ingress hosts are
   * reached from there, by the names that the cluster resolves. Absent: one, on the machine that the harness runs on.
   */
  runners: z.strictObject({ count: z.int().min(1).max(50), port: z.int().min(1).max(65_535) }).optional(),
});
export type LoadPlan = z.infer<typeof loadPlanSchema>;
