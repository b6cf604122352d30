/** A production cluster of eight days on loopback: an API server, and behind it a Prometheus that was told by a prober outside. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProfile } from "../../environments/load.ts";
import { okeProduction } from "../../environments/oke-production.ts";
import type { Profile } from "../../environments/profile.ts";
import { readSettings } from "../../environments/settings.ts";
import { withObjectApi } from "../object-api.ts";
import { answerOfDays, type HeldDays } from "../prometheus-of-days.ts";

/** The three criteria that speak of days. */
export const idsOfDays = ["uptime", "first-week-without-incident", "cutover-watched"] as const;

export type ClusterOfDays = {
  readonly kubeconfig: string;
  /** A folder of the test's own, taken away after it. */
  readonly folder: string;
  /** Writes what is laid over the production profile. @returns the file */
  readonly layered: (layer: Readonly<Record<string, unknown>>) => string;
  /** The production profile with that laid over it, as a run loads it. */
  readonly profile: (layer: Readonly<Record<string, unknown>>) => Profile;
};

/**
 * Serves it while `work` runs.
 * @param options.held what differs from good days
 * @param options.mayAsk whether the harness may ask Prometheus: where it may not the API server refuses, as it does without the right
 */
export async function withClusterOfDays<T>(
  {
    uid,
    held = {},
    mayAsk = true,
  }: { readonly uid: string; readonly held?: Partial<HeldDays>; readonly mayAsk?: boolean },
  work: (cluster: ClusterOfDays) => Promise<T>,
): Promise<T> {
  const { availability } = okeProduction;
  if (availability === undefined) throw new Error("the production profile names no prober outside");
  const { outside, ruleGroups } = availability;
  const days: HeldDays = { ...outside, ruleGroups, ...held };
  const resources = [{ name: "namespaces", kind: "Namespace", namespaced: false, singularName: "", verbs: ["get"] }];
  const setup = {
    objects: { "/api/v1/namespaces/kube-system": { metadata: { uid } } },
    answer: ({ path }: { readonly path: string }) => {
      if (path === "/version") return [200, { gitVersion: "v1.34.4" }] as const;
      if (path === "/api/v1") return [200, { kind: "APIResourceList", groupVersion: "v1", resources }] as const;
      if (!path.includes("/proxy/api/v1/query?")) return undefined;
      return mayAsk ? ([200, answerOfDays(days, path)] as const) : ([403, { kind: "Status", code: 403 }] as const);
    },
  };
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-days-"));
  try {
    return await withObjectApi(setup, async ({ context }) => {
      const { kubeconfig } = context.profile.cluster;
      const layered = (layer: Readonly<Record<string, unknown>>): string => {
        const file = join(folder, "profile.json");
        writeFileSync(file, JSON.stringify(layer));
        return file;
      };
      const profile = (layer: Readonly<Record<string, unknown>>): Profile =>
        loadProfile(
          "oke-production",
          readSettings({ OKE_PROOF_KUBECONFIG: kubeconfig, OKE_PROOF_PROFILE: layered(layer) }),
        );
      return work({ kubeconfig, folder, layered, profile });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
