/** The clocks of the ingress and of the API server against the harness's own, by the Date header of their answers. */
import { readFile } from "node:fs/promises";
import type { Profile } from "../../environments/profile.ts";
import { systemClock } from "../../harness/poll.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { readAuthority, type Authority } from "../http/authority.ts";
import { resolveEndpoints, type Endpoint } from "../http/endpoints.ts";
import { request } from "../http/request.ts";
import { openKubeconfig } from "../kubernetes/kubeconfig.ts";
import { whyOf } from "../why.ts";
import type { LoadClock } from "./load-run.ts";

/** One answer: what its Date header said, and when it was asked for and received by our clock. */
export type Heard = { readonly dateMs: number; readonly sentMs: number; readonly receivedMs: number };

/** A Date header knows seconds. Asked so often within one, the moments at which it turns narrow the difference down to a fifth of a second. */
const asks = 6;
const pauseMs = 170;

/** A whole second may have passed since what a Date header says. */
const dateMsMax = 1000;

/**
 * The difference that fits all answers. Each of them bounds it: the other clock stood somewhere between the header and a second later,
 * at some time between our question and the answer. Where no difference fits all (several clocks behind one address, or one that was set meanwhile) it is the one farthest from none.
 * Undefined without an answer.
 */
export function clockOf(of: string, heard: readonly Heard[]): LoadClock | undefined {
  const [first] = heard;
  if (first === undefined) return undefined;
  const low = heard.reduce((most, { dateMs, receivedMs }) => Math.max(most, dateMs - receivedMs), -Infinity);
  const high = heard.reduce((least, { dateMs, sentMs }) => Math.min(least, dateMs + dateMsMax - sentMs), Infinity);
  const farthest = Math.abs(low) > Math.abs(high) ? low : high;
  return {
    of,
    aheadMs: low <= high ? (low + high) / 2 : farthest,
    tookMs: heard.reduce((most, { sentMs, receivedMs }) => Math.max(most, receivedMs - sentMs), 0),
    withinMs: Math.abs(high - low) / 2,
  };
}

/** The time of a Date header (RFC 9110, IMF-fixdate); undefined where it is none. */
export function timeOfDate(header: string | undefined): number | undefined {
  const isDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(header ?? "");
  const time = Date.parse(header ?? "");
  return isDate && Number.isFinite(time) ? time : undefined;
}

/** The ingress's, at its first address. `ok: false` where that does not answer, or without a date. */
export async function readIngressClock(
  profile: Pick<Profile, "ingress" | "timeouts">,
  signal: AbortSignal,
): Promise<Reading<LoadClock>> {
  const of = "the ingress";
  const [address] = profile.ingress.https;
  const [route] = profile.ingress.routes;
  if (address === undefined || route === undefined) return unread("the profile names no ingress", of, new Date());
  const timeoutMs = profile.timeouts.requestMs;
  const [authority, endpoints] = await Promise.all([
    readAuthority(profile.ingress.caFile),
    resolveEndpoints(address, { timeoutMs, signal }),
  ]);
  if (!authority.ok) return unread(authority.why, of, new Date());
  if (!endpoints.ok) return unread(endpoints.why, of, new Date());
  const [endpoint] = endpoints.value;
  if (endpoint === undefined) return unread(`${address.host} resolves to nothing`, of, new Date());
  return readClock(of, { endpoint, host: route.host, path: route.path, authority: authority.value, timeoutMs, signal });
}

/** The API server's. It dates every answer, also the refusal of somebody without credentials: none are sent. */
export async function readApiServerClock(
  profile: Pick<Profile, "cluster" | "timeouts">,
  signal: AbortSignal,
): Promise<Reading<LoadClock>> {
  const of = "the API server";
  const opened = openKubeconfig(profile.cluster);
  if (!opened.ok) return unread(opened.why, of, new Date());
  const url = new URL(opened.server);
  const host = url.hostname.replaceAll(/^\[|\]$/g, "");
  const port = url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port);
  const timeoutMs = profile.timeouts.requestMs;
  const endpoints = await resolveEndpoints({ host, port }, { timeoutMs, signal });
  if (!endpoints.ok) return unread(endpoints.why, of, new Date());
  const [endpoint] = endpoints.value;
  if (endpoint === undefined) return unread(`${host} resolves to nothing`, of, new Date());
  const path = `${url.pathname.replace(/\/$/, "")}/version`;
  const asked = { endpoint, host, path, timeoutMs, signal };
  if (url.protocol === "http:") return readClock(of, asked);
  const { caData, caFile } = opened.config.getCurrentCluster() ?? {};
  try {
    const pem = caData === undefined ? await readFile(caFile ?? "", "utf8") : Buffer.from(caData, "base64").toString();
    return await readClock(of, { ...asked, authority: { certificates: [pem] } });
  } catch (error) {
    return unread(`the authority of ${opened.server} in the kubeconfig: ${whyOf(error)}`, of, new Date());
  }
}

async function readClock(
  of: string,
  asked: {
    readonly endpoint: Endpoint;
    readonly host: string;
    readonly path: string;
    readonly authority?: Authority;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Reading<LoadClock>> {
  const heard: Heard[] = [];
  const nothing = (why: string): Reading<LoadClock> => unread(`the clock of ${of}: ${why}`, of, new Date());
  for (let ask = 0; ask < asks; ask += 1) {
    if (ask > 0) await systemClock.sleep(pauseMs, asked.signal).catch(() => undefined);
    const sentMs = Date.now();
    const answer = await request(asked);
    const receivedMs = Date.now();
    if (!answer.ok) return nothing(answer.why);
    if (answer.value.kind !== "answered") return nothing(`${answer.source}: ${answer.value.detail}`);
    const dateMs = timeOfDate(answer.value.headers["date"]);
    if (dateMs === undefined) return nothing(`${answer.source} answered without a date`);
    heard.push({ dateMs, sentMs, receivedMs });
  }
  const clock = clockOf(of, heard);
  return clock === undefined ? nothing("it was not asked") : read(clock, asked.endpoint.label, new Date());
}
