/** What the scanner says: kube-score's JSON, version v2 (renderer/json_v2 of its sources). */
import { z } from "zod";
import { oneLine } from "../why.ts";

/** Its grades by their numbers. A test that it skipped before it graded has none: 0. */
const grades = { 0: "none", 1: "critical", 5: "warning", 7: "ok", 10: "ok" } as const;
export type Grade = (typeof grades)[keyof typeof grades];

const gradeNumber = z.union([z.literal(0), z.literal(1), z.literal(5), z.literal(7), z.literal(10)]);

const test = z
  .looseObject({
    check: z.looseObject({ id: z.string().min(1), optional: z.boolean() }),
    grade: gradeNumber,
    skipped: z.boolean(),
    // Go writes an empty list as null.
    comments: z.array(z.looseObject({ path: z.string(), summary: z.string() })).nullable(),
  })
  .refine(({ grade, skipped }) => grade !== 0 || skipped, { error: "has no grade and was not skipped" })
  .transform(({ check, grade, skipped, comments }) => ({
    id: check.id,
    optional: check.optional,
    skipped,
    grade: grades[grade],
    comments: (comments ?? []).map(({ path, summary }) => ({ where: path, what: summary })),
  }));

const object = z
  .looseObject({
    type_meta: z.looseObject({ kind: z.string().min(1), apiVersion: z.string().min(1) }),
    object_meta: z.looseObject({ name: z.string().min(1), namespace: z.string().optional() }),
    checks: z.array(test).nullable(),
  })
  .transform(({ type_meta: type, object_meta: meta, checks }) => ({
    kind: type.kind,
    apiVersion: type.apiVersion,
    namespace: meta.namespace ?? "",
    name: meta.name,
    tests: checks ?? [],
  }));

const reply = z.array(object).nullable();

/** One object and what each test said of it: `where` is the container or label that is meant, empty for the whole object. */
export type GradedObject = Readonly<z.output<typeof object>>;

export type Parsed =
  { readonly ok: true; readonly value: readonly GradedObject[] } | { readonly ok: false; readonly why: string };

/** The graded objects. Text that is cut off, of another shape, or grades an object twice, is no reply. Never throws. */
export function parseReply(text: string): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, why: `its answer is not JSON (it starts with '${oneLine(text.slice(0, 40))}')` };
  }
  const parsed = reply.safeParse(json);
  if (!parsed.success)
    return { ok: false, why: `its answer has another shape: ${oneLine(z.prettifyError(parsed.error))}` };
  const objects = parsed.data ?? [];
  const twice = objects.find((one, index) => objects.findIndex((other) => keyOf(other) === keyOf(one)) !== index);
  if (twice !== undefined) return { ok: false, why: `it graded ${keyOf(twice)} twice` };
  return { ok: true, value: objects };
}

/** What the scanner tells objects apart by. */
export function keyOf(one: {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${one.kind} (${one.apiVersion}) ${one.namespace}/${one.name}`;
}
