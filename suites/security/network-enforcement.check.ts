/** network-policies-enforced: nine pods try each other, the name servers, a node and the outside, before, under and after each policy of the truth table. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withPolicies } from "../../fixtures/network/standing-policies.ts";
import { answeringPorts, truthTable } from "../../fixtures/network/truth-table.ts";
import { unproven } from "../../harness/verdict.ts";
import { cellsOf } from "../../probes/network/cells.ts";
import { readIdentities } from "../../probes/network/identities.ts";
import { check } from "../check.ts";
import { evidenceOf } from "./enforcement-evidence.ts";
import { goThrough } from "./enforcement-rounds.ts";
import { judgeEnforcement } from "./network-enforcement.judge.ts";

const convergeSecondsMax = 15;
const heldRounds = 3;
/** Beyond it the first answers are no longer of the same cluster as the last; a quiet cluster of this machine's size takes 76 s. */
const secondsMax = 200;

check("network-policies-enforced", async ({ cluster, profile, run, signal, evidenceDirectory }) => {
  const identities = await readIdentities(cluster, profile);
  if (!identities.ok) return unproven(identities.why);
  const { ends, sources, nodeOf } = identities.value;
  const { namespaces, port, portRanges } = profile.enforcement;
  const cases = truthTable({ namespaces, controlPort: port, outside: ends.outside?.end.address });
  const cells = cellsOf(ends, answeringPorts, ({ id }) => nodeOf.get(id) ?? "");
  const convergeMsMax = convergeSecondsMax * 1000;
  const table = { cluster, sources, cells, portRanges, convergeMsMax, heldRounds, secondsMax, signal };
  const matrix = await withPolicies(profile, run, cases, signal, async (standing) =>
    goThrough({ ...table, ...standing }, cases),
  );
  writeFileSync(join(evidenceDirectory, "network-policies-enforced.json"), JSON.stringify(evidenceOf(matrix)));
  return judgeEnforcement(matrix, { convergeSecondsMax, heldRounds, secondsMax, casesMin: 12 });
});
