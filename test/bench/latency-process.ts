/** The process of the bench's target: beside the bench and not in it, so that reading k6's samples delays no answer. It ends with the bench. */
import { once } from "node:events";
import { knownParts } from "./known-latency.ts";
import { orderSchema } from "./latency-messages.ts";
import { latencyServer, type LatencyServer } from "./latency-server.ts";

let target: LatencyServer | undefined;

async function obey(message: unknown): Promise<object> {
  const given = orderSchema.parse(message);
  if (given.order === "listen") {
    target = latencyServer(knownParts, given);
    target.server.listen(0, "127.0.0.1");
    await once(target.server, "listening");
    const address = target.server.address();
    return { port: address === null || typeof address === "string" ? undefined : address.port };
  }
  if (given.order === "tell") return { given: target?.given() };
  target?.begin(given.seed);
  return { begun: target !== undefined };
}

process.on("message", (message) => {
  // A reply that the schema refuses ends the bench with the reason; nothing is made up here.
  void obey(message).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.once("disconnect", () => process.exit());
