import { expect, test } from "vitest";
import type { Schedule } from "../../probes/velero/schedules.ts";
import type { BackupScope } from "../../probes/velero/scope.ts";
import { covered, location, now, schedule, scope, secondsAgo } from "./backup-examples.ts";
import { findingsOfSchedules, ofScope } from "./backup-schedule.judge.ts";

const wanted = [{ name: "platform", namespaces: covered }];
const found = (changes: Partial<Schedule>) => findingsOfSchedules([schedule(changes)], wanted, [location()], now);

test.each<readonly [string, Partial<Schedule>, "well" | "fault" | "gap", RegExp]>([
  ["good", {}, "well", /./],
  ["paused", { paused: true }, "fault", /^schedule platform is paused$/],
  [
    "invalid",
    { phase: "FailedValidation", invalid: "invalid schedule: expected 5 fields" },
    "fault",
    /^schedule platform is invalid: invalid schedule/,
  ],
  ["new", { phase: "New", createdAt: secondsAgo(120) }, "gap", /has not been looked at by Velero yet$/],
  ["new for a second too long", { phase: "New", createdAt: secondsAgo(121) }, "fault", /is New, not Enabled$/],
  ["never looked at", { phase: "" }, "fault", /is not looked at by Velero, not Enabled$/],
  ["of another name", { name: "nightly" }, "fault", /^there is no schedule platform$/],
])("a schedule that is %s", (_, changes, kind, why) => {
  const said = [expect.stringMatching(why)];
  expect(found(changes)).toEqual({ faults: kind === "fault" ? said : [], gaps: kind === "gap" ? said : [] });
});

test("one that the profile does not name may not be paused either", () => {
  const both = [schedule(), schedule({ name: "extra", paused: true })];
  expect(findingsOfSchedules(both, wanted, [location()], now).faults).toEqual(["schedule extra is paused"]);
});

test.each<readonly [string, Partial<BackupScope>, RegExp | undefined]>([
  ["its namespaces", {}, undefined],
  ["all namespaces", { namespaces: [] }, undefined],
  ["more namespaces", { namespaces: ["health-platform", "kafka"] }, undefined],
  ["another namespace", { namespaces: ["kafka"] }, /^leaves out the namespaces health-platform$/],
  ["all but the one", { namespaces: [], excludedNamespaces: ["health-platform"] }, /^leaves out the namespaces/],
  ["some kinds", { narrowedBy: ["includedResources"] }, /only a part of its namespaces \(includedResources\)$/],
  [
    "no files of volumes",
    { volumesCopied: false },
    /^leaves the files of volumes out \(defaultVolumesToFsBackup is false\)$/,
  ],
  ["what the server decides of volumes", { volumesCopied: undefined }, undefined],
  ["a place that is not there", { location: "elsewhere" }, /no place to put backups: elsewhere$/],
  ["the default place", { location: "" }, undefined],
])("a scope with %s", (_, changes, why) => {
  const said = [expect.stringMatching(why ?? /./)];
  expect(ofScope(scope(changes), covered, [location()])).toEqual({ faults: why === undefined ? [] : said, gaps: [] });
});

test("without a default place the default is none", () => {
  expect(ofScope(scope({ location: "" }), covered, [location({ isDefault: false })]).faults).toHaveLength(1);
});
