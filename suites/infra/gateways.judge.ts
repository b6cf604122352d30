/** Whether the gateway's controller took every gateway and every route as it stands now. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Gateway, GatewayClass, HttpRoute, RouteCondition } from "../../probes/kubernetes/gateways.ts";

/** One thing that must have conditions, each of them True for its generation. */
type Held = {
  readonly what: string;
  readonly generation: number;
  readonly conditions: readonly RouteCondition[];
  readonly wanted: readonly string[];
};

/**
 * Fails for each gateway class, gateway, listener and route that is not accepted, not programmed or has a dead reference, for a condition that was said
 * of an earlier generation, and for a route without a parent. A cluster without gateways or without routes is unproven.
 */
export function judgeGateways(readings: {
  readonly classes: Reading<readonly GatewayClass[]>;
  readonly gateways: Reading<readonly Gateway[]>;
  readonly routes: Reading<readonly HttpRoute[]>;
}): Verdict {
  const { classes, gateways, routes } = readings;
  const faults: string[] = [];
  const gaps: string[] = [];
  const facts: Fact[] = [];
  const weigh = <T>(reading: Reading<readonly T[]>, what: string, heldBy: (one: T) => readonly Held[]): void => {
    if (!reading.ok) {
      gaps.push(reading.why);
      return;
    }
    const { value, source, at } = reading;
    if (value.length === 0) gaps.push(`the cluster has no ${what}`);
    const found = value.flatMap((one) => heldBy(one).flatMap((held) => faultOf(held) ?? []));
    faults.push(...found);
    const named = { what: `${what} not accepted, not programmed or with a dead reference`, value: found.length };
    facts.push({ ...named, unit: "objects", limit: `0 of ${value.length}`, source, at });
  };
  weigh(classes, "gateway classes", ({ name, generation, conditions }) => [
    { what: `GatewayClass ${name}`, generation, conditions, wanted: ["Accepted"] },
  ]);
  weigh(gateways, "gateways", (gateway) => heldByGateway(gateway));
  weigh(routes, "routes", (route) => heldByRoute(route));
  const counted = [classes, gateways, routes].map((reading) => (reading.ok ? reading.value.length : 0));
  const held = `${counted[1]} gateways and ${counted[2]} routes are accepted and programmed, with all references resolved`;
  return conclude({ faults, gaps, facts, held });
}

function heldByGateway({ namespace, name, generation, conditions, listeners }: Gateway): Held[] {
  const what = `Gateway ${namespace}/${name}`;
  return [
    { what, generation, conditions, wanted: ["Accepted", "Programmed"] },
    ...listeners.map((listener) => ({
      what: `${what}, listener ${listener.name}`,
      generation,
      conditions: listener.conditions,
      wanted: ["Accepted", "Programmed", "ResolvedRefs"],
    })),
  ];
}

function heldByRoute({ namespace, name, generation, parents }: HttpRoute): Held[] {
  const what = `HTTPRoute ${namespace}/${name}`;
  // Attached to nothing it serves nothing, and nobody says a word about it.
  if (parents.length === 0)
    return [{ what: `${what} without a gateway`, generation, conditions: [], wanted: ["Accepted"] }];
  return parents.map((parent) => ({
    what: `${what} at ${parent.name}`,
    generation,
    conditions: parent.conditions,
    wanted: ["Accepted", "ResolvedRefs"],
  }));
}

function faultOf({ what, generation, conditions, wanted }: Held): string | undefined {
  const wrong = wanted.flatMap((type) => {
    const found = conditions.find((condition) => condition.type === type);
    if (found === undefined) return [`${type} is not said by any controller`];
    if (found.status !== "True") return [`${type} is ${found.status} (${found.reason})`];
    return found.observedGeneration === generation
      ? []
      : [`${type} was said of generation ${found.observedGeneration}, and it is at ${generation}`];
  });
  return wrong.length === 0 ? undefined : `${what}: ${wrong.join(", ")}`;
}
