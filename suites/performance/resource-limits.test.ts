import { expect, test } from "vitest";
import { builtInProfile } from "../../environments/load.ts";
import { bandLimits, scalingLimits, storageLimits, workloadLimits } from "./resource-limits.ts";

const roadmap = { cpu: { from: 50, to: 70 }, memory: { from: 60, to: 75 } };

test("on Oracle the roadmap's bands judge", () => {
  for (const name of ["oke-staging", "oke-production"])
    expect(bandLimits(builtInProfile(name))).toEqual({
      cpu: { roadmap: roadmap.cpu, judged: roadmap.cpu },
      memory: { roadmap: roadmap.memory, judged: roadmap.memory },
    });
});

test.each(["local", "kind"])("'%s' has bands of its own, with the reason, and the roadmap's beside them", (name) => {
  const { cpu, memory } = bandLimits(builtInProfile(name));
  expect(cpu).toMatchObject({ roadmap: roadmap.cpu, why: expect.stringMatching(/share one machine/) });
  expect(memory).toMatchObject({ roadmap: roadmap.memory, why: expect.stringMatching(/share one machine/) });
  expect(cpu.judged).not.toEqual(roadmap.cpu);
});

test("the catalogue's limits", () => {
  expect(scalingLimits()).toEqual({ outSecondsMax: 120, backSecondsMax: 600 });
  expect(workloadLimits()).toEqual({ throttledPercentBelow: 5 });
  expect(storageLimits()).toEqual({ usedPercentBelow: 80, volumesGb: 200, objectsGb: 20, objectsGbOfTier: 10 });
});
