/** That no tenant sees what is another's, layer by layer; a layer whose owner cannot read either proves nothing. */
import type { Criterion } from "../harness/criterion.ts";
import { deployedState } from "./evidence.ts";
import { none } from "./limits.ts";
import { everywhere } from "./scopes.ts";
import { task, taskSuccess } from "./sources.ts";

type Layer = Pick<Criterion, "id" | "must" | "limits"> & Partial<Pick<Criterion, "sources" | "check">>;

/** Isolation has one weight whatever the layer: a single leak forbids that health data lives here. */
function isolated({ id, must, limits, sources = [task("T094")], check }: Layer): Criterion {
  return {
    id,
    suite: "security",
    area: "Tenant isolation",
    must,
    limits,
    evidence: deployedState,
    severity: "blocker",
    sources,
    scope: everywhere,
    ...(check === undefined ? {} : { check }),
  };
}

export const securityTenants: readonly Criterion[] = [
  isolated({
    id: "tenant-isolation-api",
    must: "Every operation of the API MUST refuse another tenant's object as if it did not exist, and leave it unchanged.",
    limits: [none("operations that showed, changed or betrayed a foreign object", "operations")],
    sources: [task("T091"), task("T094"), task("T103"), taskSuccess("User isolation enforced across all operations")],
    check: "security/tenant-api",
  }),
  isolated({
    id: "tenant-isolation-lists",
    must: "Lists, searches, totals, pages and exports MUST count and show the tenant's own objects only.",
    limits: [none("answers with a foreign object, or with a total that counts one", "answers")],
    sources: [task("T091"), task("T094")],
    check: "security/tenant-lists",
  }),
  isolated({
    id: "user-isolation-todo",
    must: "A user of the todo platform MUST NOT see, change or be notified of another user's tasks.",
    limits: [none("foreign tasks shown, changed or notified", "tasks")],
    sources: [task("T091"), task("T103"), taskSuccess("User isolation enforced across all operations")],
    check: "security/user-isolation-todo",
  }),
  isolated({
    id: "tenant-isolation-database",
    must: "The database itself MUST return to the application's role no row of another tenant, and none at all without a tenant.",
    limits: [
      none("rows of another tenant, or returned without a tenant", "rows"),
      none("tables with tenants' data where row-level security is not enabled and forced", "tables"),
    ],
    check: "security/tenant-database",
  }),
  isolated({
    id: "tenant-isolation-cache",
    must: "Keys of the cache MUST carry their tenant, so that no answer cached for one tenant reaches another.",
    limits: [none("keys without a tenant, and cached answers given to another one", "keys")],
    check: "security/tenant-cache",
  }),
  isolated({
    id: "tenant-isolation-messages",
    must: "Messages of queue and broker MUST carry their tenant, and no consumer MUST act on one for another tenant.",
    limits: [none("messages without a tenant, or that acted on another one's data", "messages")],
    check: "security/tenant-messages",
  }),
  isolated({
    id: "tenant-isolation-objects",
    must: "Objects of a tenant MUST be unreadable to another, by key, by listing and by a link signed for something else.",
    limits: [none("foreign objects listed or read", "objects")],
    check: "security/tenant-objects",
  }),
  isolated({
    id: "tenant-isolation-dapr-state",
    must: "State and secrets behind Dapr MUST be out of reach of an application or tenant that they do not belong to.",
    limits: [none("foreign states and secrets read", "states")],
    sources: [task("T092"), task("T094")],
    check: "security/tenant-dapr-state",
  }),
  isolated({
    id: "tenant-isolation-telemetry",
    must: "Logs, traces, metrics and error messages MUST be free of tenants' data.",
    limits: [none("canaries of a tenant found in telemetry", "canaries")],
    check: "security/tenant-telemetry",
  }),
];
