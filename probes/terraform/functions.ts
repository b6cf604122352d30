/** The functions of Terraform's language that sizes, names and quotas are written with. Any other is unknown, not guessed. */
import { isList, isObject, sameValue, unknownIn, Unknown, type Value, type ValueObject } from "./value.ts";

type Function = (args: readonly Value[]) => Value | undefined;

const numbersOf = (args: readonly Value[]): readonly number[] | undefined =>
  args.length > 0 && args.every((arg) => typeof arg === "number") ? args : undefined;
const ofList =
  (work: (list: readonly Value[]) => Value | undefined): Function =>
  ([list]) =>
    list !== undefined && isList(list) ? work(list) : undefined;
const ofText =
  (work: (text: string, more: string) => Value): Function =>
  ([text, more]) =>
    typeof text === "string" && (more === undefined || typeof more === "string") ? work(text, more ?? "") : undefined;
const ofNumber =
  (work: (number: number) => number): Function =>
  ([number]) =>
    typeof number === "number" ? work(number) : undefined;

/** These look at the whole of their arguments: one unknown part makes the result unknown. */
const ofKnown: Readonly<Record<string, Function>> = {
  sum: ofList((list) => numbersOf(list)?.reduce((total, number) => total + number, 0)),
  max: (args) => numbersOf(args)?.reduce((left, right) => Math.max(left, right)),
  min: (args) => numbersOf(args)?.reduce((left, right) => Math.min(left, right)),
  floor: ofNumber(Math.floor),
  ceil: ofNumber(Math.ceil),
  tostring: ([value]) => (typeof value === "object" || value === undefined ? undefined : String(value)),
  tonumber: ([value]) => (typeof value === "string" || typeof value === "number" ? Number(value) : undefined),
  upper: ofText((text) => text.toUpperCase()),
  lower: ofText((text) => text.toLowerCase()),
  startswith: ofText((text, start) => text.startsWith(start)),
  endswith: ofText((text, end) => text.endsWith(end)),
  trimprefix: ofText((text, start) => (text.startsWith(start) ? text.slice(start.length) : text)),
  join: ([separator, list]) =>
    typeof separator === "string" && list !== undefined && isList(list) ? list.map(String).join(separator) : undefined,
  contains: ([list, wanted]) =>
    list !== undefined && wanted !== undefined && isList(list)
      ? list.some((item) => sameValue(item, wanted) === true)
      : undefined,
};

/** These look at the outermost layer only: what stands inside may be unknown. */
const ofShape: Readonly<Record<string, Function>> = {
  keys: ([map]) => (map !== undefined && isObject(map) ? Object.keys(map).toSorted() : undefined),
  values: ([map]) =>
    map !== undefined && isObject(map)
      ? Object.entries(map)
          .toSorted(([left], [right]) => (left < right ? -1 : 1))
          .map(([, value]) => value)
      : undefined,
  length: ([value]) =>
    value === undefined || value === null
      ? undefined
      : isList(value)
        ? value.length
        : isObject(value)
          ? Object.keys(value).length
          : typeof value === "string"
            ? value.length
            : undefined,
  merge: (args) =>
    args.every(isObject) ? args.reduce<ValueObject>((below, above) => ({ ...below, ...above }), {}) : undefined,
  concat: (args) => (args.every(isList) ? args.flat() : undefined),
  toset: ofList((list) => list),
  tolist: ofList((list) => list),
};

/** Calls a function by name. An argument of the wrong kind, a NaN and an unknown function come back as unknown. */
export function callFunction(name: string, args: readonly Value[]): Value {
  const whole = Object.hasOwn(ofKnown, name) ? ofKnown[name] : undefined;
  const outer = Object.hasOwn(ofShape, name) ? ofShape[name] : undefined;
  const called = whole ?? outer;
  if (called === undefined) return new Unknown(`the function ${name} is not evaluated here`);
  const blocking = whole === undefined ? args.find((arg) => arg instanceof Unknown) : unknownIn(args);
  if (blocking instanceof Unknown) return blocking;
  const result = called(args);
  const failed = result === undefined || (typeof result === "number" && !Number.isFinite(result));
  return failed ? new Unknown(`${name} was given what it does not take`) : result;
}
