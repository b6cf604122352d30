/** Least privilege: what each account of the platform may do, by the API server's answers and by the roles, against what is stated for it. */
import type { Posture } from "../../environments/posture.ts";
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Asked } from "../../probes/kubernetes/access-review.ts";
import type { Account, AccountRights, Right } from "../../probes/kubernetes/rights.ts";
import type { TokenHolder } from "../../probes/kubernetes/tokens.ts";
import { covers, rightsIn } from "./right-covers.judge.ts";

/** One question to the API server. `control` marks a right that a role gives: the answer must be yes. */
export type Answer = {
  readonly account: Account;
  readonly asked: Asked;
  readonly control: boolean;
  readonly allowed: Reading<boolean>;
};

export type RightsFound = {
  readonly accounts: Reading<readonly AccountRights[]>;
  readonly answers: readonly Answer[];
  readonly holders: Reading<readonly TokenHolder[]>;
};

const shownAtMost = 4;
const factsAtMost = 40;
const nameOf = ({ namespace, name }: Account): string => `${namespace}/${name}`;
const wordsOf = ({ verb, resource, where }: Asked): string => `${verb} ${resource} @${where}`;

/** Accounts that are judged: those of the platform's namespaces, and the account `default` of every namespace. */
export function judgedAccounts(accounts: readonly AccountRights[], posture: Posture): AccountRights[] {
  const namespaces = posture.namespaces.map(({ name }) => name);
  return accounts.filter(({ namespace, name }) => namespaces.includes(namespace) || name === "default");
}

/**
 * No account has a right, by a role or by the API server's answer, that the profile does not state for it; no pod holds a token of an account that may do
 * nothing. The API server must say yes to rights that roles give: one that says no to everything would prove every account harmless.
 */
export function judgeRights({ accounts, answers, holders }: RightsFound, posture: Posture): Verdict {
  if (!accounts.ok) return unproven(accounts.why);
  if (!holders.ok) return unproven(holders.why);
  const judged = judgedAccounts(accounts.value, posture);
  const { source, at } = accounts;
  const stated = (account: Account) =>
    posture.rights.accounts
      .filter((one) => one.namespace === account.namespace && one.name === account.name)
      .flatMap(({ rights }) => rights.flatMap(rightsIn));
  const over = judged.flatMap((account) => {
    const allowed = stated(account);
    const rights = account.rights.filter((right) => !allowed.some((one) => covers(one, right)));
    return rights.length === 0 ? [] : [{ account, rights }];
  });
  const hidden = answers.filter(({ account, asked, control, allowed }) => {
    if (control || !allowed.ok || !allowed.value) return false;
    const known = judged.find((one) => nameOf(one) === nameOf(account))?.rights ?? [];
    return ![...stated(account), ...known].some((one) => covers(one, asked));
  });
  const idle = idleTokens(holders.value, judged, posture);
  const faults = [
    ...over.flatMap(({ account, rights }) => byRole(account, rights)),
    ...hidden.map(({ account, asked }) => `account ${nameOf(account)} may ${wordsOf(asked)} by no role that was read`),
    ...idle.map(
      ({ namespace, pod, account }) =>
        `pod ${namespace}/${pod} holds a token of account ${account}, which may do nothing`,
    ),
  ];
  return conclude({
    faults,
    gaps: [...gapsOf(answers), ...(judged.length === 0 ? ["no account was found"] : [])],
    facts: factsOf({ judged, over, hidden, idle, answers, source, at }),
    held: `${judged.length} accounts may do what is stated for them and nothing more, by their roles and by ${answers.length} answers of the API server; no pod holds a token that it does not need`,
  });
}

function byRole(account: Account, rights: readonly Right[]): string[] {
  return [...new Set(rights.map(({ via }) => via))].map((via) => {
    const its = rights.filter((right) => right.via === via);
    const rest = its.length - shownAtMost;
    const shown = its.slice(0, shownAtMost).map(wordsOf).join(", ");
    return `account ${nameOf(account)} may ${shown}${rest > 0 ? ` and ${rest} more` : ""} (${via}), which is not stated for it`;
  });
}

function idleTokens(
  holders: readonly TokenHolder[],
  judged: readonly AccountRights[],
  { namespaces, rights: { idleTokens: excepted } }: Posture,
): TokenHolder[] {
  return holders.filter(({ namespace, account, holdsToken }) => {
    if (!holdsToken || !namespaces.some(({ name }) => name === namespace)) return false;
    const rights = judged.find((one) => one.namespace === namespace && one.name === account)?.rights ?? [];
    return rights.length === 0 && !excepted.some((one) => one.namespace === namespace && one.name === account);
  });
}

function gapsOf(answers: readonly Answer[]): string[] {
  const controls = answers.filter(({ control }) => control);
  return [
    ...new Set(answers.flatMap(({ allowed }) => (allowed.ok ? [] : [allowed.why]))),
    ...controls
      .filter(({ allowed }) => allowed.ok && !allowed.value)
      .map(
        ({ account, asked }) =>
          `a role gives account ${nameOf(account)} ${wordsOf(asked)}, but the API server says no: its answers are not to be had by this`,
      ),
    ...(controls.length === 0 ? ["no right was known to be held: the API server's answers have no control"] : []),
  ];
}

type Counted = {
  readonly judged: readonly AccountRights[];
  readonly over: readonly { readonly account: Account; readonly rights: readonly Right[] }[];
  readonly hidden: readonly Answer[];
  readonly idle: readonly TokenHolder[];
  readonly answers: readonly Answer[];
  readonly source: string;
  readonly at: string;
};

function factsOf({ judged, over, hidden, idle, answers, source, at }: Counted): Fact[] {
  if (judged.length === 0) return [];
  const rights = over.reduce((total, one) => total + one.rights.length, hidden.length);
  const yes = answers.filter(({ control, allowed }) => !control && allowed.ok && allowed.value);
  const file = "rbac-least-privilege.json";
  return [
    {
      what: "rights that are not stated",
      value: rights,
      unit: "rights",
      limit: "0",
      samples: judged.length,
      source,
      at,
      file,
    },
    { what: "pods with a token that they do not use", value: idle.length, unit: "pods", limit: "0", source, at },
    { what: "questions that the API server answered", value: answers.length, unit: "answers", source, at },
    ...yes.slice(0, factsAtMost).map(({ account, asked }) => ({
      what: `account ${nameOf(account)} may`,
      value: wordsOf(asked),
      source,
      at,
    })),
  ];
}
