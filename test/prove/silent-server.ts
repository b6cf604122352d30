/** What a harness is blinded by that asks through the ingress: a server that takes every connection and never says a word. */
import { createServer } from "node:net";

export type SilentServer = { readonly port: number; close(): void };

/** Listens on a free port of loopback. @throws Error where it cannot */
export async function silentServer(): Promise<SilentServer> {
  const server = createServer((socket) => void socket.on("error", () => undefined));
  const port = await new Promise<number>((done, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  return { port, close: () => void server.close() };
}
