/** Where the local cluster keeps its things: a cache that outlives it, and a state folder that does not. */
import { join } from "node:path";
import { projectRoot, readSettings } from "../settings.ts";

const cache = readSettings().cacheDirectory;
const state = join(projectRoot, ".oke-proof", "local");

/** Build outputs and the engine's own storage; kept by `down`, safe to delete when no cluster stands. */
export const cachePaths = {
  root: cache,
  /** One folder an output: `<name>-<key>`. */
  outputs: join(cache, "outputs"),
  logs: join(cache, "logs"),
  goBuild: join(cache, "go-build"),
  goModules: join(cache, "go-mod"),
  /** Podman's storage and configuration of ours; the user's own is never touched. */
  podman: join(cache, "podman"),
  /** What the local registry serves, kept so that a new cluster need not be pushed to again. */
  registry: join(cache, "registry"),
  imageMode: join(cache, "image-mode.json"),
} as const;

/** The cluster's own files; `down` deletes the folder. */
export const statePaths = {
  root: state,
  kubeconfig: join(state, "kubeconfig"),
  harnessKubeconfig: join(state, "harness.kubeconfig"),
  cluster: join(state, "cluster.json"),
  caCertificate: join(state, "ca.crt"),
  caKey: join(state, "ca.key"),
  kindConfig: join(state, "kind.yaml"),
  lock: join(projectRoot, ".oke-proof", "local.lock"),
  /** Images of the volumes that have a size of their own, one folder a node. */
  volumes: join(state, "volumes"),
} as const;

/** The folder of this file: Containerfiles, manifests and the Go modules stand beside it. */
export const sourceDirectory = import.meta.dirname;
export const toolchainDirectory = join(sourceDirectory, "toolchain");
export const projectDirectory = projectRoot;
