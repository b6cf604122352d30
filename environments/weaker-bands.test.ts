import { expect, test } from "vitest";
import { bandsSchema, type Bands } from "./bands.ts";
import { builtInProfile } from "./load.ts";
import { bandsWider } from "./weaker-bands.ts";
import { weakerThan } from "./weaker.ts";

const why = "all nodes share one machine";
const builtIn: Bands = { cpuPercent: { from: 5, to: 30 }, memoryPercent: { from: 2, to: 25 }, why };

test.each<readonly [string, Partial<Bands>, readonly string[]]>([
  ["the same", {}, []],
  ["a narrower one", { cpuPercent: { from: 6, to: 29 } }, []],
  ["another reason", { why: "a reason of its own to judge" }, []],
  ["a lower lower edge", { cpuPercent: { from: 4, to: 30 } }, ["bands.cpuPercent is 4 to 30, not 5 to 30"]],
  ["a higher upper edge", { memoryPercent: { from: 2, to: 26 } }, ["bands.memoryPercent is 2 to 26, not 2 to 25"]],
])("%s", (_, changes, expected) => {
  expect(bandsWider(builtIn, { ...builtIn, ...changes })).toEqual(expected);
});

test("the roadmap's bands are weaker than nothing, and bands of its own are weaker than the roadmap's", () => {
  expect(bandsWider(builtIn, undefined)).toEqual([]);
  expect(bandsWider(undefined, undefined)).toEqual([]);
  expect(bandsWider(undefined, builtIn)).toEqual([
    "bands are limits of the profile's own, not the roadmap's: all nodes share one machine",
  ]);
});

test("a profile of Oracle judges by the roadmap's bands, and one laid over it that does not is weaker", () => {
  for (const name of ["oke-staging", "oke-production"]) {
    const profile = builtInProfile(name);
    expect(profile.bands).toBeUndefined();
    expect(weakerThan(profile, { ...profile, bands: builtIn })).toEqual([expect.stringMatching(/not the roadmap's/)]);
  }
});

test.each<readonly [string, object]>([
  ["no reason", { ...builtIn, why: undefined }],
  ["a reason that is none", { ...builtIn, why: "needed" }],
  ["an empty band", { ...builtIn, cpuPercent: { from: 30, to: 30 } }],
  ["more than all", { ...builtIn, cpuPercent: { from: 30, to: 101 } }],
  ["one band only", { cpuPercent: builtIn.cpuPercent, why }],
])("bands with %s are refused", (_, bands) => {
  expect(bandsSchema.safeParse(bands).success).toBe(false);
});
