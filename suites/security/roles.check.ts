/** roles-enforced: every operation of the Health API as admin and as member of each tenant, with an own object and with a colleague's. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newMark } from "../../harness/mark.ts";
import { read, unproven, type Reading } from "../../harness/verdict.ts";
import { check } from "../check.ts";
import { unlessLeft } from "../infra/todo-outcome.judge.ts";
import { healthObjects } from "./health-objects.ts";
import { judgeRoles, type Roles } from "./roles.judge.ts";
import { gatherRoles } from "./roles.ts";
import { seedEach } from "./seeds.ts";
import { openStage } from "./stage.ts";

const file = "roles-enforced.json";
/** Not as many of each: a total tells whose it counts. */
const seedsOf = { admin: 2, member: 1 } as const;

check("roles-enforced", async (context) => {
  const { profile, run, evidenceDirectory } = context;
  const objects = healthObjects(context);
  const stage = await openStage(context, objects.where, "/openapi.json");
  if (!stage.ok) return unproven(stage.why);
  const { people, operations } = stage.value;
  let left: string | undefined;
  let roles: Reading<Roles>;
  try {
    const kind = newMark(run.id);
    const seeds = await seedEach(people, seedsOf, async (who) => objects.makeOf(who, kind));
    const world = { objects, people, kind };
    roles = seeds.ok
      ? read(await gatherRoles({ ...world, seeds: seeds.value }, operations), seeds.source, new Date())
      : seeds;
  } finally {
    left = await objects.removeAll(people);
  }
  if (!roles.ok) return unproven(roles.why);
  writeFileSync(join(evidenceDirectory, file), JSON.stringify(roles.value, undefined, 1));
  return unlessLeft(judgeRoles(roles.value, profile.health.roles, file), left);
});
