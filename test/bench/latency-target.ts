/** The bench's side of its target: a process of its own, started, asked and always ended. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { z } from "zod";
import { replySchemas, type Given, type Order } from "./latency-messages.ts";

export type LatencyTarget = {
  readonly port: number;
  /** From now on times are dealt by this seed, and noted. */
  begin(seed: number): Promise<void>;
  /** What each answer since then really took. */
  tell(): Promise<readonly Given[]>;
};

const replyMs = 10_000;

/**
 * Starts the target on a free port of loopback, hands it to `work`, and ends it afterwards.
 * @throws Error where it cannot be started, or does not reply within ten seconds
 */
export async function withLatencyTarget<T>(
  certificate: { readonly cert: string; readonly key: string },
  signal: AbortSignal,
  work: (target: LatencyTarget) => Promise<T>,
): Promise<T> {
  const child = fork(join(import.meta.dirname, "latency-process.ts"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  try {
    const { port } = await ask(child, { order: "listen", ...certificate }, replySchemas.listen, signal);
    return await work({
      port,
      async begin(seed) {
        await ask(child, { order: "begin", seed }, replySchemas.begin, signal);
      },
      tell: async () => (await ask(child, { order: "tell" }, replySchemas.tell, signal)).given,
    });
  } finally {
    if (child.connected) child.disconnect();
  }
}

async function ask<T>(child: ChildProcess, order: Order, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(replyMs)]);
  try {
    const reply = once(child, "message", { signal: either });
    child.send(order);
    const [message]: unknown[] = await reply;
    return schema.parse(message);
  } catch (cause) {
    throw new Error(`asking the bench's target to ${order.order}`, { cause });
  }
}
