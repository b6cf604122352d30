/** What came of a request that asked something to be done: done, refused, or an answer that makes no sense. */
import type { z } from "zod";
import { read, type Reading } from "../../harness/verdict.ts";
import type { NoAnswer } from "./failure.ts";
import type { Answer } from "./request.ts";

/**
 * `refused`: another status than asked for, with what the answer said; `malformed`: the right status over something else than was asked
 * for; `unanswered`: the connection was refused, reset or not trusted. Each of these was observed; a timeout is `ok: false`.
 */
export type Outcome<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "refused"; readonly status: number; readonly said: string }
  | { readonly kind: "malformed"; readonly why: string }
  | { readonly kind: "unanswered"; readonly why: string };

export type Asked<T> = Reading<Outcome<T>>;

const saidCharactersMax = 120;

/** Sorts a reading of an answer. @param wanted the status that means that it was done, and the shape of what was asked for */
export function askedOf<T>(
  reading: Reading<Answer | NoAnswer>,
  wanted: { readonly status: number; readonly schema: z.ZodType<T> },
): Asked<T> {
  if (!reading.ok) return reading;
  const { value, source, at } = reading;
  if (value.kind === "answered") return read(outcomeOf(value, wanted.status, wanted.schema), source, new Date(at));
  return read({ kind: "unanswered", why: `${value.kind}: ${value.detail}` }, source, new Date(at));
}

/** In words, what an outcome other than "done" was. */
export function saidOf(outcome: Exclude<Outcome<unknown>, { kind: "done" }>): string {
  if (outcome.kind === "refused") return `refused with ${outcome.status} (${outcome.said})`;
  return outcome.kind === "malformed" ? `answered with something else: ${outcome.why}` : `no answer (${outcome.why})`;
}

function outcomeOf<T>(answer: Answer, wanted: number, schema: z.ZodType<T>): Outcome<T> {
  const { status, body, bodyCut } = answer;
  if (status !== wanted) return { kind: "refused", status, said: body.slice(0, saidCharactersMax) };
  if (bodyCut) return { kind: "malformed", why: "the answer is longer than is read" };
  let value: unknown;
  try {
    value = body === "" ? undefined : JSON.parse(body);
  } catch {
    return { kind: "malformed", why: `no JSON: ${body.slice(0, saidCharactersMax)}` };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: "done", value: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: "malformed", why: `${issue?.path.join(".") ?? ""} ${issue?.message ?? "is not as it must be"}` };
}
