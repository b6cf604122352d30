/** rbac-least-privilege: what the roles give, and what the API server says to rights that lead to more than they say. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { mayDo, powersInCluster, powersInNamespace, powersOfAll } from "../../probes/kubernetes/access-review.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { readAccountRights, type AccountRights, type Right } from "../../probes/kubernetes/rights.ts";
import { readTokenHolders } from "../../probes/kubernetes/tokens.ts";
import { check } from "../check.ts";
import { judgedAccounts, judgeRights, type Answer } from "./rbac.judge.ts";

const askedAtOnce = 16;
/** Rights that roles give, asked as controls, of each account. */
const controlsMost = 2;

check("rbac-least-privilege", async ({ cluster, profile, evidenceDirectory }) => {
  const [accounts, holders] = await Promise.all([readAccountRights(cluster), readTokenHolders(cluster)]);
  const judged = accounts.ok ? judgedAccounts(accounts.value, profile.posture) : [];
  const answers = (await fewAtATime(judged.flatMap(questionsTo), askedAtOnce, async (one) => ask(cluster, one))).flat();
  const rows = judged.map(({ namespace, name, rights }) => ({ namespace, name, rights: stated(rights) }));
  const yes = answers.flatMap(({ account: { namespace, name }, asked, allowed }) =>
    allowed.ok && allowed.value ? [`${namespace}/${name} ${asked.verb} ${asked.resource} @${asked.where}`] : [],
  );
  const evidence = JSON.stringify({ accounts: rows, allowed: yes }, null, 2);
  writeFileSync(join(evidenceDirectory, "rbac-least-privilege.json"), evidence);
  return judgeRights({ accounts, answers, holders }, profile.posture);
});

type Question = Omit<Answer, "allowed">;

function questionsTo(account: AccountRights): Question[] {
  const { namespace, name, rights } = account;
  const whose = { namespace, name };
  const few = rights.length === 0;
  return [
    ...powersInNamespace
      .slice(0, few ? powersOfAll.inNamespace : undefined)
      .map((power) => ({ account: whose, asked: { ...power, where: namespace }, control: false })),
    ...powersInCluster
      .slice(0, few ? powersOfAll.inCluster : undefined)
      .map((power) => ({ account: whose, asked: { ...power, where: "cluster" }, control: false })),
    ...rights.slice(0, controlsMost).map(({ verb, resource, where }) => ({
      account: whose,
      asked: { verb, resource, where },
      control: true,
    })),
  ];
}

/** What is allowed in the account's own namespace is asked of the whole cluster too. */
async function ask(cluster: Cluster, question: Question): Promise<Answer[]> {
  const { account, asked, control } = question;
  const allowed = await mayDo(cluster, account, asked);
  const answer = { ...question, allowed };
  if (control || asked.where === "cluster" || !allowed.ok || !allowed.value) return [answer];
  const everywhere = { ...asked, where: "cluster" };
  return [answer, { account, asked: everywhere, control, allowed: await mayDo(cluster, account, everywhere) }];
}

/** Rights as the profile states them: verbs together, and kinds with the same verbs together. */
function stated(rights: readonly Right[]): string[] {
  const grouped = (pairs: readonly (readonly [string, string])[]): Map<string, string[]> => {
    const groups = new Map<string, string[]>();
    for (const [key, value] of pairs) groups.set(key, [...new Set([...(groups.get(key) ?? []), value])].toSorted());
    return groups;
  };
  const verbs = grouped(rights.map(({ verb, resource, where }) => [`${resource} @${where}`, verb]));
  const kinds = grouped(
    [...verbs].map(([kind, some]) => {
      const [resource = "", where = ""] = kind.split(" ");
      return [`${some.join(",")} ${where}`, resource];
    }),
  );
  return [...kinds].map(([key, resources]) => {
    const [some = "", where = ""] = key.split(" ");
    return `${some} ${resources.join(",")} ${where}`;
  });
}
