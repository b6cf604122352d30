/** tenant-isolation-dapr-state: tasks of two tenants, found in the store itself, and asked for by applications whose they are not. */
import { randomUUID } from "node:crypto";
import { newTitleMark } from "../../harness/mark.ts";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { askForForeignState, readKeysHolding } from "../../probes/dapr-prober/sidecar.ts";
import { readQueryDenials } from "../../probes/dapr/denied-apis.ts";
import { check, type CheckContext } from "../check.ts";
import { checkTag, doneOf, removeOwn } from "../infra/todo-flow.ts";
import { unlessLeft } from "../infra/todo-outcome.judge.ts";
import { judgeTenantState, type Asker, type Kept } from "./tenant-dapr-state.judge.ts";
import { todoSides, type TodoSide } from "./two-tenants.ts";

/** An application of the harness's own, by how the profile calls its Service. */
const askers = [
  { as: "inScope", app: "oke-proof-prober" },
  { as: "outOfScope", app: "oke-proof-outsider" },
] as const;

check("tenant-isolation-dapr-state", async (context) => {
  const { cluster, profile } = context;
  const { namespace, apps } = profile.eventBus;
  const sides = await todoSides(context);
  const titles = (sides.ok ? sides.value : []).map((side) => ({ side, text: newTitleMark(context.run.id) }));
  let removed = false;
  try {
    const kept: Reading<readonly Kept[]> = sides.ok
      ? await keep(context, titles)
      : unread(sides.why, sides.source, new Date());
    const configurations = await readQueryDenials(cluster, namespace);
    const verdict = judgeTenantState({ kept, askers: await askAll(context, kept), configurations }, apps);
    const left = await removeAll(titles);
    removed = true;
    return unlessLeft(verdict, left);
  } finally {
    if (!removed) await removeAll(titles);
  }
});

type Titled = { readonly side: TodoSide; readonly text: string };

/** Makes one task for each tenant and looks where the store keeps it. */
async function keep({ cluster, profile }: CheckContext, titles: readonly Titled[]): Promise<Reading<readonly Kept[]>> {
  const kept: Kept[] = [];
  for (const { side, text } of titles) {
    const made = await side.client.create({ title: `${text} kept`, tags: [checkTag] });
    if (doneOf(made) === undefined)
      return unread(`${side.session.user} could not make a task`, made.source, new Date());
    const keys = await readKeysHolding(cluster, profile.eventBus, text);
    kept.push({ tenant: side.session.tenant, text, keys: keys.ok ? { ...keys, value: keys.value.keys } : keys });
  }
  return read(kept, "the todo platform", new Date());
}

/** Each application asks for every state as the store calls it, and as its owner calls it. */
async function askAll(
  { cluster, profile, run }: CheckContext,
  kept: Reading<readonly Kept[]>,
): Promise<readonly Asker[]> {
  const { eventBus } = profile;
  const found = kept.ok ? kept.value : [];
  const stored = found.flatMap(({ keys }) => (keys.ok ? keys.value : []));
  const keys = [...new Set(stored.flatMap((key) => [key, key.split("||").at(-1) ?? key]))].slice(0, 20);
  const { allowed, guarded } = eventBus.secrets;
  return Promise.all(
    askers.map(async ({ as, app }): Promise<Asker> => {
      const own = { ownKey: `oke-proof:${randomUUID()}`, ownText: newTitleMark(run.id) };
      const texts = found.map(({ text }) => text);
      const inScope = as === "inScope";
      const secrets = inScope ? [...allowed, guarded] : [guarded];
      const answer = await askForForeignState(cluster, eventBus, { as, keys, texts, secrets, ...own });
      return { app, inScope, ...own, allowed: inScope ? allowed : [], answer };
    }),
  );
}

async function removeAll(titles: readonly Titled[]): Promise<string | undefined> {
  const left = await Promise.all(titles.map(async ({ side, text }) => removeOwn(side.client, text, new Date())));
  const said = left.filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said.join("; ");
}
