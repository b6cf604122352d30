/** Resource use that a profile judges by limits of its own, where the roadmap's cannot be held against its nodes. */
import { z } from "zod";

const percent = z.number().min(0).max(100);
const band = z.strictObject({ from: percent, to: percent }).refine(({ from, to }) => from < to, {
  error: "must begin below its end",
});

/** The shape of the profile's field `bands`. Both edges are allowed values. */
export const bandsSchema = z.strictObject({
  /** Average over all nodes and the plateau of the load, of what the nodes say that they have. */
  cpuPercent: band,
  memoryPercent: band,
  /** Why the roadmap's bands say nothing of these nodes: a reason that somebody can judge. */
  why: z.string().min(20),
});

export type Bands = z.infer<typeof bandsSchema>;
export type Band = z.infer<typeof band>;
