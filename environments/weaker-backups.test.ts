import { expect, test } from "vitest";
import { backupsSchema, type Backups } from "./backups.ts";
import { backupsOnLocalCluster, backupsOnOracle } from "./platform-backups.ts";
import { backsUpLess } from "./weaker-backups.ts";

const builtIn = backupsOnOracle("keys.json");
const harmless = { matches: "^already exists", why: "every namespace brings it along" };

test.each<readonly [string, Partial<Backups>, readonly string[]]>([
  ["the same", {}, []],
  ["a younger backup", { ageHoursMax: 25 }, []],
  ["a longer window", { rateWindowSeconds: 8 * 86_400 }, []],
  ["other keys", { store: { keysFile: "other.json", url: "https://store.example" } }, []],
  ["one more schedule", { schedules: [...builtIn.schedules, { name: "hourly", namespaces: ["kafka"] }] }, []],
  ["an older look", { validatedSecondsMax: 181 }, ["backups.validatedSecondsMax is 181, not 180"]],
  ["a longer run", { runSecondsMax: 7201 }, ["backups.runSecondsMax is 7201, not 7200"]],
  ["a shorter window", { rateWindowSeconds: 604_799 }, ["backups.rateWindowSeconds is 604799, not 604800"]],
  ["a young schedule let pass", { youngBackupsMin: 9 }, ["backups.youngBackupsMin is 9, not left out"]],
  ["another schedule", { schedules: [{ name: "x", namespaces: ["a"] }] }, ["backups.schedules has no velero-daily"]],
  [
    "a namespace less",
    { schedules: [{ name: "velero-daily", namespaces: ["health-platform"] }] },
    ["backups.schedules: velero-daily leaves out todo-chatbot"],
  ],
  [
    "a warning that passes",
    { reviewedWarnings: [harmless] },
    ["backups.reviewedWarnings lets '^already exists' pass: every namespace brings it along"],
  ],
])("%s", (_, changes, expected) => {
  expect(backsUpLess(builtIn, { ...builtIn, ...changes })).toEqual(expected);
});

test("an older newest backup", () => {
  expect(backsUpLess({ ...builtIn, ageHoursMax: 2 }, builtIn)).toEqual(["backups.ageHoursMax is 26, not 2"]);
});

test("nothing of backups is less than something, and something is more than nothing", () => {
  expect(backsUpLess(builtIn, undefined)).toEqual(["backups is left out"]);
  expect(backsUpLess(undefined, builtIn)).toEqual([]);
  expect(backsUpLess(undefined, undefined)).toEqual([]);
});

test("what the profiles say of backups is well-formed", () => {
  for (const backups of [builtIn, backupsOnLocalCluster("keys.json")]) {
    expect(backupsSchema.parse(backups)).toEqual(backups);
  }
});
