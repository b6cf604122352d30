/** tenant-isolation-lists: every operation of the Health API that answers with many records, as every user, while both tenants have some. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newMark } from "../../harness/mark.ts";
import { read, unproven, type Reading } from "../../harness/verdict.ts";
import { check } from "../check.ts";
import { unlessLeft } from "../infra/todo-outcome.judge.ts";
import { healthObjects } from "./health-objects.ts";
import { seedEach } from "./seeds.ts";
import { openStage } from "./stage.ts";
import { judgeTenantLists, type Lists } from "./tenant-lists.judge.ts";
import { gatherLists } from "./tenant-lists.ts";

const file = "tenant-isolation-lists.json";
/** Both tenants have as many: a total that counts another's cannot be right by accident. */
const seedsOf = { admin: 1, member: 2 } as const;

check("tenant-isolation-lists", async (context) => {
  const { run, evidenceDirectory } = context;
  const objects = healthObjects(context);
  const stage = await openStage(context, objects.where, "/openapi.json");
  if (!stage.ok) return unproven(stage.why);
  const { people, nobodies, operations } = stage.value;
  let left: string | undefined;
  let lists: Reading<Lists>;
  try {
    const kind = newMark(run.id);
    const seeds = await seedEach(people, seedsOf, async (who) => objects.makeOf(who, kind));
    lists = seeds.ok
      ? read(
          await gatherLists(objects, operations, { people, nobodies, seeds: seeds.value, kind }),
          seeds.source,
          new Date(),
        )
      : seeds;
  } finally {
    left = await objects.removeAll(people);
  }
  if (!lists.ok) return unproven(lists.why);
  writeFileSync(join(evidenceDirectory, file), JSON.stringify(lists.value.questions, undefined, 1));
  return unlessLeft(judgeTenantLists(lists.value, { what: "records", file }), left);
});
