/** Tasks of the todo platform: their life, and finding them. */
import { conclude, unproven, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/http/outcome.ts";
import type { Task, TaskList } from "../../probes/todo/answers.ts";
import { heldAgainst, refusedWith, together, type Findings } from "./todo-outcome.judge.ts";

/** One task from its making to its end, at one address. What comes after an operation that failed was not tried. */
export type TaskLife = {
  readonly address: string;
  readonly sent: { readonly title: string; readonly priority: string; readonly tags: readonly string[] };
  readonly newTitle: string;
  readonly created: Asked<Task>;
  readonly found?: Asked<Task>;
  readonly changed?: Asked<Task>;
  readonly foundChanged?: Asked<Task>;
  readonly removed?: Asked<undefined>;
  readonly foundRemoved?: Asked<Task>;
  /** The same question without a token. */
  readonly asNobody: Asked<TaskList>;
};

const operationsOfLife = 7;

/** A task is made, returned, changed and deleted as asked, and nobody without a token gets any. @param lives at least `livesMin` */
export function judgeBackendServing(lives: Reading<readonly TaskLife[]>, livesMin: number): Verdict {
  if (!lives.ok) return unproven(lives.why);
  const findings = together(lives.value.map(findingsOf));
  const enough = lives.value.length >= livesMin;
  return conclude({
    faults: findings.faults,
    gaps: enough ? findings.gaps : [...findings.gaps, `${lives.value.length} lives of a task, not ${livesMin}`],
    facts: [
      {
        what: "operations refused or without effect",
        value: findings.faults.length,
        unit: "operations",
        limit: `0 of ${lives.value.length * operationsOfLife}`,
        source: lives.source,
        at: lives.at,
        samples: lives.value.length,
      },
    ],
    held: `${lives.value.length} tasks were created, returned, changed and deleted as asked, and none was shown to nobody`,
  });
}

function findingsOf(life: TaskLife): Findings {
  const { sent, newTitle, address } = life;
  const at = (what: string): string => `${what} at ${address}`;
  const isSent = (task: Task): string | undefined => differing(task, sent);
  const isChanged = (task: Task): string | undefined => differing(task, { ...sent, title: newTitle });
  return together([
    heldAgainst(at("creating a task"), life.created, isSent),
    heldAgainst(at("returning the created task"), life.found, isSent),
    heldAgainst(at("changing a task"), life.changed, isChanged),
    heldAgainst(at("returning the changed task"), life.foundChanged, isChanged),
    heldAgainst(at("deleting a task"), life.removed),
    refusedWith(at("returning the deleted task"), life.foundRemoved, 404),
    refusedWith(at("listing tasks without a token"), life.asNobody, 401),
  ]);
}

function differing(task: Task, wanted: TaskLife["sent"]): string | undefined {
  if (task.title !== wanted.title) return `gave the title '${task.title}', not '${wanted.title}'`;
  if (task.priority !== wanted.priority) return `gave the priority ${task.priority}, not ${wanted.priority}`;
  const [given, asked] = [task.tags.toSorted().join(", "), wanted.tags.toSorted().join(", ")];
  return given === asked ? undefined : `gave the tags ${given || "none"}, not ${asked}`;
}

/** One question for tasks, and the names of those that must come, in their order. */
export type Question = {
  readonly feature: string;
  readonly wanted: readonly string[];
  /** How many there are in all, where only a page was asked for. */
  readonly total?: number;
  readonly asked: Asked<TaskList>;
};

/** A set of tasks made for the questions, each with a name of its own. */
export type QuestionRound = {
  readonly address: string;
  readonly made: readonly { readonly name: string; readonly task: Asked<Task> }[];
  readonly questions: readonly Question[];
};

/** Every question is answered by the tasks that it asks for, all and only these, in order. */
export function judgeAdvancedFeatures(rounds: Reading<readonly QuestionRound[]>, roundsMin: number): Verdict {
  if (!rounds.ok) return unproven(rounds.why);
  const findings = together(
    rounds.value.map(({ address, made, questions }) => {
      const names = new Map(made.flatMap(({ name, task }) => idOf(task).map((id) => [id, name] as const)));
      return together([
        ...made.map(({ name, task }) => heldAgainst(`making the task ${name} at ${address}`, task)),
        ...questions.map((question) => findingsOfQuestion(question, names, address)),
      ]);
    }),
  );
  const enough = rounds.value.length >= roundsMin && rounds.value.every(({ questions }) => questions.length > 0);
  const asked = rounds.value.reduce((sum, { questions }) => sum + questions.length, 0);
  return conclude({
    faults: findings.faults,
    gaps: enough ? findings.gaps : [...findings.gaps, `fewer than ${roundsMin} rounds of questions were asked`],
    facts: [
      {
        what: "features that do not work",
        value: findings.faults.length,
        unit: "features",
        limit: `0 of ${asked} answers`,
        source: rounds.source,
        at: rounds.at,
        samples: rounds.value.length,
      },
    ],
    held: `${asked} questions by priority, tag, word, state and date were answered with the right tasks in ${rounds.value.length} rounds`,
  });
}

function findingsOfQuestion(question: Question, names: ReadonlyMap<string, string>, address: string): Findings {
  const { feature, wanted, total = wanted.length, asked } = question;
  return heldAgainst(`${feature} at ${address}`, asked, (list) => {
    const got = list.tasks.map(({ id }) => names.get(id) ?? "a task of somebody else");
    if (got.join(", ") !== wanted.join(", ")) {
      return `gave ${got.join(", ") || "no task"}, not ${wanted.join(", ") || "none"}`;
    }
    return list.total === total ? undefined : `counted ${list.total} tasks, not ${total}`;
  });
}

function idOf(task: Asked<Task>): string[] {
  return task.ok && task.value.kind === "done" ? [task.value.value.id] : [];
}
