/** The parts that Kubernetes objects share, as schemas. */
import { z } from "zod";
import { parseQuantity } from "./quantity.ts";

/** An RFC 3339 time, kept as text. */
export const timestamp = z
  .string()
  .refine((text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: "is not a time",
  });

/** Bytes, from a quantity such as "10Gi". */
export const bytes = z.string().transform((text, context) => {
  const value = parseQuantity(text);
  if (value !== undefined && value >= 0) return value;
  context.addIssue({ code: "custom", message: `'${text}' is not a quantity` });
  return z.NEVER;
});

const owner = z.object({
  kind: z.string().min(1),
  name: z.string().min(1),
  uid: z.string().min(1),
  controller: z.boolean().optional(),
});

export type Owner = { readonly kind: string; readonly name: string; readonly uid: string };

const metadataShape = {
  name: z.string().min(1),
  uid: z.string().min(1),
  creationTimestamp: timestamp,
  deletionTimestamp: timestamp.optional(),
  generation: z.int().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  ownerReferences: z.array(owner).optional(),
  managedFields: z.array(z.object({ time: timestamp.optional(), subresource: z.string().optional() })).optional(),
};

/** Metadata of an object that belongs to no namespace. */
export const clusterMetadata = z.object(metadataShape);

/** Metadata of an object in a namespace. */
export const metadata = z.object({ ...metadataShape, namespace: z.string().min(1) });

/** The owner that controls an object, if any. */
export function controllerOf(found: z.output<typeof clusterMetadata>): Owner | undefined {
  const controller = found.ownerReferences?.find((reference) => reference.controller === true);
  return controller === undefined ? undefined : { kind: controller.kind, name: controller.name, uid: controller.uid };
}

/** When an object was last changed by anything but a report of its status: its creation, a new template, a scaling. */
export function changedAt(found: z.output<typeof clusterMetadata>): string {
  const changes = (found.managedFields ?? []).filter(({ subresource }) => subresource !== "status");
  return (
    [found.creationTimestamp, ...changes.flatMap(({ time }) => time ?? [])]
      .toSorted((left, right) => Date.parse(left) - Date.parse(right))
      .at(-1) ?? found.creationTimestamp
  );
}

/** A condition as most objects have it. `lastTransitionTime` may be null or absent in old objects. */
export const condition = z.object({
  type: z.string().min(1),
  status: z.string().min(1),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastTransitionTime: timestamp.nullish(),
});
