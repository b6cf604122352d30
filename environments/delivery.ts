/** How changes reach the cluster: the repositories, Argo CD's applications, and the one that a run may push to. */
import { z } from "zod";

/** "Git push triggers deployment" is held to 15 minutes (criteria). A profile may be stricter, never laxer. */
const deployedSecondsMost = 900;

/** The shape of the profile's field `delivery`. */
export const deliverySchema = z.strictObject({
  /** Where Argo CD's Application objects stand. */
  namespace: z.string().min(1),
  /** Applications that must be there; all others that stand there are judged too. */
  applications: z.array(z.string().min(1)).min(1),
  /** Argo CD compares each application at least this often: what it says of one that it has not looked at for longer is old. */
  lookedWithinSeconds: z.int().min(10).max(3600),
  /** Repositories by the URL that Argo CD has, where the harness reaches them by another. */
  repositories: z.array(z.strictObject({ known: z.url(), reached: z.url() })),
  /** Where to connect for `reached`, whatever its host name resolves to. */
  address: z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535) }).optional(),
  /** A file with the token that may read and push; absent where everybody may read and nobody shall push. */
  tokenFile: z.string().min(1).optional(),
  /** What a run pushes to: one line `version: …` of one file, and where the running version is told as `{ "version": … }`. */
  canary: z.strictObject({
    application: z.string().min(1),
    file: z.string().min(1),
    host: z.string().min(1),
    path: z.string().startsWith("/"),
    deployedWithinSeconds: z.int().min(10).max(deployedSecondsMost),
  }),
});

export type Delivery = z.infer<typeof deliverySchema>;

const canary = { application: "delivery-canary", file: "values.yaml", path: "/canary" } as const;

/** With the Git server inside the cluster, reached through its ingress. */
export function deliveryInCluster(ingress: { readonly port: number; readonly tokenFile: string }): Delivery {
  return {
    namespace: "argocd",
    applications: [canary.application],
    lookedWithinSeconds: 60,
    repositories: [
      {
        known: "http://git-server.argocd.svc.cluster.local/platform.git",
        reached: `https://git.oke-proof.test:${ingress.port}/platform.git`,
      },
    ],
    address: { host: "127.0.0.1", port: ingress.port },
    tokenFile: ingress.tokenFile,
    canary: { ...canary, host: "git.oke-proof.test", deployedWithinSeconds: 60 },
  };
}

/** With a hosted repository. Argo CD asks it every three minutes, give or take one. */
export function deliveryFromHost(host: string, tokenFile: string): Delivery {
  return {
    namespace: "argocd",
    applications: ["health-platform", "todo-chatbot", canary.application],
    lookedWithinSeconds: 600,
    repositories: [],
    tokenFile,
    // The canary's chart stands in this very repository.
    canary: { ...canary, file: "fixtures/apps/git-server/deliverable/values.yaml", host, deployedWithinSeconds: 480 },
  };
}
