/** The todo platform across users, of one tenant and of another: nothing of another's is shown, changed or told. */
import { conclude, type Verdict } from "../../harness/verdict.ts";
import { listFacts, weighLists, type Lists } from "./tenant-lists.judge.ts";
import { matrixFacts, weighMatrix, type Matrix } from "./tenant-matrix.judge.ts";

/**
 * Fails for each list and notification with another user's task in it, and for each request about another's task or notification that
 * showed, changed or betrayed it.
 */
export function judgeUserIsolation(matrix: Matrix, lists: Lists, file: string): Verdict {
  const [shown, done] = [weighLists(lists, "tasks"), weighMatrix(matrix)];
  const faults = [...shown.faults, ...done.faults];
  const { trials, intrusions } = matrix;
  const requests = trials.flatMap(({ attacks }) => attacks).length;
  const [{ source, at } = { source: "", at: "" }] = trials.map(({ byOwner }) => byOwner);
  const missing = [
    ...(trials.length === 0 ? ["no operation names a task"] : []),
    ...(lists.questions.length === 0 ? ["no operation answers with a list"] : []),
  ];
  const asked = requests + intrusions.length + lists.questions.length;
  const whole = {
    what: "foreign tasks shown, changed or notified",
    value: faults.length,
    unit: "tasks",
    limit: `0 in ${asked} requests`,
    source,
    at,
    file,
    samples: asked,
  };
  return conclude({
    faults,
    gaps: [...missing, ...shown.gaps, ...done.gaps],
    facts:
      missing.length > 0 ? [] : [whole, ...listFacts(lists, { what: "tasks", file }), ...matrixFacts(matrix, file)],
    held: `${requests} requests about another user's tasks and notifications were answered as if there were none; ${lists.questions.length} lists and inboxes held the user's own only; ${intrusions.length} tries to make a task in another's name came to nothing`,
  });
}
