/** The Health API as a signed-in user has it, through the ingress. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { askedOf, type Asked } from "../http/outcome.ts";
import { request } from "../http/request.ts";
import type { Session } from "../sign-in/session.ts";

/** A measurement as it is uploaded; `measuredAt` is an ISO time in UTC, to the millisecond. */
export type Upload = {
  readonly kind: string;
  readonly value: number;
  readonly unit: string;
  readonly measuredAt: string;
};

const storedSchema = z.object({
  id: z.uuid(),
  owner: z.string(),
  kind: z.string(),
  value: z.number(),
  unit: z.string(),
  measuredAt: z.string(),
  /** Of the object in the data lake, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  recordedAt: z.string(),
});
const narrativeSchema = z.object({
  record: z.uuid(),
  text: z.string(),
  sha256: z.string(),
  writtenAt: z.iso.datetime(),
});
const deletedSchema = z.object({ status: z.literal("deleted") });

export type StoredRecord = z.output<typeof storedSchema>;
export type Narrative = z.output<typeof narrativeSchema>;

export type HealthClient = {
  readonly upload: (record: Upload) => Promise<Asked<StoredRecord>>;
  readonly find: (id: string) => Promise<Asked<StoredRecord>>;
  readonly narrative: (id: string) => Promise<Asked<Narrative>>;
  readonly remove: (id: string) => Promise<Asked<z.output<typeof deletedSchema>>>;
};

/** A client for one user. Nothing is repeated, and nothing waited for but the answer. @param sent further headers of every request */
export function healthClient(
  profile: Pick<Profile, "health" | "timeouts">,
  session: Session,
  signal: AbortSignal,
  sent: Readonly<Record<string, string>> = {},
): HealthClient {
  const { endpoint, authority, token } = session;
  const headers = { ...sent, authorization: `Bearer ${token}` };
  const { host } = profile.health;
  const ask = async <T>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    wanted: { readonly status: number; readonly schema: z.ZodType<T> },
    json?: Upload,
  ): Promise<Asked<T>> => {
    const asked = { endpoint, host, authority, headers, method, path: `/api/v1/records${path}`, signal };
    const body = json === undefined ? {} : { json };
    return askedOf(await request({ ...asked, ...body, timeoutMs: profile.timeouts.requestMs }), wanted);
  };
  return {
    upload: async (record) => ask("POST", "", { status: 201, schema: storedSchema }, record),
    find: async (id) => ask("GET", `/${id}`, { status: 200, schema: storedSchema }),
    narrative: async (id) => ask("GET", `/${id}/narrative`, { status: 200, schema: narrativeSchema }),
    remove: async (id) => ask("DELETE", `/${id}`, { status: 200, schema: deletedSchema }),
  };
}
