/** sealed-secrets-operational: one sound sealed secret, one altered, one moved, and what the controller makes of them. */
import { randomBytes } from "node:crypto";
import { newMark } from "../../harness/mark.ts";
import { readSealedRound } from "../../probes/sealed-secrets/round.ts";
import { check } from "../check.ts";
import { judgeSealedSecrets } from "./sealed-secrets.judge.ts";

check("sealed-secrets-operational", async ({ cluster, profile, run }) => {
  const word = `sealed-${randomBytes(12).toString("hex")}`;
  return judgeSealedSecrets(await readSealedRound(cluster, profile, { word, mark: newMark(run.id) }), word);
});
