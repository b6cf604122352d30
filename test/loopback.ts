/** Servers on loopback for tests: started, used and always closed. */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

/** Listens on a free port, hands the port to `work`, and closes the server and every connection afterwards. */
export async function listening<T>(server: Server, work: (port: number) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the test's server has no port");
  try {
    return await work(address.port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** Takes every connection and never says a word. */
export function silentServer(): Server {
  return createServer();
}

/** Hangs up on every connection, with a reset. */
export function resettingServer(): Server {
  return createServer((socket) => void socket.once("data", () => socket.resetAndDestroy()));
}

/** Answers every connection's first bytes with a text, whatever was asked. */
export function sayingServer(text: string): Server {
  return createServer((socket) => void socket.once("data", () => socket.end(text)));
}

/** A port that nothing listens on: one that was free a moment ago. */
export async function closedPort(): Promise<number> {
  return listening(createServer(), async (port) => port);
}
