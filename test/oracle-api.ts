/** Oracle's API on loopback, for tests of probes/oci: an inventory in, the real wire format out. It verifies each signature, and gives lists one thing a page. */
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { join } from "node:path";
import { SimpleAuthenticationDetailsProvider } from "oci-common";
import type { OciAccess } from "../environments/oci.ts";
import { sessionOf, type OciSession } from "../probes/oci/session.ts";
import { listening } from "./loopback.ts";

export const tenancy = "ocid1.tenancy.oc1..aaaa";
export const homeRegion = "eu-frankfurt-1";

/** Lists by path and query, as `/eu-frankfurt-1/20160918/volumes?compartmentId=X` (what else is in the query is not looked at), and single answers likewise. */
export type Inventory = {
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
  readonly answers: Readonly<Record<string, unknown>>;
};

/** An answer in place of the inventory's; undefined: as the inventory has it. `body` that is a text is sent as it is. */
export type Bent = (
  path: string,
  query: URLSearchParams,
) => { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> } | undefined;

const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

/** A private key that was made for this process, in PEM. */
export const throwAwayKey = privateKey;

/** Page tokens look like this in the field: characters that mean something in a query. */
const tokenOf = (index: number): string => `a+b/c=&d${index}`;

/** What Oracle has at the moment that it is asked. */
export type Held = Inventory | (() => Inventory);

/**
 * Answers requests as Oracle does.
 * @param options.within what precedes the path of a request, where its own does not name the region: what the inventory has it by
 * @param options.asked is told each path with its query
 */
export function oracle(
  held: Held,
  options: {
    readonly bent?: Bent;
    readonly within?: (request: IncomingMessage) => string;
    readonly asked?: (path: string) => void;
  } = {},
): RequestListener {
  return (request, response) => {
    const url = new URL(`${options.within?.(request) ?? ""}${request.url ?? "/"}`, "http://oracle");
    options.asked?.(decodeURIComponent(`${url.pathname}${url.search}`));
    const inventory = typeof held === "function" ? held() : held;
    const answer = isSigned(request)
      ? (options.bent?.(url.pathname, url.searchParams) ?? answerOf(inventory, url))
      : { status: 401, body: { code: "NotAuthenticated", message: "the signature is wrong" } };
    // Never answered: what a silent server does.
    if (answer.status === 0) return;
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  };
}

/** Lets `work` ask an Oracle that has this inventory. @returns what came of it, and the paths that were asked for with their queries */
export async function withOracle<T>(
  held: Held,
  work: (session: OciSession, origin: (region: string) => string) => Promise<T>,
  options: { readonly bent?: Bent; readonly requestMs?: number } = {},
): Promise<{ readonly result: T; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const { bent, requestMs = 5_000 } = options;
  const server = createServer(
    oracle(held, { ...(bent === undefined ? {} : { bent }), asked: (path) => void asked.push(path) }),
  );
  const result = await listening(server, async (port) => {
    const provider = new SimpleAuthenticationDetailsProvider(tenancy, "ocid1.user.oc1..u", "aa:bb", privateKey, null);
    const origin = (region: string): string => `http://127.0.0.1:${port}/${region}`;
    const signal = AbortSignal.timeout(15_000);
    return work(sessionOf(provider, { tenancy, homeRegion }, { requestMs, signal, origin }), origin);
  });
  return { result, asked };
}

/** Writes a configuration file of Oracle's tools into a folder, with the key of this process. @returns what a profile says of it */
export function writeOracleConfig(folder: string): OciAccess {
  const [configFile, keyFile] = [join(folder, "config"), join(folder, "key.pem")];
  writeFileSync(keyFile, privateKey);
  const lines = [
    "[OKE-PROOF]",
    "user=ocid1.user.oc1..u",
    "fingerprint=aa:bb",
    `tenancy=${tenancy}`,
    `region=${homeRegion}`,
    `key_file=${keyFile}`,
  ];
  writeFileSync(configFile, lines.join("\n"));
  return { configFile, configProfile: "OKE-PROOF", tenancy, homeRegion };
}

function answerOf({ lists, answers }: Inventory, url: URL): NonNullable<ReturnType<Bent>> {
  const matching = (key: string): boolean => {
    const wanted = new URL(key, "http://oracle");
    return (
      wanted.pathname === url.pathname && [...wanted.searchParams].every(([k, v]) => url.searchParams.get(k) === v)
    );
  };
  const single = Object.entries(answers).find(([key]) => matching(key));
  if (single !== undefined) return { status: 200, body: single[1] };
  const found = Object.entries(lists).find(([key]) => matching(key));
  if (found === undefined) return { status: 404, body: { code: "NotAuthorizedOrNotFound", message: "not found" } };
  const list = found[1];
  const page = url.searchParams.get("page");
  const index = page === null ? 0 : list.findIndex((_, at) => tokenOf(at) === page);
  if (index < 0) return { status: 400, body: { code: "InvalidParameter", message: `no page ${page}` } };
  const more = index + 1 < list.length;
  return {
    status: 200,
    body: list.slice(index, index + 1),
    headers: more ? { "opc-next-page": tokenOf(index + 1) } : {},
  };
}

/** As Oracle verifies it: the headers named, in that order, each as `name: value`. */
function isSigned(request: IncomingMessage): boolean {
  const field = (name: string): string =>
    new RegExp(`${name}="([^"]*)"`).exec(request.headers.authorization ?? "")?.[1] ?? "";
  const signed = field("headers")
    .toLowerCase()
    .split(" ")
    .map((name) => {
      if (name === "(request-target)") return `${name}: ${request.method?.toLowerCase()} ${request.url}`;
      const value = request.headers[name];
      return `${name}: ${typeof value === "string" ? value : ""}`;
    });
  const isDated = signed.some((line) => line.startsWith("x-date: ") || line.startsWith("date: "));
  const signature = Buffer.from(field("signature"), "base64");
  const text = Buffer.from(signed.join("\n"));
  return isDated && verify("rsa-sha256", text, createPublicKey(publicKey), signature);
}
