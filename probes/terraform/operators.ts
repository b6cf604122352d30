/** Terraform's operators on values that are known. */
import { sameValue, Unknown, type Value } from "./value.ts";

const arithmetic: Readonly<Record<string, (left: number, right: number) => number | boolean>> = {
  add: (left, right) => left + right,
  subtract: (left, right) => left - right,
  multiply: (left, right) => left * right,
  divide: (left, right) => left / right,
  modulo: (left, right) => left % right,
  lessThan: (left, right) => left < right,
  lessThanOrEqual: (left, right) => left <= right,
  greaterThan: (left, right) => left > right,
  greaterThanOrEqual: (left, right) => left >= right,
};

/** Applies an operator by the parser's name for it. `right` is null for an operator of one side. */
export function operate(operator: string, left: Value, right: Value): Value {
  if (operator === "logicalOr" && (left === true || right === true)) return true;
  if (operator === "logicalAnd" && (left === false || right === false)) return false;
  const unknown = [left, right].find((side) => side instanceof Unknown);
  if (unknown !== undefined) return unknown;
  if (operator === "equal" || operator === "notEqual") {
    const same = sameValue(left, right);
    return same === undefined
      ? new Unknown("a comparison holds a part that is not known")
      : same === (operator === "equal");
  }
  if (operator === "logicalNot" && typeof left === "boolean") return !left;
  if (operator === "negate" && typeof left === "number") return -left;
  if (operator === "logicalOr" || operator === "logicalAnd") return left === true && right === true;
  const work = Object.hasOwn(arithmetic, operator) ? arithmetic[operator] : undefined;
  if (work === undefined || typeof left !== "number" || typeof right !== "number") {
    return new Unknown(`${operator} was given what it does not take`);
  }
  const result = work(left, right);
  return typeof result === "number" && !Number.isFinite(result) ? new Unknown(`${operator} came to no number`) : result;
}
