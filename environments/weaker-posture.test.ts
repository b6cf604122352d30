import { expect, test } from "vitest";
import { postureSchema, type Posture } from "./posture.ts";
import { hardensLess } from "./weaker-posture.ts";

const why = "upstream's own image starts no other way";
const built: Posture = {
  namespaces: [
    { name: "kafka", level: "restricted" },
    { name: "dapr-system", level: "baseline", why },
  ],
  containers: [{ namespace: "kafka", workload: "kafka", container: "kafka", lacks: ["no escalation"], why }],
  scanExceptions: [{ test: "container-image-tag", namespace: "kafka", workload: "kafka", containers: ["kafka"], why }],
  registries: [],
  logMinutes: 60,
  rights: {
    accounts: [{ namespace: "kafka", name: "broker", rights: ["get pods @kafka"], why }],
    idleTokens: [{ namespace: "kafka", name: "idler", why }],
  },
};
const [kafka, dapr] = built.namespaces;
const [container] = built.containers;
const [account] = built.rights.accounts;
const [scanned] = built.scanExceptions;
if (
  scanned === undefined ||
  kafka === undefined ||
  dapr === undefined ||
  container === undefined ||
  account === undefined
)
  throw new Error("none");

test.each<readonly [string, Posture, RegExp | undefined]>([
  ["the same", built, undefined],
  ["a stricter level", { ...built, namespaces: [kafka, { ...dapr, level: "restricted" }] }, undefined],
  ["a minute of logs less", { ...built, logMinutes: 59 }, /^posture\.logMinutes is 59, not 60$/],
  ["an exception less", { ...built, containers: [] }, undefined],
  [
    "a lower level",
    { ...built, namespaces: [{ ...kafka, level: "baseline", why }, dapr] },
    /^posture\.namespaces: kafka is baseline, not restricted$/,
  ],
  ["a namespace less", { ...built, namespaces: [kafka] }, /^posture\.namespaces leaves out dapr-system$/],
  [
    "a container that lacks more",
    { ...built, containers: [{ ...container, lacks: ["no escalation", "no privilege"] }] },
    /^posture\.containers excepts besides: no privilege of kafka\/kafka, container kafka$/,
  ],
  [
    "a finding of one container more",
    { ...built, scanExceptions: [{ ...scanned, containers: ["kafka", "format"] }] },
    /^posture\.scanExceptions excepts besides: container-image-tag of kafka\/kafka, container format$/,
  ],
  [
    "a finding of the whole workload",
    { ...built, scanExceptions: [scanned, { test: "pod-networkpolicy", namespace: "kafka", workload: "kafka", why }] },
    /^posture\.scanExceptions excepts besides: pod-networkpolicy of kafka\/kafka$/,
  ],
  ["a finding less", { ...built, scanExceptions: [] }, undefined],
  [
    "a right more",
    {
      ...built,
      rights: { ...built.rights, accounts: [{ ...account, rights: ["get pods @kafka", "get secrets @kafka"] }] },
    },
    /^posture\.rights\.accounts excepts besides: get secrets @kafka of kafka\/broker$/,
  ],
  [
    "a token more",
    { ...built, rights: { ...built.rights, idleTokens: [{ namespace: "kafka", name: "other", why }] } },
    /^posture\.rights\.idleTokens excepts besides: kafka\/other$/,
  ],
])("%s", (_, ours, sentence) => {
  const found = hardensLess(built, ours);
  expect(found).toHaveLength(sentence === undefined ? 0 : 1);
  expect(found.filter((one) => sentence?.test(one) !== true)).toEqual([]);
});

test("an exception says its reason, a right says what, of which kind and where", () => {
  const parses = (posture: unknown): boolean => postureSchema.safeParse(posture).success;
  expect(parses(built)).toBe(true);
  expect(parses({ ...built, namespaces: [{ name: "kafka", level: "baseline" }] })).toBe(false);
  expect(parses({ ...built, containers: [{ ...container, why: "needed" }] })).toBe(false);
  expect(parses({ ...built, scanExceptions: [{ ...scanned, why: "needed" }] })).toBe(false);
  expect(parses({ ...built, scanExceptions: [{ ...scanned, containers: [] }] })).toBe(false);
  expect(parses({ ...built, rights: { ...built.rights, accounts: [{ ...account, rights: ["get pods"] }] } })).toBe(
    false,
  );
});
