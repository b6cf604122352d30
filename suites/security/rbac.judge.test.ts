import { expect, test } from "vitest";
import type { Posture } from "../../environments/posture.ts";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { AccountRights, Right } from "../../probes/kubernetes/rights.ts";
import type { TokenHolder } from "../../probes/kubernetes/tokens.ts";
import { judgeRights, type Answer } from "./rbac.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const posture: Posture = {
  namespaces: [{ name: "kafka", level: "restricted" }],
  containers: [],
  scanExceptions: [],
  registries: [],
  logMinutes: 60,
  rights: {
    accounts: [
      {
        namespace: "kafka",
        name: "broker",
        rights: ["get,list pods @kafka"],
        why: "finds the other brokers by their pods",
      },
    ],
    idleTokens: [{ namespace: "kafka", name: "idler", why: "starts no other way, as upstream knows" }],
  },
};
const right = (verb: string, resource: string, where = "kafka", via = "Role broker by RoleBinding broker"): Right => ({
  verb,
  resource,
  where,
  via,
});
const account = (name: string, rights: readonly Right[] = [], namespace = "kafka"): AccountRights => ({
  namespace,
  name,
  rights,
});
const broker = account("broker", [right("get", "pods"), right("list", "pods")]);
const holder = (of: string, holdsToken = true, namespace = "kafka"): TokenHolder => ({
  namespace,
  pod: `${of}-0`,
  account: of,
  holdsToken,
});

function answer(name: string, words: string, allowed: boolean, control = false): Answer {
  const [verb = "", resource = "", where = ""] = words.split(" ");
  return {
    account: { namespace: "kafka", name },
    asked: { verb, resource, where },
    control,
    allowed: read(allowed, "api", now),
  };
}
const control = answer("broker", "get pods kafka", true, true);

type Given = {
  readonly accounts?: readonly AccountRights[];
  readonly answers?: readonly Answer[];
  readonly holders?: readonly TokenHolder[];
};

test.each<readonly [string, Given, Outcome, RegExp]>([
  [
    "only what is stated",
    {},
    "pass",
    /^2 accounts may do what is stated for them and nothing more, by their roles and by 2 answers/,
  ],
  [
    "one verb more",
    { accounts: [account("broker", [...broker.rights, right("watch", "pods")])] },
    "fail",
    /^account kafka\/broker may watch pods @kafka \(Role broker by RoleBinding broker\), which is not stated for it$/,
  ],
  [
    "the same in the whole cluster",
    { accounts: [account("broker", [right("get", "pods", "cluster", "ClusterRole x by ClusterRoleBinding y")])] },
    "fail",
    /^account kafka\/broker may get pods @cluster \(ClusterRole x by ClusterRoleBinding y\)/,
  ],
  [
    "everything",
    { accounts: [broker, account("default", [right("*", "*.*", "cluster")])] },
    "fail",
    /^account kafka\/default may \* \*\.\* @cluster/,
  ],
  [
    "an account of another namespace",
    { accounts: [broker, account("agent", [right("get", "nodes", "cluster")], "kube-system")] },
    "pass",
    /./,
  ],
  [
    "the default account of another namespace",
    { accounts: [broker, account("default", [right("get", "pods")], "kube-system")] },
    "fail",
    /account kube-system\/default may/,
  ],
  [
    "a right that no role tells of",
    { answers: [control, answer("idler", "get secrets kafka", true)] },
    "fail",
    /^account kafka\/idler may get secrets @kafka by no role that was read$/,
  ],
  [
    "a stated right that the API server tells of",
    { answers: [control, answer("broker", "get pods kafka", true)] },
    "pass",
    /./,
  ],
  [
    "an unstated right told of by both is said once",
    {
      accounts: [account("broker", [right("get", "secrets")])],
      answers: [control, answer("broker", "get secrets kafka", true)],
    },
    "fail",
    /^account kafka\/broker may get secrets @kafka \(Role broker by RoleBinding broker\), which is not stated for it$/,
  ],
  [
    "a control that is denied",
    { answers: [{ ...control, allowed: read(false, "api", now) }] },
    "unproven",
    /a role gives account kafka\/broker get pods @kafka, but the API server says no/,
  ],
  [
    "no control",
    { answers: [answer("idler", "get secrets kafka", false)] },
    "unproven",
    /no right was known to be held/,
  ],
  [
    "a question without an answer",
    { answers: [control, { ...control, allowed: unread("503", "api", now) }] },
    "unproven",
    /^503$/,
  ],
  [
    "a token of an account that may do nothing",
    { accounts: [broker, account("web")], holders: [holder("web")] },
    "fail",
    /^pod kafka\/web-0 holds a token of account web, which may do nothing$/,
  ],
  ["a token of an account that may do something", { holders: [holder("broker")] }, "pass", /./],
  ["a token that is excepted", { holders: [holder("idler")] }, "pass", /./],
  ["no token", { accounts: [broker, account("web")], holders: [holder("web", false)] }, "pass", /./],
  ["a token in another namespace", { holders: [holder("web", true, "kube-system")] }, "pass", /./],
  ["no account", { accounts: [] }, "unproven", /no account was found/],
])(
  "%s",
  (
    _,
    {
      accounts = [broker, account("idler")],
      answers = [control, answer("idler", "get secrets kafka", false)],
      holders = [],
    },
    outcome,
    because,
  ) => {
    const found = { accounts: read(accounts, "roles", now), answers, holders: read(holders, "pods", now) };
    expect(judgeRights(found, posture)).toMatchObject({ outcome, because: expect.stringMatching(because) });
  },
);

test("what cannot be read is unproven", () => {
  const accounts = read([broker], "roles", now);
  const holders = read([], "pods", now);
  expect(judgeRights({ accounts: unread("403", "roles", now), answers: [], holders }, posture)).toMatchObject({
    outcome: "unproven",
    because: "403",
  });
  expect(judgeRights({ accounts, answers: [control], holders: unread("403", "pods", now) }, posture).outcome).toBe(
    "unproven",
  );
});
