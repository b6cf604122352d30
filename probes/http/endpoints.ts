/** Where to connect: each address behind each address of the profile, so that none hides behind another. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Address } from "../../environments/profile.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { fewAtATime } from "../few-at-a-time.ts";
import { describeError } from "./failure.ts";

/** One IP address and port. `lookupMs` is what the name behind it took to resolve, 0 where the profile gives the address itself. */
export type Endpoint = {
  readonly ip: string;
  readonly port: number;
  readonly label: string;
  readonly lookupMs: number;
};

const endpointsAtMost = 16;
const lookupsAtOnce = 8;

/**
 * The endpoints of an address of the profile: itself, or every A and AAAA that this machine resolves its name to.
 * `ok: false` where the name does not resolve within `timeoutMs`, or to more addresses than can be looked at.
 */
export async function resolveEndpoints(
  address: Address,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Reading<readonly Endpoint[]>> {
  const { host, port } = address;
  const source = `${host}:${port}`;
  if (isIP(host) !== 0) return read([endpoint(host, port, 0)], source, new Date());
  const started = performance.now();
  try {
    const found = await before(
      lookup(host, { all: true, order: "verbatim" }),
      AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]),
    );
    const lookupMs = performance.now() - started;
    const ips = [...new Set(found.map((one) => one.address))].toSorted();
    if (ips.length === 0 || ips.length > endpointsAtMost) {
      return unread(
        `${host} resolves to ${ips.length} addresses: 1 to ${endpointsAtMost} can be looked at`,
        source,
        new Date(),
      );
    }
    return read(
      ips.map((ip) => endpoint(ip, port, lookupMs)),
      source,
      new Date(),
    );
  } catch (error) {
    return unread(`${host} could not be resolved on this machine: ${describeError(error)}`, source, new Date());
  }
}

/**
 * The endpoints of all addresses of the profile, each once, and what became of each address: one that does not resolve is a gap to the judge.
 */
export async function resolveAll(
  addresses: readonly Address[],
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<{
  readonly addresses: readonly Reading<readonly Endpoint[]>[];
  readonly endpoints: readonly Endpoint[];
}> {
  const readings = await fewAtATime(addresses, lookupsAtOnce, async (address) => resolveEndpoints(address, options));
  const found = readings.flatMap((reading) => (reading.ok ? reading.value : []));
  return { addresses: readings, endpoints: [...new Map(found.map((one) => [one.label, one])).values()] };
}

function endpoint(ip: string, port: number, lookupMs: number): Endpoint {
  return { ip, port, label: isIP(ip) === 6 ? `[${ip}]:${port}` : `${ip}:${port}`, lookupMs };
}

/** The system's resolver takes no signal: leave it alone when the time is up. */
async function before<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const giveUp = (): void => late.reject(new Error("no answer in time"));
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
