import { expect, test } from "vitest";
import { isSelected, unlikeIn } from "./likeness.ts";

const none = { matchLabels: {}, matchExpressions: [] };
const policy = (name: string, matchLabels: Readonly<Record<string, string>>) => ({
  metadata: { name },
  spec: { podSelector: { ...none, matchLabels: { ...matchLabels } } },
});
const pod = (name: string, labels: Readonly<Record<string, string>>) => ({ metadata: { name, labels: { ...labels } } });
const at = { "oke-proof/connects-as": "api" };
const prober = pod("connects-as-api-0", { ...at, app: "prober" });
const meant = pod("api-x", { ...at, app: "api" });
const place = { place: "api", namespace: "a", alone: false };

test.each([
  ["both are found by the same", [prober, meant], [policy("default", {}), policy("api", at)], []],
  [
    "one policy knows the workload by another label",
    [prober, meant],
    [policy("cut", { app: "api" })],
    [/^policy cut treats a\/api-x/],
  ],
  ["one policy knows the prober alone", [prober, meant], [policy("own", { app: "prober" })], [/^policy own treats/]],
  ["nobody takes the place", [meant], [], [/^nobody takes the place of a\/api$/]],
  ["the prober stands for nobody", [prober], [], [/^no pod of a carries/]],
])("%s", (_, pods, policies, said) => {
  expect(unlikeIn(place, pods, policies)).toEqual(said.map((each) => expect.stringMatching(each)));
});

test("who stands alone stands for itself", () => {
  expect(unlikeIn({ ...place, alone: true }, [prober], [])).toEqual([]);
});

test.each([
  ["nothing is asked for", none, true],
  ["a label of another value", { ...none, matchLabels: { app: "y" } }, false],
  ["one of a list", { ...none, matchExpressions: [{ key: "app", operator: "In" as const, values: ["x", "y"] }] }, true],
  ["none of a list", { ...none, matchExpressions: [{ key: "app", operator: "NotIn" as const, values: ["x"] }] }, false],
  [
    "none of a list, without the label",
    { ...none, matchExpressions: [{ key: "z", operator: "NotIn" as const, values: ["x"] }] },
    true,
  ],
  [
    "a label that is there",
    { ...none, matchExpressions: [{ key: "app", operator: "Exists" as const, values: [] }] },
    true,
  ],
  [
    "a label that is not",
    { ...none, matchExpressions: [{ key: "app", operator: "DoesNotExist" as const, values: [] }] },
    false,
  ],
])("where %s", (_, selector, found) => {
  expect(isSelected(selector, { app: "x" })).toBe(found);
});
