import { expect, test } from "vitest";
import { unlikeIn } from "./likeness.ts";

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
