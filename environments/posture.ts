/** What the platform's own hardening must be: Pod Security's level of each namespace, and each thing that is excepted, by name and with its reason. */
import { z } from "zod";
import { scanExceptionSchema } from "./scan-exceptions.ts";

const name = z.string().min(1);
/** A reason that somebody can judge; "needed" is none. */
const why = z.string().min(20);

/** Pod Security's levels, the strictest first. */
export const podSecurityLevels = ["restricted", "baseline", "privileged"] as const;
export type PodSecurityLevel = (typeof podSecurityLevels)[number];

/** What a container may be excepted from. */
export const hardenings = [
  "another user than root",
  "a read-only root file system",
  "no escalation",
  "no privilege",
  "no capabilities",
  "filtered system calls",
] as const;
export type Hardening = (typeof hardenings)[number];

/** A day of logs is more than Loki hands over at once. */
const logMinutesMost = 1440;

/** The shape of the profile's field `posture`. */
export const postureSchema = z.strictObject({
  /** Every namespace of the platform. Where its level is not `restricted` it says why. */
  namespaces: z
    .array(
      z
        .strictObject({ name, level: z.enum(podSecurityLevels), why: why.optional() })
        .refine(({ level, why: reason }) => level === "restricted" || reason !== undefined, {
          error: "is not restricted and says no reason",
          path: ["why"],
        }),
    )
    .min(1),
  /** Containers that lack something, by their pods' namespace, the names of the workload and of the container. */
  containers: z.array(
    z.strictObject({
      namespace: name,
      workload: name,
      container: name,
      lacks: z.array(z.enum(hardenings)).min(1),
      why,
    }),
  ),
  /** What the posture scan may find, by name and with its reason. */
  scanExceptions: z.array(scanExceptionSchema),
  /** Registries that the cluster knows by one name and the harness reaches at another. */
  registries: z.array(z.strictObject({ known: name, reached: name })),
  /** How far back logs are searched for secrets. */
  logMinutes: z.int().min(1).max(logMinutesMost),
  rights: z.strictObject({
    /**
     * Every right that an account of the platform's namespaces has besides those that everybody has: "VERB,… RESOURCE[.GROUP][/SUBRESOURCE][:NAME],… @WHERE",
     * where WHERE is a namespace or `cluster`. An account that is not here may have none.
     */
    accounts: z.array(
      z.strictObject({
        namespace: name,
        name,
        rights: z.array(z.string().regex(/^\S+ \S+ @[a-z0-9-]+$/, { error: "is not 'VERBS RESOURCES @WHERE'" })),
        why,
      }),
    ),
    /** Pods that hold a token although their account may do nothing, by the account. */
    idleTokens: z.array(z.strictObject({ namespace: name, name, why })),
  }),
});

export type Posture = z.infer<typeof postureSchema>;
