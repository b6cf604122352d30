/** tenant-isolation-api: every operation of the Health API's own document, upon another tenant's records. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { unproven } from "../../harness/verdict.ts";
import { check } from "../check.ts";
import { unlessLeft } from "../infra/todo-outcome.judge.ts";
import { healthObjects } from "./health-objects.ts";
import { openStage } from "./stage.ts";
import { judgeTenantApi } from "./tenant-api.judge.ts";
import { gatherMatrix } from "./tenant-matrix.ts";
import { evidenceOf, type Matrix } from "./tenant-matrix.judge.ts";

const id = "tenant-isolation-api";

check("tenant-isolation-api", async (context) => {
  const { evidenceDirectory } = context;
  const objects = healthObjects(context);
  const stage = await openStage(context, objects.where, "/openapi.json");
  if (!stage.ok) return unproven(stage.why);
  const { people, nobodies, operations } = stage.value;
  let left: string | undefined;
  let matrix: Matrix;
  try {
    matrix = await gatherMatrix({
      operations,
      where: objects.where,
      keeperOf: ({ path }) => (path.startsWith("/api/v1/records") ? objects : undefined),
      maker: objects,
      people,
      nobodies,
      owners: people.filter(({ role }) => role === "member"),
      isForeign: (one, owner) => one.tenant !== owner.tenant,
    });
  } finally {
    left = await objects.removeAll(people);
  }
  writeFileSync(join(evidenceDirectory, `${id}.json`), JSON.stringify(evidenceOf(matrix), undefined, 1));
  return unlessLeft(judgeTenantApi(matrix, { operations, file: `${id}.json` }), left);
});
