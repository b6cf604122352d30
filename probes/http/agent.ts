/** One agent an address: it connects there, whatever name the URL has, and notes when what happened. */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { connect as connectTcp, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Authority } from "./authority.ts";
import type { Endpoint } from "./endpoints.ts";
import type { Phase } from "./failure.ts";

/** What the agent saw of its connection; times on the scale of `performance.now()`. */
export type Connection = { phase: Phase; startedAt?: number; connectedAt?: number; securedAt?: number };

/** An agent for plain HTTP. */
export class PlainAgent extends HttpAgent {
  readonly connection: Connection = { phase: "connect" };
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    super({ keepAlive: false, maxSockets: 1 });
    this.#endpoint = endpoint;
  }

  override createConnection(): Duplex {
    this.connection.startedAt = performance.now();
    const socket = connectTcp({ host: this.#endpoint.ip, port: this.#endpoint.port });
    return socket.once("connect", () => {
      this.connection.phase = "http";
      this.connection.connectedAt = performance.now();
    });
  }
}

/** An agent for HTTPS: chain and name are verified against the authority, the name is sent as SNI. */
export class SecureAgent extends HttpsAgent {
  readonly connection: Connection = { phase: "connect" };
  readonly #endpoint: Endpoint;
  readonly #host: string;
  readonly #authority: Authority;

  constructor(endpoint: Endpoint, host: string, authority: Authority) {
    super({ keepAlive: false, maxSockets: 1 });
    this.#endpoint = endpoint;
    this.#host = host;
    this.#authority = authority;
  }

  override createConnection(): Duplex {
    this.connection.startedAt = performance.now();
    const { ip, port } = this.#endpoint;
    const socket = connectTls({
      host: ip,
      port,
      ca: [...this.#authority.certificates],
      ALPNProtocols: ["http/1.1"],
      rejectUnauthorized: true,
      // An IP address may not be sent as SNI; then the certificate must carry that address.
      ...(isIP(this.#host) === 0 ? { servername: this.#host } : {}),
    });
    socket.once("connect", () => {
      this.connection.phase = "tls";
      this.connection.connectedAt = performance.now();
    });
    return socket.once("secureConnect", () => {
      this.connection.phase = "http";
      this.connection.securedAt = performance.now();
    });
  }
}
