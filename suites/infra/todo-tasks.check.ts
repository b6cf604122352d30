/** todo-backend-serving and todo-advanced-features: tasks through the ingress, as a signed-in user, at each of its addresses. */
import { read } from "../../harness/verdict.ts";
import type { TodoClient } from "../../probes/todo/client.ts";
import { openTodo } from "../../probes/todo/session.ts";
import { criterionOf } from "../../criteria/catalogue.ts";
import { check } from "../check.ts";
import { checkTag, doneOf, newNonce, removeOwn } from "./todo-flow.ts";
import { unlessLeft } from "./todo-outcome.judge.ts";
import {
  judgeAdvancedFeatures,
  judgeBackendServing,
  type Question,
  type QuestionRound,
  type TaskLife,
} from "./todo-tasks.judge.ts";

check("todo-backend-serving", async ({ profile, run, signal }) => {
  const { samplesMin } = criterionOf("todo-backend-serving").evidence;
  const session = await openTodo(profile, signal);
  if (!session.ok) return judgeBackendServing(session, samplesMin);
  const { clients, nobody } = session.value;
  const nonce = newNonce(run.id);
  const lives: TaskLife[] = [];
  let left: string | undefined;
  try {
    for (const client of rotated(clients, samplesMin)) lives.push(await liveThrough(client, nobody, nonce));
  } finally {
    left = await removeOwn(clients[0], nonce, new Date());
  }
  return unlessLeft(judgeBackendServing(read(lives, session.source, new Date()), samplesMin), left);
});

check("todo-advanced-features", async ({ profile, run, signal }) => {
  const { samplesMin } = criterionOf("todo-advanced-features").evidence;
  const session = await openTodo(profile, signal);
  if (!session.ok) return judgeAdvancedFeatures(session, samplesMin);
  const { clients } = session.value;
  const rounds: QuestionRound[] = [];
  const nonce = newNonce(run.id);
  let left: string | undefined;
  try {
    for (const [index, client] of rotated(clients, samplesMin).entries()) {
      rounds.push(await askAll(client, `${nonce}-${index}`));
    }
  } finally {
    left = await removeOwn(clients[0], nonce, new Date());
  }
  return unlessLeft(judgeAdvancedFeatures(read(rounds, session.source, new Date()), samplesMin), left);
});

/** At least `times`, and each client at least once. */
function rotated(clients: readonly TodoClient[], times: number): readonly TodoClient[] {
  const rounds = Math.ceil(times / clients.length);
  return Array.from({ length: rounds }, () => clients).flat();
}

async function liveThrough(client: TodoClient, nobody: TodoClient, nonce: string): Promise<TaskLife> {
  const sent = { title: `${nonce} first`, priority: "high", tags: [checkTag, "life"] };
  const newTitle = `${nonce} second`;
  const asNobody = await nobody.list([]);
  const created = await client.create(sent);
  const begun = { address: client.label, sent, newTitle, asNobody, created };
  const id = doneOf(created)?.id;
  if (id === undefined) return begun;
  const found = await client.find(id);
  const changed = await client.change(id, { title: newTitle });
  const foundChanged = await client.find(id);
  const removed = await client.remove(id);
  return { ...begun, found, changed, foundChanged, removed, foundRemoved: await client.find(id) };
}

const due = (day: string): string => `2031-03-${day}T12:00:00.000Z`;

/** Tasks of one round, in the order that they are made. */
const tasksOfRound = {
  ant: { priority: "low", tags: [checkTag, "home"], dueAt: due("03"), description: "Zanzibar in spring" },
  bee: { priority: "urgent", tags: [checkTag, "home", "garden"], dueAt: due("01") },
  cat: { priority: "high", tags: [checkTag, "garden"], dueAt: due("02") },
  dog: { priority: "normal", tags: [checkTag] },
} as const;

/** Each question with the tasks that must come; newest first where no order is asked for. Only `dog` is done. */
const questions: readonly {
  readonly feature: string;
  readonly query: readonly (readonly [string, string])[];
  readonly wanted: readonly (keyof typeof tasksOfRound)[];
  readonly total?: number;
}[] = [
  { feature: "listing by creation", query: [], wanted: ["dog", "cat", "bee", "ant"] },
  { feature: "filtering by priority", query: [["priority", "high"]], wanted: ["cat"] },
  { feature: "ordering by priority", query: [["sort", "priority"]], wanted: ["bee", "cat", "dog", "ant"] },
  { feature: "filtering by a tag", query: [["tag", "garden"]], wanted: ["cat", "bee"] },
  {
    feature: "filtering by two tags",
    query: [
      ["tag", "garden"],
      ["tag", "home"],
    ],
    wanted: ["bee"],
  },
  { feature: "searching a word of a description", query: [["search", "zanzibar"]], wanted: ["ant"] },
  { feature: "filtering by state", query: [["status", "done"]], wanted: ["dog"] },
  {
    feature: "filtering by due date",
    query: [
      ["dueFrom", due("01")],
      ["dueUntil", due("02")],
    ],
    wanted: ["cat", "bee"],
  },
  { feature: "ordering by due date", query: [["sort", "due"]], wanted: ["bee", "cat", "ant", "dog"] },
  {
    feature: "paging",
    query: [
      ["limit", "2"],
      ["offset", "1"],
    ],
    wanted: ["cat", "bee"],
    total: 4,
  },
];

async function askAll(client: TodoClient, nonce: string): Promise<QuestionRound> {
  const made: QuestionRound["made"][number][] = [];
  for (const [name, fields] of Object.entries(tasksOfRound)) {
    made.push({ name, task: await client.create({ ...fields, title: `${nonce} ${name}` }) });
  }
  const round = { address: client.label, made };
  const dog = made.map(({ task }) => doneOf(task)).at(-1);
  if (dog === undefined) return { ...round, questions: [] };
  const changed = await client.change(dog.id, { status: "done" });
  if (doneOf(changed) === undefined)
    return { ...round, made: [...made, { name: "dog", task: changed }], questions: [] };
  const asked: Question[] = [];
  for (const { feature, query, wanted, total } of questions) {
    const words = query.find(([name]) => name === "search")?.[1] ?? "";
    const others = query.filter(([name]) => name !== "search");
    const list = await client.list([...others, ["search", `${nonce} ${words}`.trim()]]);
    asked.push({ feature, wanted, asked: list, ...(total === undefined ? {} : { total }) });
  }
  return { ...round, questions: asked };
}
