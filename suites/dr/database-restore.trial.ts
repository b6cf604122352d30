/** The restore of a database: rows of the drill's own are corrupted, and the runbook brings them back to the moment of a dump. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../environments/settings.ts";
import { database } from "../../fixtures/faults/database-restore.ts";
import { titleOf } from "../../fixtures/faults/workloads.ts";
import { rowsBeforeMin } from "../../fixtures/restore/database-prepare.ts";
import { stateOfRun } from "../../fixtures/restore/database-state.ts";
import { unproven } from "../../harness/verdict.ts";
import { trial } from "../trial.ts";
import { judgeDatabaseRestore } from "./database-restore.judge.ts";
import { databaseRunOf } from "./gathered-database-restore.ts";
import { stepsOfRunbook } from "./runbook-steps.ts";
import { lookAtWorkloads } from "./steady-workloads.ts";

const file = "restore-database.json";

trial("database-restore-tested", "database-restore", async (context) => {
  const { cluster, run, evidenceDirectory } = context;
  const document = readFileSync(join(projectRoot, "docs", "runbooks", "database-restore.md"), "utf8");
  const observed = await context.perform(async () => lookAtWorkloads(cluster, [database.namespace]));
  const gathered = databaseRunOf(observed, stateOfRun(run.id), {
    database: titleOf(database),
    runbook: stepsOfRunbook(document),
    file,
  });
  if (!gathered.ok) return unproven(gathered.why);
  writeFileSync(join(evidenceDirectory, file), JSON.stringify({ schemaVersion: 1, run: gathered.value }));
  return judgeDatabaseRestore(gathered.value, { rowsMin: rowsBeforeMin });
});
