/** `rebuild-within-four-hours`, as its trial has it judged: rows just inside and just outside of the limit, and what keeps it from being shown. */
import { expect, test } from "vitest";
import { criterionOf } from "../../criteria/catalogue.ts";
import { unread, type Outcome } from "../../harness/verdict.ts";
import { rebuildStages, type Moment, type RestoreRun } from "../../probes/restore/restore-run.ts";
import { stagesOf } from "./gathered-rebuild.ts";
import { exampleRestore, momentAt, restoreBut, restoreOf } from "./restore-example.ts";
import { judgeRestoreTime } from "./restore.judge.ts";

const limit = 14_400;
const declaredMs = 110_000;
const seen = {
  declared: momentAt(declaredMs),
  clusterReady: momentAt(declaredMs + 150_000),
  backupFound: momentAt(declaredMs + 210_000),
  restoreCreated: momentAt(declaredMs + 260_000),
  restoreCompleted: momentAt(declaredMs + 370_000),
  podsReady: momentAt(declaredMs + 380_000),
  successor: "new",
};

/** A rebuild whose data were verified so many milliseconds after it was declared. */
function rebuilt(
  verified: Moment | undefined,
  changes: Partial<RestoreRun> = {},
  missing?: keyof typeof seen,
): RestoreRun {
  const { [missing ?? "successor"]: _left, ...rest } = seen;
  const ended = verified ?? momentAt(declaredMs + 500_000);
  return exampleRestore({ what: "cluster old", stages: stagesOf(rest, verified), ended, ...changes });
}

const after = (ms: number): Moment => momentAt(declaredMs + ms);
const usual = after(420_000);

test.each<readonly [string, RestoreRun, Outcome, RegExp]>([
  ["in seven minutes", rebuilt(usual), "pass", /cluster old was restored and its data verified in less than 14400 s/],
  ["a millisecond before the limit", rebuilt(after(limit * 1_000 - 1)), "pass", /./],
  [
    "at the limit",
    rebuilt(after(limit * 1_000)),
    "fail",
    /it took 14400 s from declared to data verified, below 14400 s/,
  ],
  ["never verified", rebuilt(undefined), "unproven", /data verified: not reached 500 s after it was declared/],
  ["never verified, and the time is over", rebuilt(undefined, { ended: after(limit * 1_000) }), "fail", /not reached/],
  ["that nobody declared", rebuilt(usual, {}, "declared"), "unproven", /nobody noted when the loss was declared/],
  ["whose cluster nobody saw ready", rebuilt(usual, {}, "clusterReady"), "unproven", /cluster ready/],
  ["whose backup nobody saw found", rebuilt(usual, {}, "backupFound"), "unproven", /backup found/],
  [
    "that was never seen to be gone",
    rebuilt(usual, { destroyed: unread("3 nodes are there", "podman", new Date()) }),
    "unproven",
    /whether cluster old was gone could not be told: 3 nodes are there/,
  ],
  [
    "that lost a row",
    rebuilt(usual, { verifications: restoreBut("marker-1", "row", "missing").verifications }),
    "fail",
    /missing/,
  ],
  [
    "with an altered object",
    rebuilt(usual, { verifications: restoreBut("marker-1", "object", "altered").verifications }),
    "fail",
    /altered/,
  ],
  [
    "with an empty volume",
    rebuilt(usual, { restore: restoreOf({ volumes: [{ claim: "a/b", backedUpBytes: 9, restoredBytes: 0 }] }) }),
    "fail",
    /with 0 of 9 bytes in the volume of a\/b/,
  ],
  [
    "that ended in part",
    rebuilt(usual, { restore: restoreOf({ phase: "PartiallyFailed", errors: 2 }) }),
    "fail",
    /PartiallyFailed/,
  ],
  ["that nobody verified as SQL", rebuilt(usual, { verifications: [] }), "unproven", /nobody verified the data by sql/],
])("a rebuild %s", (_, run, outcome, because) => {
  const verdict = judgeRestoreTime(run, { stages: rebuildStages, secondsMax: limit });
  expect(verdict.outcome).toBe(outcome);
  expect(verdict.because).toMatch(because);
});

test("the limit is the catalogue's, and every stage has its time among the facts", () => {
  expect(criterionOf("rebuild-within-four-hours").limits[0]?.value).toBe(limit);
  const { evidence } = judgeRestoreTime(rebuilt(usual), { stages: rebuildStages, secondsMax: limit });
  expect(evidence.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      "from declared to cluster ready",
      "from cluster ready to backup found",
      "from pods ready to data verified",
    ]),
  );
});
