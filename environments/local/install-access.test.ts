import { expect, test } from "vitest";
import { probersOf } from "./install-access.ts";

test.each([
  ["core", [], [false, false, false]],
  ["events", ["core"], [true, false, false]],
  ["operations", ["core", "events", "observability"], [true, true, true]],
  // A layer that was changed is installed again below those that stand.
  ["core", ["core", "events", "observability", "operations"], [true, true, true]],
  ["observability", ["core", "observability"], [true, true, false]],
] as const)("%s on %j", (layer, standing, [dapr, load, seal]) => {
  expect(probersOf(layer, standing)).toEqual({
    "daprProber.enabled": dapr,
    "loadRunner.enabled": load,
    "sealProber.enabled": seal,
  });
});
