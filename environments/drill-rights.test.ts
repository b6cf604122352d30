import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { drillRights, restoredWorkloads, withDrillRights } from "./drill-rights.ts";
import { local } from "./local.ts";
import { okeProduction } from "./oke-production.ts";
import { okeStaging } from "./oke-staging.ts";
import { platformPosture } from "./platform-posture.ts";
import { disturbances } from "./profile.ts";
import { projectRoot } from "./settings.ts";

const chart = join(projectRoot, "helm", "harness-access");
const right = z.strictObject({
  where: z.string().min(1),
  side: z.enum(["inject", "undo"]),
  group: z.string(),
  resources: z.array(z.string().min(1)).min(1),
  names: z.array(z.string().min(1)).min(1).optional(),
  verbs: z.array(z.enum(["get", "list", "create", "update", "delete"])).min(1),
});
const granted = z.record(z.enum(disturbances), z.array(right)).parse({
  ...Object.fromEntries(disturbances.map((each) => [each, []])),
  ...z.record(z.string(), z.unknown()).parse(parse(readFileSync(join(chart, "drill-rights.yaml"), "utf8"))),
});

/** As a posture states it. */
function said({ where, group, resources, names = [""], verbs }: z.output<typeof right>): string {
  const kinds = resources.map((resource) => {
    const [plural = "", part] = resource.split("/");
    return `${plural}${group === "" ? "" : `.${group}`}${part === undefined ? "" : `/${part}`}`;
  });
  const all = kinds.flatMap((kind) => names.map((name) => (name === "" ? kind : `${kind}:${name}`)));
  return `${verbs.join(",")} ${all.join(",")} @${where === "own" ? "oke-proof" : where}`;
}

test.each(disturbances)("the chart grants for '%s' what is stated for it, and nothing else", (disturbance) => {
  const stated = drillRights[disturbance] ?? { inject: [], undo: [] };
  for (const side of ["inject", "undo"] as const) {
    const found = granted[disturbance].filter((each) => each.side === side).map(said);
    expect(found.toSorted()).toEqual([...stated[side]].toSorted());
  }
});

test("what is changed is named, wherever it is not a node; what is made has a name of the run's own", () => {
  const nameless = Object.values(granted)
    .flat()
    .filter(({ verbs, names, side }) => names === undefined && (side === "undo" || verbs.includes("update")));
  expect(nameless.map(({ resources, verbs }) => [resources, verbs])).toEqual([
    [["nodes"], ["get", "update"]],
    [["restores"], ["get", "create"]],
  ]);
});

const places = z.object({ connectionProbers: z.object({ places: z.record(z.string(), z.string()) }) });

test("every prober in a workload's place can be rolled after a restore, as the workloads can", () => {
  const { connectionProbers } = places.parse(parse(readFileSync(join(chart, "values.yaml"), "utf8")));
  const own = Object.entries(connectionProbers.places).filter(([, namespace]) => namespace === "health-platform");
  const probers = own.map(([place]) => `connects-as-${place}`);
  const rolled = restoredWorkloads.statefulsets.filter((name) => name.startsWith("connects-as-"));
  expect(rolled.toSorted()).toEqual(probers.toSorted());
  for (const { namespace, name } of local.databases.filter((one) => one.namespace === "health-platform")) {
    expect([namespace, restoredWorkloads.statefulsets.some((one) => one === name)]).toEqual([namespace, true]);
  }
});

test("nothing is stated where nothing is permitted", () => {
  expect(withDrillRights(platformPosture, [])).toEqual(platformPosture);
  expect(okeProduction.posture.rights).toEqual(platformPosture.rights);
  const all = okeProduction.posture.rights.accounts.flatMap(({ rights }) => rights);
  expect(all.some((one) => one.includes("eviction"))).toBe(false);
});

const values = z.object({ drills: z.object({ disturbances: z.array(z.enum(disturbances)) }).optional() });

test.each([
  ["values-local.yaml", local],
  ["values-oke-staging.yaml", okeStaging],
  ["values-oke-production.yaml", okeProduction],
  ["values.yaml", okeProduction],
])("%s grants what the profile permits", (file, { permits, posture }) => {
  const given = values.parse(parse(readFileSync(join(chart, file), "utf8"))).drills?.disturbances ?? [];
  const needed = permits.disturbances.filter((each) => drillRights[each] !== undefined);
  expect(given.toSorted()).toEqual(needed.toSorted());
  const stated = withDrillRights(platformPosture, permits.disturbances).rights.accounts;
  expect(posture.rights.accounts).toEqual(stated);
});
