/** One authenticated request to the API server, bounded in time and size, that never throws. */
import { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext, type KubeConfig } from "@kubernetes/client-node";
import { whyOf } from "../why.ts";

export type Answer =
  { readonly ok: true; readonly status: number; readonly body: string } | { readonly ok: false; readonly why: string };

/** What is sent, by POST where nothing else is said: JSON, and how long its answer may take where that is longer than for a GET. */
export type Posted = {
  readonly json: string;
  readonly requestMs?: number;
  readonly method?: "POST" | "PUT" | "DELETE";
};

/** Asks for a path below the server's address, by another method than GET where something is sent; `why` of a failure is a sentence without the path. */
export type Transport = (path: string, posted?: Posted) => Promise<Answer>;

const bodyBytesMax = 64 * 1024 * 1024;

/** The client library knows no time-outs: without this one a silent server hangs for ever. */
class TimedHttp extends IsomorphicFetchHttpLibrary {
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    super();
    this.#signal = signal;
  }

  override send(request: RequestContext): ReturnType<IsomorphicFetchHttpLibrary["send"]> {
    request.setSignal(this.#signal);
    return super.send(request);
  }
}

/**
 * A transport for one kubeconfig. The credentials and the connection pool are made once, at the first request.
 * Nothing is asked twice: an answer that was refused, delayed or cut off is the caller's to report.
 * @param options.requestMs the longest that one request may take, from the first byte sent to the last received
 * @param options.signal ends every request
 */
export function transportOf(
  config: KubeConfig,
  server: string,
  options: { readonly requestMs: number; readonly signal: AbortSignal },
): Transport {
  let pattern: Promise<RequestContext> | undefined;
  return async (path, posted) => {
    const requestMs = posted?.requestMs ?? options.requestMs;
    const timeout = AbortSignal.timeout(requestMs);
    const signal = AbortSignal.any([options.signal, timeout]);
    try {
      pattern ??= authenticated(config, server);
      const request = copyOf(await endedBy(signal, pattern), `${server}${path}`, posted);
      const response = await new TimedHttp(signal).send(request).toPromise();
      return { ok: true, status: response.httpStatusCode, body: await bodyOf(response.body.stream()) };
    } catch (error) {
      if (timeout.aborted) return { ok: false, why: `no answer within ${requestMs / 1000} s from ${server}` };
      if (options.signal.aborted) return { ok: false, why: `interrupted while asking ${server}` };
      return { ok: false, why: `asking ${server}: ${whyOf(error)}` };
    }
  };
}

async function authenticated(config: KubeConfig, server: string): Promise<RequestContext> {
  const context = new RequestContext(server, HttpMethod.GET);
  context.setHeaderParam("Accept", "application/json");
  await config.applySecurityAuthentication(context);
  return context;
}

const methods = { POST: HttpMethod.POST, PUT: HttpMethod.PUT, DELETE: HttpMethod.DELETE } as const;

function copyOf(pattern: RequestContext, url: string, posted: Posted | undefined): RequestContext {
  const method = posted === undefined ? HttpMethod.GET : methods[posted.method ?? "POST"];
  const request = new RequestContext(url, method);
  for (const [name, value] of Object.entries(pattern.getHeaders())) request.setHeaderParam(name, value);
  if (posted !== undefined) {
    request.setHeaderParam("Content-Type", "application/json");
    request.setBody(posted.json);
  }
  const dispatcher = pattern.getDispatcher();
  if (dispatcher !== undefined) request.setDispatcher(onlyTo(url, dispatcher));
  return request;
}

type Dispatcher = NonNullable<ReturnType<RequestContext["getDispatcher"]>>;

/** The library follows redirects, silently: what another server says would be taken for the cluster's word. */
function onlyTo(url: string, dispatcher: Dispatcher): Dispatcher {
  const asked = new URL(url);
  return dispatcher.compose((dispatch) => (options, handler) => {
    const to = new URL(options.path, options.origin);
    if (to.href !== asked.href) throw new Error(`the server redirects to ${to.href}, which is not followed`);
    return dispatch(options, handler);
  });
}

/** A credential plugin of the kubeconfig is a process that may hang: the wait for it ends with the signal. */
async function endedBy<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      const end = (): void => reject(new Error("the credentials of the kubeconfig were not ready in time"));
      if (signal.aborted) end();
      signal.addEventListener("abort", end, { once: true });
    }),
  ]);
}

async function bodyOf(stream: ReadableStream<Uint8Array> | null): Promise<string> {
  if (stream === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error(`the answer is larger than ${bodyBytesMax / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
