/** What the command line tells its Vitest child. Written as JSON, read by vitest.config.ts, injected into the checks. */
import { z } from "zod";

export const runPlanSchema = z.strictObject({
  id: z.string().min(1),
  /** Absolute path of the report folder. */
  directory: z.string().min(1),
  /** The cluster that the run is about, as it was read at the start. */
  clusterUid: z.string().min(1),
  /** Ids of the criteria whose checks shall run. */
  criteria: z.array(z.string().min(1)),
  /** The drill that is made, as it was announced; absent where nothing is disturbed. */
  drill: z
    .strictObject({
      name: z.string().min(1),
      targets: z.array(z.string()),
      namespaces: z.array(z.string()),
      singleReplica: z.boolean(),
      /** The cluster that it is made on goes for good, and another takes its place. */
      replacesCluster: z.boolean().optional(),
      /** What the whole trial may take, with all that it does beside the experiment. */
      msMax: z.number().positive(),
    })
    .optional(),
  /** The profile, parsed again by whoever uses it: the harness knows nothing of environments. */
  profile: z.looseObject({ timeouts: z.looseObject({ checkMs: z.number() }) }),
});

export type RunPlan = z.infer<typeof runPlanSchema>;

declare module "vitest" {
  // eslint-disable-next-line typescript/consistent-type-definitions -- Vitest's own interface is merged into
  interface ProvidedContext {
    run: RunPlan;
  }
}
