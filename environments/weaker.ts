/** Where a profile asks for less than the one it was laid over. */
import { triesLess } from "./network-intent.ts";
import type { Profile, ProtectedService } from "./profile.ts";
import { availableLess } from "./weaker-availability.ts";
import { backsUpLess } from "./weaker-backups.ts";
import { bandsWider } from "./weaker-bands.ts";
import { loadsLess } from "./weaker-load.ts";
import { hardensLess } from "./weaker-posture.ts";

/**
 * One sentence a limit of the built-in profile that was lowered, and a thing to look at that was left out: a pass over what is left is true,
 * and proves less than the criterion says. Names and addresses are the installation's own and are not compared.
 * @param builtIn the profile of the same environment as the project ships it
 */
export function weakerThan(builtIn: Profile, profile: Profile): string[] {
  const { pods, ingress, workloads, storage, dns, delivery } = profile;
  const lowered = (field: string, is: number, was: number): string[] =>
    is < was ? [`${field} is ${is}, not ${was}`] : [];
  const raised = (field: string, is: number, was: number): string[] =>
    is > was ? [`${field} is ${is}, not ${was}`] : [];
  const { lookedWithinSeconds, canary } = builtIn.delivery;
  return [
    ...lowered("ingress.daysLeftMin", ingress.daysLeftMin, builtIn.ingress.daysLeftMin),
    ...lowered("pods.replacedWithinSeconds", pods.replacedWithinSeconds, builtIn.pods.replacedWithinSeconds),
    ...leftOut("pods.namespaces", pods.namespaces, builtIn.pods.namespaces),
    ...leftOut("workloads.namespaces", workloads.namespaces, builtIn.workloads.namespaces),
    ...leftOut("storage.namespaces", storage.namespaces, builtIn.storage.namespaces),
    ...leftOut("delivery.applications", delivery.applications, builtIn.delivery.applications),
    ...raised("delivery.lookedWithinSeconds", delivery.lookedWithinSeconds, lookedWithinSeconds),
    ...raised(
      "delivery.canary.deployedWithinSeconds",
      delivery.canary.deployedWithinSeconds,
      canary.deployedWithinSeconds,
    ),
    ...builtIn.ingress.routes
      .filter((route) => !ingress.routes.some((ours) => isAtLeast(ours, route)))
      .map(({ path, status }) => `ingress.routes has no ${path} with status ${status} from a backend`),
    ...builtIn.plans.flatMap(({ environment, releases }) => {
      const ours = profile.plans.find((plan) => plan.environment === environment)?.releases.map(({ name }) => name);
      if (ours === undefined) return [`plans has no ${environment}`];
      const left = releases.filter(({ name }) => !ours.includes(name)).map(({ name }) => name);
      return left.length === 0 ? [] : [`plans: ${environment} leaves out ${left.join(", ")}`];
    }),
    ...builtIn.databases
      .filter(({ name }) => !profile.databases.some((ours) => ours.name === name))
      .map(({ name }) => `databases has no ${name}`),
    ...builtIn.dependencies.flatMap(({ namespace, service, needs }) => {
      const ours = profile.dependencies.find((one) => one.namespace === namespace && one.service === service);
      if (ours === undefined) return [`dependencies has no ${namespace}/${service}`];
      const left = needs.filter((name) => !ours.needs.includes(name));
      return left.length === 0 ? [] : [`dependencies: ${namespace}/${service} leaves out ${left.join(", ")}`];
    }),
    ...builtIn.observability.dashboards
      .filter(
        (one) => !profile.observability.dashboards.some(({ uid, panels }) => uid === one.uid && panels >= one.panels),
      )
      .map(({ uid, panels }) => `observability.dashboards has no ${uid} with ${panels} panels`),
    ...raised("signIn.revokedWithinSeconds", profile.signIn.revokedWithinSeconds, builtIn.signIn.revokedWithinSeconds),
    ...builtIn.protectedServices.flatMap((service) => guardsLess(service, profile.protectedServices)),
    ...watchesLess(builtIn.observability, profile.observability),
    ...asksLessOfBus(builtIn.eventBus, profile.eventBus),
    ...triesLess(builtIn.networkIntent, profile.networkIntent),
    ...hardensLess(builtIn.posture, profile.posture),
    ...loadsLess(builtIn.load, profile.load),
    ...bandsWider(builtIn.bands, profile.bands),
    ...backsUpLess(builtIn.backups, profile.backups),
    ...availableLess(
      builtIn.availability,
      profile.availability,
      dns.ingress.records.map(({ name }) => name),
    ),
    ...(profile.enforcement.portRanges !== "enforced" && builtIn.enforcement.portRanges === "enforced"
      ? ["enforcement.portRanges asks for the first port only"]
      : []),
    ...(builtIn.enforcement.outside && !profile.enforcement.outside ? ["enforcement.outside is false"] : []),
    ...lowered("the number of health.users", profile.health.users.length, builtIn.health.users.length),
    ...leftOut(
      "what row-level security binds",
      builtIn.rowSecurityExempt.map(({ table }) => table),
      profile.rowSecurityExempt.map(({ table }) => table),
    ),
    ...lowered("the number of tenants", profile.tenants.length, builtIn.tenants.length),
    ...allowsMore(builtIn.health.roles, profile.health.roles),
    ...builtIn.dns.inCluster
      .filter(({ name }) => !dns.inCluster.some((ours) => ours.name === name))
      .map(({ name }) => `dns.inCluster has no ${name}`),
    ...(ingress.caFile !== undefined && builtIn.ingress.caFile === undefined
      ? [`ingress.caFile is ${ingress.caFile}: an authority that browsers need not trust`]
      : []),
  ];
}

function guardsLess(builtIn: ProtectedService, services: readonly ProtectedService[]): string[] {
  const ours = services.find(({ service }) => service === builtIn.service);
  if (ours === undefined) return [`protectedServices has no ${builtIn.service}`];
  const named = ({ operations }: ProtectedService): string[] =>
    operations.map(({ method, path }) => `${method} ${path}`);
  return [
    ...leftOut(`protectedServices: ${builtIn.service}`, named(ours), named(builtIn)),
    ...(builtIn.gateway && !ours.gateway
      ? [`protectedServices: ${builtIn.service} is not behind the gateway's wall`]
      : []),
    ...(builtIn.document !== undefined && ours.document === undefined
      ? [`protectedServices: ${builtIn.service} names no document`]
      : []),
  ];
}

function watchesLess(builtIn: Profile["observability"], ours: Profile["observability"]): string[] {
  const targets = ({ scraped }: Profile["observability"]): string[] =>
    scraped.map(({ job, namespace, selector }) => `${job} of ${namespace} ${selector}`);
  const logs = ({ logged }: Profile["observability"]): string[] =>
    logged.map(({ namespace, service }) => `${namespace}/${service}`);
  return [
    ...leftOut("observability.scraped", targets(ours), targets(builtIn)),
    ...leftOut("observability.logged", logs(ours), logs(builtIn)),
    ...leftOut("observability.traced", ours.traced, builtIn.traced),
    ...leftOut("observability.alertRules", ours.alertRules, builtIn.alertRules),
  ];
}

function asksLessOfBus(builtIn: Profile["eventBus"], ours: Profile["eventBus"]): string[] {
  const days = [ours.daysLeftMin, builtIn.daysLeftMin] as const;
  return [
    ...leftOut("eventBus.controlPlane", ours.controlPlane, builtIn.controlPlane),
    ...leftOut("eventBus.apps", ours.apps, builtIn.apps),
    ...leftOut("eventBus.secrets.allowed", ours.secrets.allowed, builtIn.secrets.allowed),
    ...leftOut("eventBus.secrets.readers", ours.secrets.readers, builtIn.secrets.readers),
    ...(days[0] < days[1] ? [`eventBus.daysLeftMin is ${days[0]}, not ${days[1]}`] : []),
    ...builtIn.topics
      .filter(({ name, partitions }) => !ours.topics.some((one) => one.name === name && one.partitions >= partitions))
      .map(({ name, partitions }) => `eventBus.topics has no ${name} of ${partitions} partitions`),
  ];
}

/** A role that may do more than the built-in profile says, and an operation that is not held to any. */
function allowsMore(builtIn: Profile["health"]["roles"], ours: Profile["health"]["roles"]): string[] {
  const reaches = ["none", "own", "tenant"] as const;
  return Object.entries(builtIn).flatMap(([operation, was]) => {
    const is = ours[operation];
    if (is === undefined) return [`health.roles has no ${operation}`];
    return (["member", "admin"] as const)
      .filter((role) => reaches.indexOf(is[role]) > reaches.indexOf(was[role]))
      .map((role) => `health.roles: a ${role} may ${operation} on '${is[role]}', not '${was[role]}'`);
  });
}

type Route = Profile["ingress"]["routes"][number];

function isAtLeast(ours: Route, builtIn: Route): boolean {
  return ours.path === builtIn.path && ours.status === builtIn.status && ours.backend !== undefined;
}

function leftOut(field: string, ours: "all" | readonly string[], builtIn: "all" | readonly string[]): string[] {
  if (ours === "all") return [];
  if (builtIn === "all") return [`${field} is ${ours.join(", ")}, not all`];
  const left = builtIn.filter((name) => !ours.includes(name));
  return left.length === 0 ? [] : [`${field} leaves out ${left.join(", ")}`];
}
