/** One request to one address, as a client of the name would send it. */
import type { Readable } from "node:stream";
import axios, { AxiosHeaders, type AxiosResponse } from "axios";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { PlainAgent, SecureAgent, type Connection } from "./agent.ts";
import type { Authority } from "./authority.ts";
import type { Endpoint } from "./endpoints.ts";
import { describeError, noAnswerOf, type NoAnswer } from "./failure.ts";

/** Milliseconds of each part; `tlsMs` only over HTTPS. `firstByteMs` runs from the connection's start to the answer's head. */
export type Timings = {
  readonly lookupMs: number;
  readonly connectMs: number;
  readonly tlsMs?: number;
  readonly firstByteMs: number;
};

export type Answer = {
  readonly kind: "answered";
  readonly status: number;
  /** Names in lower case; a header sent several times is joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** At most `bodyBytesMax` bytes of the body; `bodyCut` tells that there was more. */
  readonly body: string;
  readonly bodyCut: boolean;
  readonly timings: Timings;
};

export type Asked = {
  readonly endpoint: Endpoint;
  /** The name for SNI, for the certificate and for the Host header, without a port: what a client of the real port sends. */
  readonly host: string;
  /** Another Host header than the name, for a control. */
  readonly hostHeader?: string;
  readonly path: string;
  /** GET where nothing else is said. */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Further headers, such as a token's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Whom to trust: HTTPS. Absent: plain HTTP. */
  readonly authority?: Authority;
  /** How much of the body is read; 64 KiB where nothing else is said. */
  readonly bodyBytesMax?: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

const bodyBytesUsual = 64 * 1024;

/**
 * Asks once: no redirect is followed, no proxy used, nothing repeated. What the address did is a reading, also when it refused,
 * reset or could not be trusted; a timeout, an interruption and an unreachable network are `ok: false`.
 */
export async function request(asked: Asked): Promise<Reading<Answer | NoAnswer>> {
  const { endpoint, host, hostHeader = host, path, authority, method = "GET" } = asked;
  const scheme = authority === undefined ? "http" : "https";
  const source = `${scheme}://${hostHeader}${path} at ${endpoint.label}`;
  const agent = authority === undefined ? new PlainAgent(endpoint) : new SecureAgent(endpoint, host, authority);
  const late = AbortSignal.timeout(asked.timeoutMs);
  try {
    const response = await axios.request<Readable>({
      url: `${scheme}://${host}:${endpoint.port}${path}`,
      method,
      ...(authority === undefined ? { httpAgent: agent } : { httpsAgent: agent }),
      headers: {
        ...asked.headers,
        ...(asked.json === undefined ? {} : { "Content-Type": "application/json" }),
        Host: hostHeader,
        "User-Agent": "oke-proof",
        Accept: "*/*",
        "Accept-Encoding": "identity",
      },
      ...(asked.json === undefined ? {} : { data: JSON.stringify(asked.json) }),
      maxRedirects: 0,
      proxy: false,
      responseType: "stream",
      decompress: false,
      validateStatus: () => true,
      signal: AbortSignal.any([asked.signal, late]),
    });
    const firstByteAt = performance.now();
    const body = await readBody(response.data, asked.bodyBytesMax ?? bodyBytesUsual);
    const timings = timingsOf(agent.connection, firstByteAt, endpoint.lookupMs);
    return read(
      { kind: "answered", status: response.status, headers: headersOf(response), ...body, timings },
      source,
      new Date(),
    );
  } catch (error) {
    return unanswered(error, { asked, late, source, connection: agent.connection });
  } finally {
    agent.destroy();
  }
}

function unanswered(
  error: unknown,
  seen: { readonly asked: Asked; readonly late: AbortSignal; readonly source: string; readonly connection: Connection },
): Reading<NoAnswer> {
  const { asked, late, source, connection } = seen;
  const what = `${asked.method ?? "GET"} ${source}`;
  if (asked.signal.aborted) return unread(`${what}: interrupted`, source, new Date());
  const stage = { connect: "no connection", tls: "connected, but no TLS handshake", http: "connected, but no answer" };
  if (late.aborted) {
    return unread(`${what}: ${stage[connection.phase]} within ${asked.timeoutMs} ms`, source, new Date());
  }
  const observed = noAnswerOf(error, connection.phase);
  return observed === undefined
    ? unread(`${what}: ${describeError(error)}`, source, new Date())
    : read(observed, source, new Date());
}

async function readBody(
  stream: Readable,
  bodyBytesMax: number,
): Promise<{ readonly body: string; readonly bodyCut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    chunks.push(piece);
    // Leaving the loop destroys the stream: what comes after the bound is never read.
    if (bytes > bodyBytesMax) break;
  }
  return { body: Buffer.concat(chunks).toString("utf8", 0, bodyBytesMax), bodyCut: bytes > bodyBytesMax };
}

function headersOf(response: AxiosResponse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of AxiosHeaders.from(response.headers instanceof AxiosHeaders ? response.headers : {})) {
    headers[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : String(value);
  }
  return headers;
}

function timingsOf(connection: Connection, firstByteAt: number, lookupMs: number): Timings {
  const { startedAt = firstByteAt, connectedAt = firstByteAt, securedAt } = connection;
  return {
    lookupMs,
    connectMs: connectedAt - startedAt,
    ...(securedAt === undefined ? {} : { tlsMs: securedAt - connectedAt }),
    firstByteMs: firstByteAt - startedAt,
  };
}
