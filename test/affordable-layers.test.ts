import { expect, test } from "vitest";
import { affordable, type LayerCost } from "./affordable-layers.ts";

const costs = (coreSeconds: number, eventsSeconds: number): readonly LayerCost[] => [
  { name: "core", buildSeconds: coreSeconds, criteria: 40 },
  { name: "events", buildSeconds: eventsSeconds, criteria: 20 },
  { name: "observability", buildSeconds: 0, criteria: 10 },
];

// 700 s whatever is cached, 60 s a layer, 28 s a criterion; 4,500 s at most.
test.each<readonly [string, number, number, readonly string[]]>([
  ["everything built", 0, 0, ["core", "events", "observability"]],
  ["what just fits", 1660, 0, ["core", "events", "observability"]],
  ["a second more", 1661, 0, ["core", "events"]],
  ["a layer that just fits", 1500, 500, ["core", "events"]],
  ["a layer that does not", 1500, 501, ["core"]],
  ["a first layer that does not fit either", 9000, 0, ["core"]],
])("%s", (_, coreSeconds, eventsSeconds, expected) => {
  expect(affordable(costs(coreSeconds, eventsSeconds))).toEqual(expected);
});
