/** The wire below Oracle's clients: signed requests, bounded in time and size, each sent once. */
import { DefaultRequestSigner, type AuthenticationDetailsProvider, type HttpClient } from "oci-common";
import { whyOf } from "../why.ts";

const bodyBytesMax = 16 * 1024 * 1024;

/** Oracle's commercial realm: no other has a free tier. */
const realm = ".oraclecloud.com";

/**
 * What Oracle's clients send by. Their own has no time limit at all, and hides an answer behind its circuit breaker. Redirects are not followed:
 * what another server says would be taken for Oracle's word. So would it where the clients were led elsewhere: they take domains from variables and
 * files of their own (OCI_DEFAULT_REALM, OCI_REGION_METADATA, ~/.oci/regions-config.json), and without an `origin` whoever is not Oracle is not asked.
 */
export function signedRequests(
  provider: AuthenticationDetailsProvider,
  options: { readonly requestMs: number; readonly signal: AbortSignal; readonly origin?: unknown },
): HttpClient {
  const signer = new DefaultRequestSigner(provider);
  return {
    async send(request) {
      if (options.origin === undefined) assertOracle(request.uri);
      await signer.signHttpRequest(request);
      const { method, headers, uri } = request;
      const timeout = AbortSignal.timeout(options.requestMs);
      const signal = AbortSignal.any([options.signal, timeout]);
      try {
        const answer = await fetch(uri, { method, headers, signal, redirect: "error" });
        const body = await bodyOf(answer);
        return new Response(Uint8Array.from(body), { status: answer.status, headers: answer.headers });
      } catch (cause) {
        if (timeout.aborted) throw new Error(`no answer within ${options.requestMs / 1000} s`, { cause });
        if (options.signal.aborted) throw new Error("interrupted", { cause });
        // The clients drop causes, and "fetch failed" says nothing.
        throw new Error(whyOf(cause), { cause });
      }
    },
  };
}

/** @throws Error where the address is none of Oracle's */
function assertOracle(uri: string): void {
  const { protocol, hostname } = new URL(uri);
  if (protocol === "https:" && hostname.endsWith(realm)) return;
  throw new Error(`${protocol}//${hostname} is no address below ${realm.slice(1)}: it was not asked`);
}

/** @throws Error where it is larger than anything that is asked for */
async function bodyOf(answer: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    if (bytes > bodyBytesMax) throw new Error(`the answer is larger than ${bodyBytesMax / 1024 / 1024} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
