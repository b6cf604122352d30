/** What the bench and the process of its target say to one another. */
import { z } from "zod";

/** One answer: when it was handed over (milliseconds since 1970), what it was to take, and what it took. */
const givenSchema = z.object({ atMs: z.number(), askedMs: z.number(), givenMs: z.number() });
export type Given = z.infer<typeof givenSchema>;

/** To the target: listen with this certificate; deal anew by this seed; tell what was given since. */
export const orderSchema = z.discriminatedUnion("order", [
  z.object({ order: z.literal("listen"), cert: z.string(), key: z.string() }),
  z.object({ order: z.literal("begin"), seed: z.int() }),
  z.object({ order: z.literal("tell") }),
]);
export type Order = z.infer<typeof orderSchema>;

/** From the target: one reply to each order, in their order. */
export const replySchemas = {
  listen: z.object({ port: z.int().min(1).max(65_535) }),
  begin: z.object({ begun: z.literal(true) }),
  tell: z.object({ given: z.array(givenSchema) }),
} as const;
