/** The production cluster on Oracle OKE: looked at, never disturbed. Lay the installation's own names over it (OKE_PROOF_PROFILE). */
import { homedir } from "node:os";
import { join } from "node:path";
import { probedFromOutside } from "./availability.ts";
import { deliveryFromHost } from "./delivery.ts";
import { okeStaging } from "./oke-staging.ts";
import { networkIntentOf } from "./network-intent.ts";
import { builtInPlan } from "./plan.ts";
import { backupsOnOracle } from "./platform-backups.ts";
import { protectedServices, revokedWithinSeconds } from "./platform-names.ts";
import { platformPosture } from "./platform-posture.ts";
import type { Profile } from "./profile.ts";

const todoHost = "todo.production.example";
const host = "health.production.example";

export const okeProduction: Profile = {
  ...okeStaging,
  name: "oke-production",
  cluster: { kubeconfig: join(homedir(), ".kube", "oke-proof-production") },
  ingress: {
    ...okeStaging.ingress,
    https: [{ host, port: 443 }],
    http: [{ host, port: 80 }],
    routes: okeStaging.ingress.routes.map((route) => ({
      ...route,
      host: route.host === okeStaging.todo.host ? todoHost : host,
    })),
  },
  dns: {
    ...okeStaging.dns,
    ingress: {
      ...okeStaging.dns.ingress,
      records: [host, todoHost].map((name) => ({ name, type: "A", answers: ["192.0.2.1"] })),
    },
  },
  backups: backupsOnOracle(join(homedir(), ".config", "oke-proof", "backup-store-production.json")),
  signIn: {
    host,
    relyingParty: "production.example",
    authenticatorsFile: join(homedir(), ".config", "oke-proof", "authenticators-production.json"),
    revokedWithinSeconds,
  },
  protectedServices: protectedServices(host, todoHost),
  health: { ...okeStaging.health, host },
  todo: { ...okeStaging.todo, host: todoHost },
  // Lay `cutoverAt` over it when the cutover is planned, and `incidentLog` when a person has attested the week after it.
  availability: probedFromOutside({ health: host, todo: todoHost }, "production.example"),
  networkIntent: networkIntentOf("oke-production"),
  plans: [builtInPlan("oke-production")],
  delivery: deliveryFromHost(host, join(homedir(), ".config", "oke-proof", "git-token")),
  // No drill is permitted, so that nobody has the rights of one.
  posture: platformPosture,
  permits: { disturbances: [], namespaces: [] },
};
