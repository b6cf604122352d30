/** Terraform's `for` expressions: [for x in list : y if z] and {for k, v in map : a => b if c}. */
import { evaluateExpression, metaText, type Scope, type Tree } from "./expression.ts";
import { isList, isObject, textOf, Unknown, type Value } from "./value.ts";

const elementsMax = 1000;

/** Evaluates a loop over a collection that is known in its outermost layer. Grouping (`...`) is not evaluated. */
export async function evaluateLoop(tree: Tree, scope: Scope): Promise<Value> {
  const collection = await evaluateExpression(metaText(tree, "collectionExpression"), scope);
  if (collection instanceof Unknown) return collection;
  if (!isList(collection) && !isObject(collection)) return new Unknown("a loop runs over what is no collection");
  const entries: readonly (readonly [Value, Value])[] = isList(collection)
    ? collection.map((item, number) => [number, item])
    : Object.entries(collection).toSorted(([left], [right]) => (left < right ? -1 : 1));
  if (entries.length > elementsMax) return new Unknown(`a loop runs over more than ${elementsMax} elements`);
  if (tree.meta?.["groupedValue"] === true) return new Unknown("a loop that groups is not evaluated here");
  const keyText = metaText(tree, "keyExpression");
  const made: (readonly [Value, Value])[] = [];
  for (const [key, item] of entries) {
    const inside = bind(scope, { [metaText(tree, "keyVar")]: key, [metaText(tree, "valVar")]: item });
    const condition = metaText(tree, "conditionalExpression");
    const wanted = condition === "" ? true : await evaluateExpression(condition, inside);
    if (wanted === false) continue;
    if (wanted !== true)
      return wanted instanceof Unknown ? wanted : new Unknown("a loop's condition is no truth value");
    made.push([
      keyText === "" ? null : await evaluateExpression(keyText, inside),
      await evaluateExpression(metaText(tree, "valueExpression"), inside),
    ]);
  }
  if (keyText === "") return made.map(([, value]) => value);
  const named = made.flatMap(([key, value]) => {
    const name = textOf(key);
    return name === undefined ? [] : [[name, value] as const];
  });
  return named.length === made.length
    ? Object.fromEntries(named)
    : new Unknown("the key of a loop's result is not known");
}

/** A scope in which further names stand for values, as in a loop's body. */
export function bind(scope: Scope, names: Readonly<Record<string, Value>>): Scope {
  return {
    resolve: async (segments) => {
      const bound = Object.entries(names).find(([name]) => name !== "" && name === segments[0]);
      return bound === undefined ? scope.resolve(segments) : { value: bound[1], used: 1 };
    },
  };
}
