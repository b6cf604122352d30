/** Values as the parser leaves them: literals as they are, everything else as text with `${...}` in it. */
import { fewAtATime } from "../few-at-a-time.ts";
import { evaluateExpression, treeOf, type Scope } from "./expression.ts";
import { Unknown, type Value } from "./value.ts";

/** Evaluates what stands at an attribute of a block. Never throws. */
export async function evaluateBody(body: unknown, scope: Scope): Promise<Value> {
  if (body === null || typeof body === "boolean" || typeof body === "number") return body;
  if (typeof body === "string") return evaluateText(body, scope);
  if (Array.isArray(body)) return fewAtATime(body, 1, (item: unknown) => evaluateBody(item, scope));
  if (typeof body !== "object") return new Unknown(`a ${typeof body} stands where a value belongs`);
  const entries = await fewAtATime(Object.entries(body), 1, async ([key, item]: [string, unknown]) => {
    const name = key.includes("${") ? await evaluateText(key, scope) : key;
    return [typeof name === "string" ? name : "?", await evaluateBody(item, scope)] as const;
  });
  return Object.fromEntries(entries);
}

/** The expression inside `${...}` where that is all of the text, else undefined. */
export async function onlyExpression(text: string): Promise<string | undefined> {
  if (!text.startsWith("${") || !text.endsWith("}")) return undefined;
  const inner = text.slice(2, -1);
  return (await treeOf(inner)) instanceof Unknown ? undefined : inner;
}

async function evaluateText(text: string, scope: Scope): Promise<Value> {
  if (!/[$%]\{/.test(text)) return text;
  const inner = await onlyExpression(text);
  return evaluateExpression(inner ?? quoted(text), scope);
}

/** The text as a quoted template: quotes and line breaks are escaped outside of `${...}` and left alone inside. */
function quoted(text: string): string {
  let depth = 0;
  let made = "";
  for (let at = 0; at < text.length; at += 1) {
    const here = text.charAt(at);
    if (depth === 0 && here === "$" && text.startsWith("${", at) && text.charAt(at - 1) !== "$") {
      depth = 1;
      made += "${";
      at += 1;
    } else if (depth === 0) {
      made += { '"': '\\"', "\n": "\\n", "\\": "\\\\" }[here] ?? here;
    } else {
      if (here === "{") depth += 1;
      if (here === "}") depth -= 1;
      made += here;
    }
  }
  return `"${made}"`;
}
