import { expect, test } from "vitest";
import { builtInProfile, environmentNames } from "./load.ts";
import type { Profile, ProtectedService } from "./profile.ts";
import { weakerThan } from "./weaker.ts";

const builtIn = builtInProfile("oke-production");
const { pods, ingress, dns, storage, delivery, dependencies, observability, eventBus, health } = builtIn;
const { signIn, protectedServices, networkIntent } = builtIn;
const { dashboards } = observability;
const [first, ...others] = ingress.routes;
const from = (changes: Partial<Profile>): string[] => weakerThan(builtIn, { ...builtIn, ...changes });

function withoutDocument({ host, service, gateway, operations }: ProtectedService): ProtectedService {
  return { host, service, gateway, operations };
}

/** The first of the protected services changed. */
function guarding(change: (first: ProtectedService) => ProtectedService): Profile["protectedServices"] {
  return protectedServices.map((one, at) => (at === 0 ? change(one) : one));
}

function without(roles: Profile["health"]["roles"], operation: string): Profile["health"]["roles"] {
  return Object.fromEntries(Object.entries(roles).filter(([name]) => name !== operation));
}

test.each(environmentNames)("the built-in profile '%s' is not weaker than itself", (name) => {
  expect(weakerThan(builtInProfile(name), builtInProfile(name))).toEqual([]);
});

test.each<[string, Partial<Profile>, RegExp]>([
  ["a day less", { ingress: { ...ingress, daysLeftMin: 20 } }, /daysLeftMin is 20, not 21/],
  ["a second less", { pods: { ...pods, replacedWithinSeconds: 86_399 } }, /replacedWithinSeconds is 86399, not 86400/],
  ["some pods", { pods: { ...pods, namespaces: ["health-platform"] } }, /pods\.namespaces is health-platform, not all/],
  ["some workloads", { workloads: { namespaces: ["oke-proof"] } }, /workloads\.namespaces leaves out health-platform/],
  ["other volumes", { storage: { ...storage, namespaces: ["x"] } }, /storage\.namespaces leaves out health-platform/],
  ["no first route", { ingress: { ...ingress, routes: others } }, /ingress\.routes has no \/healthz with status 200/],
  [
    "a route from anybody",
    { ingress: { ...ingress, routes: [{ host: "a.example", path: "/healthz", status: 200 }, ...others] } },
    /no \/healthz with status 200 from a backend/,
  ],
  [
    "a route with another status",
    { ingress: { ...ingress, routes: first === undefined ? [] : [{ ...first, status: 503 }, ...others] } },
    /no \/healthz with status 200/,
  ],
  [
    "ranges of ports unread",
    { enforcement: { ...builtIn.enforcement, portRanges: "first port only" } },
    /enforcement\.portRanges asks for the first port only/,
  ],
  [
    "no policy by address",
    { enforcement: { ...builtIn.enforcement, outside: false } },
    /enforcement\.outside is false/,
  ],
  [
    "a place less to connect from",
    { networkIntent: { ...networkIntent, places: networkIntent.places.slice(1) } },
    /networkIntent\.places leaves out health-api$/,
  ],
  [
    "a target less to connect to",
    { networkIntent: { ...networkIntent, targets: networkIntent.targets.slice(1) } },
    /networkIntent\.targets leaves out postgres-health-data$/,
  ],
  [
    "less time to connect",
    { networkIntent: { ...networkIntent, timeoutMs: 3_999 } },
    /networkIntent\.timeoutMs is 3999, not 4000/,
  ],
  ["a name less", { dns: { ...dns, inCluster: dns.inCluster.slice(1) } }, /dns\.inCluster has no kubernetes\.default/],
  [
    "an application less",
    { delivery: { ...delivery, applications: ["x"] } },
    /delivery\.applications leaves out health-/,
  ],
  ["older looks", { delivery: { ...delivery, lookedWithinSeconds: 601 } }, /lookedWithinSeconds is 601, not 600/],
  [
    "slower delivery",
    { delivery: { ...delivery, canary: { ...delivery.canary, deployedWithinSeconds: 481 } } },
    /deployedWithinSeconds is 481, not 480/,
  ],
  ["a service less", { dependencies: dependencies.slice(1) }, /dependencies has no health-platform\/health-api/],
  [
    "a dependency less",
    {
      dependencies: dependencies.map((one) => ({
        ...one,
        needs: one.needs.filter((name) => name !== "redis" || one.service !== "health-api"),
      })),
    },
    /dependencies: health-platform\/\S+ leaves out redis/,
  ],
  [
    "a dashboard less",
    { observability: { ...observability, dashboards: dashboards.slice(1) } },
    /dashboards has no cluster/,
  ],
  [
    "a panel less",
    {
      observability: {
        ...observability,
        dashboards: dashboards.map((one) => (one.uid === "logs" ? { ...one, panels: one.panels - 1 } : one)),
      },
    },
    /observability\.dashboards has no logs with 3 panels/,
  ],
  [
    "a job less",
    { observability: { ...observability, scraped: observability.scraped.slice(1) } },
    /scraped leaves out/,
  ],
  ["a log less", { observability: { ...observability, logged: observability.logged.slice(1) } }, /logged leaves out/],
  ["a span less", { observability: { ...observability, traced: observability.traced.slice(1) } }, /traced leaves out/],
  ["other rules", { observability: { ...observability, alertRules: ["x"] } }, /alertRules leaves out/],
  ["other services of Dapr", { eventBus: { ...eventBus, controlPlane: ["x"] } }, /controlPlane leaves out dapr-/],
  ["an application less", { eventBus: { ...eventBus, apps: eventBus.apps.slice(1) } }, /eventBus\.apps leaves out/],
  [
    "other secrets",
    { eventBus: { ...eventBus, secrets: { ...eventBus.secrets, allowed: ["x"] } } },
    /secrets\.allowed leaves out/,
  ],
  [
    "other readers",
    { eventBus: { ...eventBus, secrets: { ...eventBus.secrets, readers: ["x"] } } },
    /secrets\.readers leaves out/,
  ],
  [
    "a day less of Dapr's certificate",
    { eventBus: { ...eventBus, daysLeftMin: eventBus.daysLeftMin - 1 } },
    /eventBus\.daysLeftMin is \d+, not \d+/,
  ],
  [
    "a topic of fewer partitions",
    {
      eventBus: {
        ...eventBus,
        topics: eventBus.topics.map((topic, at) => (at === 0 ? { ...topic, partitions: 0 } : topic)),
      },
    },
    /eventBus\.topics has no \S+ of \d+ partitions/,
  ],
  [
    "a table that row-level security need not bind",
    { rowSecurityExempt: [...builtIn.rowSecurityExempt, { table: "health.records", why: "in a hurry" }] },
    /what row-level security binds leaves out health\.records/,
  ],
  ["a tenant less", { tenants: builtIn.tenants.slice(1) }, /the number of tenants is 1, not 2/],
  [
    "an operation less",
    { health: { ...health, roles: without(health.roles, "GET /api/v1/records") } },
    /health\.roles has no GET \/api\/v1\/records$/,
  ],
  [
    "a member who may more",
    { health: { ...health, roles: { ...health.roles, "GET /api/v1/records": { member: "tenant", admin: "tenant" } } } },
    /a member may GET \/api\/v1\/records on 'tenant', not 'own'/,
  ],
  ["a user less", { health: { ...health, users: health.users.slice(1) } }, /the number of health\.users is \d+, not/],
  [
    "a session that lives on for longer",
    { signIn: { ...signIn, revokedWithinSeconds: signIn.revokedWithinSeconds + 1 } },
    /signIn\.revokedWithinSeconds is 6, not 5/,
  ],
  ["a service less", { protectedServices: protectedServices.slice(1) }, /protectedServices has no health-api/],
  [
    "a protected operation less",
    { protectedServices: guarding((one) => ({ ...one, operations: one.operations.slice(1) })) },
    /protectedServices: health-api leaves out GET \/api\/v1\/records/,
  ],
  [
    "no gateway's wall",
    { protectedServices: guarding((one) => ({ ...one, gateway: false })) },
    /health-api is not behind the gateway/,
  ],
  ["no document", { protectedServices: guarding(withoutDocument) }, /health-api names no document/],
  ["an authority of its own", { ingress: { ...ingress, caFile: "ca.crt" } }, /browsers need not trust/],
])("%s is weaker", (_, changes, why) => {
  expect(from(changes)).toEqual([expect.stringMatching(why)]);
});

test.each<[string, Partial<Profile>]>([
  ["a day more", { ingress: { ...ingress, daysLeftMin: 22 } }],
  ["a second more", { pods: { ...pods, replacedWithinSeconds: 86_401 } }],
  ["more workloads", { workloads: { namespaces: [...builtIn.workloads.namespaces, "more"] } }],
  [
    "other hosts",
    { ingress: { ...ingress, routes: ingress.routes.map((route) => ({ ...route, host: "b.example" })) } },
  ],
])("%s is not weaker", (_, changes) => {
  expect(from(changes)).toEqual([]);
});
