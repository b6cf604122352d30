/** The target of the bench: the endpoints of the platforms over HTTPS, each answer as late as it was dealt. */
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Given } from "./latency-messages.ts";
import { dealer, type Deal, type Part } from "./known-latency.ts";
import { standInPlatform } from "./stand-in-platform.ts";

export type LatencyServer = {
  readonly server: Server;
  /** Deals anew, and forgets what was given so far. */
  begin(seed: number): void;
  /** What each answer since then really took, in the order of their ends. */
  given(): readonly Given[];
};

/** More than any run of the bench asks for: a bound, so that a generator that went wild fills no memory. */
const givenAtMost = 100_000;
const bodyCharactersMax = 10_000;
const idleMsMax = 60_000;

/**
 * A server that does not listen yet. A path that the platforms do not have is answered 404 at once and is not counted: clocks are compared by such answers.
 * Timers come late on a busy machine, so what an answer really took is noted beside what it was to take: from the request's head
 * until its answer is written.
 */
export function latencyServer(
  parts: readonly Part[],
  { cert, key }: { readonly cert: string; readonly key: string },
): LatencyServer {
  const answerOf = standInPlatform();
  let deal: Deal = dealer(parts, 0);
  let given: Given[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    const beganMs = performance.now();
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body = (body + part).slice(0, bodyCharactersMax);
    });
    request.once("end", () => {
      const { method = "", url: path = "" } = request;
      const answer = answerOf({ method, path, body });
      if (answer === undefined) {
        say(response, 404, "");
        return;
      }
      const askedMs = deal();
      const noted = given;
      const wait = (): void => {
        // A timer counts whole milliseconds, from when its loop last looked at the clock: it may come early.
        const leftMs = askedMs - (performance.now() - beganMs);
        if (leftMs > 0) setTimeout(wait, leftMs);
        else late();
      };
      const late = (): void => {
        if (noted.length < givenAtMost) noted.push({ atMs: Date.now(), askedMs, givenMs: performance.now() - beganMs });
        say(response, answer.status, answer.body);
      };
      wait();
    });
    request.on("error", () => undefined);
  });
  // A visitor pauses for seconds between two requests, and comes again by the same connection.
  server.keepAliveTimeout = idleMsMax;
  // A visitor that leaves in the middle of a handshake is none of the server's business.
  server.on("tlsClientError", () => undefined);
  return {
    server,
    begin(seed) {
      deal = dealer(parts, seed);
      given = [];
    },
    given: () => given,
  };
}

function say(response: ServerResponse, status: number, body: string): void {
  const length = status === 204 ? {} : { "Content-Length": Buffer.byteLength(body) };
  response.writeHead(status, { "Content-Type": "application/json", ...length }).end(body);
}
