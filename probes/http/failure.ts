/** What an address said by not answering, and what only tells that we could not look. */
import { codeOf, whyOf } from "../why.ts";

/** An address that was reached and gave no usable answer. It is an observation: a judge may fail it. */
export type NoAnswer = {
  /** `refused`: no listener; `reset`: closed in the middle; `tls`: no handshake or an untrusted certificate; `not-http`: the answer is no HTTP. */
  readonly kind: "refused" | "reset" | "tls" | "not-http";
  /** The error's code and message, as Node has them. */
  readonly detail: string;
};

/** How far a connection had come. */
export type Phase = "connect" | "tls" | "http";

/** Codes that speak of the way there, or of our own machine, whatever the phase: nothing was observed. */
const wayThere =
  /^(ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM|EMFILE|ENFILE|ERR_CANCELED|ABORT_ERR)$/;

/**
 * Sorts an error of a connection: an observation of the address (refused, reset, tls, not-http), or undefined where nothing was observed.
 * @param phase how far the connection had come when the error arose
 */
export function noAnswerOf(error: unknown, phase: Phase): NoAnswer | undefined {
  const code = codeOf(error) ?? "";
  const detail = describeError(error);
  if (wayThere.test(code)) return undefined;
  if (code === "ECONNREFUSED") return { kind: "refused", detail };
  if (code === "ECONNRESET" || code === "EPIPE") return { kind: "reset", detail };
  if (code.startsWith("HPE_")) return { kind: "not-http", detail };
  if (phase === "tls" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) return { kind: "tls", detail };
  return undefined;
}

/** Code and message of whatever was thrown, in one line. */
export function describeError(error: unknown): string {
  const code = codeOf(error);
  const message = whyOf(error);
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}
