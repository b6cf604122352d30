/** The one place that reads the process's environment. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

const schema = z.strictObject({
  /** Kubeconfig that replaces the profile's. */
  OKE_PROOF_KUBECONFIG: z.string().min(1).optional(),
  OKE_PROOF_CONTEXT: z.string().min(1).optional(),
  /** UID of kube-system that the run expects, in place of the profile's. */
  OKE_PROOF_CLUSTER_UID: z.string().min(1).optional(),
  /** YAML or JSON file laid over the profile. */
  OKE_PROOF_PROFILE: z.string().min(1).optional(),
  OKE_PROOF_PUSHGATEWAY: z.url().optional(),
  OKE_PROOF_ENGINE: z.enum(["auto", "docker", "podman"]).default("auto"),
  OKE_PROOF_IMAGES: z.enum(["auto", "pull", "build"]).default("auto"),
  /** Set by the command line for its Vitest child: the file that holds the run's plan. */
  OKE_PROOF_RUN: z.string().min(1).optional(),
});

export type Settings = {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly clusterUid?: string;
  readonly profileFile?: string;
  readonly pushgateway?: string;
  readonly engine: "auto" | "docker" | "podman";
  readonly images: "auto" | "pull" | "build";
  readonly runFile?: string;
  /** Where build outputs are kept between runs ($XDG_CACHE_HOME/oke-proof). */
  readonly cacheDirectory: string;
  /** Variables by which Node believes authorities beside those that browsers do, or runs code before ours. */
  readonly trustsBeside: readonly string[];
  /** The whole environment, to be handed on to child processes. */
  readonly inherited: Readonly<Record<string, string>>;
};

/** Thrown for anything the user can mend: shown as one line, exit code 3. */
export class UsageError extends Error {
  override name = "UsageError";
}

/**
 * Reads the OKE_PROOF_* variables. An unknown one is refused: a mistyped name must not silently change what is judged.
 * So is Node's own switch that turns the verification of certificates off.
 * @throws UsageError with one line that names the variable
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  if (environment["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") {
    throw new UsageError(
      "environment variables: NODE_TLS_REJECT_UNAUTHORIZED=0 lets any server pass for the cluster: unset it",
    );
  }
  const ours = Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith("OKE_PROOF_")));
  const parsed = schema.safeParse(ours);
  if (!parsed.success) {
    throw new UsageError(`environment variables: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " ")}`);
  }
  const found = parsed.data;
  const cacheHome = environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return {
    ...(found.OKE_PROOF_KUBECONFIG === undefined ? {} : { kubeconfig: resolve(found.OKE_PROOF_KUBECONFIG) }),
    ...(found.OKE_PROOF_CONTEXT === undefined ? {} : { context: found.OKE_PROOF_CONTEXT }),
    ...(found.OKE_PROOF_CLUSTER_UID === undefined ? {} : { clusterUid: found.OKE_PROOF_CLUSTER_UID }),
    ...(found.OKE_PROOF_PROFILE === undefined ? {} : { profileFile: resolve(found.OKE_PROOF_PROFILE) }),
    ...(found.OKE_PROOF_PUSHGATEWAY === undefined ? {} : { pushgateway: found.OKE_PROOF_PUSHGATEWAY }),
    ...(found.OKE_PROOF_RUN === undefined ? {} : { runFile: found.OKE_PROOF_RUN }),
    trustsBeside: trustsBeside(environment),
    engine: found.OKE_PROOF_ENGINE,
    images: found.OKE_PROOF_IMAGES,
    cacheDirectory: join(cacheHome, "oke-proof"),
    inherited: Object.fromEntries(
      Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  };
}

/** As Node 24 reads them (`node --help`): each makes certificates good that no public authority has signed, or may change what is asked. */
function trustsBeside(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const changes = /--(use-(openssl|system)-ca|import|require|(experimental-)?loader)\b|(^|\s)-r\b/;
  return [
    ...((environment["NODE_EXTRA_CA_CERTS"] ?? "") === "" ? [] : ["NODE_EXTRA_CA_CERTS"]),
    ...(environment["NODE_USE_SYSTEM_CA"] === "1" ? ["NODE_USE_SYSTEM_CA"] : []),
    ...(changes.test(environment["NODE_OPTIONS"] ?? "") ? ["NODE_OPTIONS"] : []),
  ];
}

/** The project's root folder. */
export const projectRoot = resolve(import.meta.dirname, "..");

/** Where soaks stand. They outlive the runs that judge them. */
export const soakFolder = join(projectRoot, "reports", "soak");
