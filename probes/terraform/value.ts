/** What an expression of Terraform comes to, as far as it can be known without Oracle. */

/** A value that cannot be known before an apply, or that this reader does not evaluate. Never replaced by a default. */
export class Unknown {
  readonly why: string;
  /** A text of which only parts are known, the others standing as `?`. */
  readonly partial: string | undefined;
  constructor(why: string, partial?: string) {
    this.why = why;
    this.partial = partial;
  }
}

export type Value = null | boolean | number | string | Unknown | readonly Value[] | ValueObject;
export type ValueObject = { readonly [key: string]: Value };

/** Narrows to a map or object. */
export function isObject(value: Value): value is ValueObject {
  return typeof value === "object" && value !== null && !(value instanceof Unknown) && !isList(value);
}

/** Narrows to a list, tuple or set. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** A number, truth value or text as text; undefined for anything else. */
export function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** The first thing not known in a value, however deep. */
export function unknownIn(value: Value): Unknown | undefined {
  if (value instanceof Unknown) return value;
  const parts = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  for (const part of parts) {
    const found = unknownIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One step into a value: an attribute, a key, or the number of an element. */
export function stepInto(value: Value, key: string): Value {
  if (value instanceof Unknown) return value;
  if (isList(value)) return value[Number(key)] ?? new Unknown(`there is no element ${key}`);
  if (isObject(value)) {
    const found = Object.entries(value).find(([name]) => name === key);
    return found === undefined ? new Unknown(`there is no attribute ${key}`) : found[1];
  }
  return new Unknown(`a ${value === null ? "null" : typeof value} has no attribute ${key}`);
}

/** Whether two values are the same, as Terraform's == has it; undefined where a part is not known. */
export function sameValue(left: Value, right: Value): boolean | undefined {
  if (unknownIn(left) !== undefined || unknownIn(right) !== undefined) return undefined;
  return JSON.stringify(left) === JSON.stringify(right);
}
