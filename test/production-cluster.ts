/** A production cluster on loopback: an API server with what a test puts into it, and the production profile laid over to reach it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProfile } from "../environments/load.ts";
import type { Profile } from "../environments/profile.ts";
import { readSettings } from "../environments/settings.ts";
import { withObjectApi, type ApiSetup, type Objects } from "./object-api.ts";

export type ProductionCluster = {
  readonly kubeconfig: string;
  readonly objects: Objects;
  /** A folder of the test's own, taken away after it. */
  readonly folder: string;
  /** Writes what is laid over the production profile. @returns the file */
  readonly layered: (layer: Readonly<Record<string, unknown>>) => string;
  /** The production profile with that laid over it, as a run loads it. */
  readonly profile: (layer: Readonly<Record<string, unknown>>) => Profile;
};

const resource = (name: string, kind: string, namespaced: boolean): object => ({
  name,
  kind,
  namespaced,
  singularName: "",
  verbs: ["get"],
});
const kinds = (groupVersion: string, ...resources: readonly object[]): object => ({
  kind: "APIResourceList",
  groupVersion,
  resources,
});
const answers: Readonly<Record<string, unknown>> = {
  "/version": { gitVersion: "v1.34.4" },
  "/api/v1": kinds(
    "v1",
    resource("namespaces", "Namespace", false),
    resource("persistentvolumeclaims", "PersistentVolumeClaim", true),
  ),
  "/apis/storage.k8s.io/v1": kinds("storage.k8s.io/v1", resource("storageclasses", "StorageClass", false)),
};

/** Serves it while `work` runs. @param setup.uid of the namespace kube-system, by which a run knows the cluster */
export async function withProductionCluster<T>(
  setup: Partial<Pick<ApiSetup, "objects" | "answer" | "react">> & { readonly uid: string },
  work: (cluster: ProductionCluster) => Promise<T>,
): Promise<T> {
  const { uid, answer, ...rest } = setup;
  const api: ApiSetup = {
    ...rest,
    objects: { "/api/v1/namespaces/kube-system": { metadata: { uid } }, ...setup.objects },
    answer: (asked) => {
      const known = answers[asked.path];
      return known === undefined ? answer?.(asked) : [200, known];
    },
  };
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-production-"));
  try {
    return await withObjectApi(api, async ({ context, objects }) => {
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
      return work({ kubeconfig, objects, folder, layered, profile });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
