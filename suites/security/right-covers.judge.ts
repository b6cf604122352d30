/** Whether a stated right covers one that an account has. */
import type { Right } from "../../probes/kubernetes/rights.ts";

type Plain = Pick<Right, "verb" | "resource" | "where">;

/** "VERB,… RESOURCE,… @WHERE" taken apart into rights, each pair of its verbs and resources. */
export function rightsIn(stated: string): Plain[] {
  const [verbs = "", resources = "", where = ""] = stated.split(" ");
  return verbs
    .split(",")
    .flatMap((verb) => resources.split(",").map((resource) => ({ verb, resource, where: where.slice(1) })));
}

/** By RBAC's own rules: the whole cluster covers a namespace, "*" covers every verb, and all of a kind cover one by its name. */
export function covers(stated: Plain, held: Plain): boolean {
  return (
    (stated.where === "cluster" || stated.where === held.where) &&
    (stated.verb === "*" || stated.verb === held.verb) &&
    coversResource(stated.resource, held.resource)
  );
}

function coversResource(stated: string, held: string): boolean {
  if (stated === held) return true;
  if (held.startsWith("/"))
    return stated.endsWith("*") && stated.startsWith("/") && held.startsWith(stated.slice(0, -1));
  if (stated.startsWith("/")) return false;
  const kind = held.split(":")[0] ?? held;
  if (stated === kind || stated === "*.*") return true;
  const [, plural = "", group = ""] = /^([^./]*)(?:\.([^/]*))?/.exec(kind) ?? [];
  return plural !== "*" && stated === (group === "" ? "*" : `*.${group}`);
}
