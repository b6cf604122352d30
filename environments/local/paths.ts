/** Where the local cluster keeps its things: a cache that outlives it, and a state folder that does not. */
import { homedir } from "node:os";
import { join } from "node:path";
import { projectRoot, readSettings } from "../settings.ts";

const cache = readSettings().cacheDirectory;
const { inherited } = readSettings();
const stateHome = inherited["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
const state = join(stateHome, "oke-proof", "local");

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

/**
 * The cluster's own files; `down` deletes the folder. There is one cluster a user, whichever checkout of the project made it,
 * so the files stand in one place, and `.oke-proof/local` of a checkout is a link to it.
 */
export const statePaths = {
  root: state,
  link: join(projectRoot, ".oke-proof", "local"),
  kubeconfig: join(state, "kubeconfig"),
  harnessKubeconfig: join(state, "harness.kubeconfig"),
  cluster: join(state, "cluster.json"),
  caCertificate: join(state, "ca.crt"),
  caKey: join(state, "ca.key"),
  /** What Dapr's certificate authority signs with, as values of its chart. */
  daprAuthority: join(state, "dapr-authority.json"),
  /** Private keys of the users that the harness signs in as. */
  authenticators: join(state, "authenticators.json"),
  /** Opens the cluster's Git server for pushing. */
  pushToken: join(state, "git-push-token"),
  /** What the store of backups keeps, and what opens it. */
  backups: join(state, "backups"),
  backupKeys: join(state, "backup-store.json"),
  kindConfig: join(state, "kind.yaml"),
  /** The undo record of a rebuild that is under way, or was cut off. */
  rebuild: join(state, "rebuild"),
  lock: join(stateHome, "oke-proof", "local.lock"),
} as const;

/** The folder of this file: Containerfiles, manifests and the Go modules stand beside it. */
export const sourceDirectory = import.meta.dirname;
export const toolchainDirectory = join(sourceDirectory, "toolchain");
export const projectDirectory = projectRoot;
