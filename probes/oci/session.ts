/** Signing in to Oracle, by the file that its own tools keep; the clients of a region. All calls read. */
import {
  ConfigFileAuthenticationDetailsProvider,
  NoRetryConfigurationDetails,
  type AuthenticationDetailsProvider,
  type HttpClient,
} from "oci-common";
import { BlockstorageClient, ComputeClient } from "oci-core";
import { IdentityClient } from "oci-identity";
import { ObjectStorageClient } from "oci-objectstorage";
import { SubscriptionServiceClient } from "oci-ospgateway";
import type { OciAccess } from "../../environments/oci.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";
import { signedRequests } from "./signed-requests.ts";

export type OciSession = {
  readonly tenancy: string;
  readonly homeRegion: string;
  readonly clients: (region: string) => OciClients;
};

export type OciClients = {
  readonly identity: IdentityClient;
  readonly volumes: BlockstorageClient;
  readonly compute: ComputeClient;
  readonly objects: ObjectStorageClient;
  readonly subscriptions: SubscriptionServiceClient;
};

export type SessionOptions = {
  /** The longest that one request may take. */
  readonly requestMs: number;
  readonly signal: AbortSignal;
  /** Where the services of a region are in a test: scheme, host and what precedes the version in paths. Neither a profile nor a variable can give it. */
  readonly origin?: (region: string) => string;
};

/** A session by the profile's file. `ok: false` where it cannot be read, and where it belongs to another tenancy than the profile expects. */
export function openSession(access: OciAccess, options: SessionOptions): Reading<OciSession> {
  const { configFile, configProfile, tenancy } = access;
  const source = `${configFile}, section ${configProfile}`;
  try {
    const provider = new ConfigFileAuthenticationDetailsProvider(configFile, configProfile);
    const found = provider.getTenantId();
    if (found !== tenancy)
      return unread(`${source} belongs to tenancy ${found}, and the profile expects ${tenancy}`, source, new Date());
    return read(sessionOf(provider, access, options), source, new Date());
  } catch (error) {
    return unread(`reading ${source}: ${whyOf(error)}`, source, new Date());
  }
}

/** A session by whatever signs its requests. */
export function sessionOf(
  provider: AuthenticationDetailsProvider,
  { tenancy, homeRegion }: Pick<OciAccess, "tenancy" | "homeRegion">,
  options: SessionOptions,
): OciSession {
  const httpClient = signedRequests(provider, options);
  const known = new Map<string, OciClients>();
  return {
    tenancy,
    homeRegion,
    clients(region) {
      const clients = known.get(region) ?? clientsOf(region, httpClient, options.origin);
      known.set(region, clients);
      return clients;
    },
  };
}

/** Nothing is asked twice: by itself the clients of some services would ask for minutes after a refusal. */
const askOnce = { retryConfiguration: NoRetryConfigurationDetails };

function clientsOf(region: string, httpClient: HttpClient, origin: SessionOptions["origin"]): OciClients {
  const clients = {
    identity: new IdentityClient({ httpClient }, askOnce),
    volumes: new BlockstorageClient({ httpClient }, askOnce),
    compute: new ComputeClient({ httpClient }, askOnce),
    objects: new ObjectStorageClient({ httpClient }, askOnce),
    subscriptions: new SubscriptionServiceClient({ httpClient }, askOnce),
  };
  for (const client of Object.values(clients)) {
    if (origin === undefined) client.regionId = region;
    else client.endpoint = origin(region);
  }
  return clients;
}
