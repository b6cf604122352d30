import { expect, test } from "vitest";
import { backupsSchema, type Backups } from "./backups.ts";
import { backupsOnLocalCluster, backupsOnOracle } from "./platform-backups.ts";

const good: Backups = {
  namespace: "velero",
  nodeAgent: "node-agent",
  schedules: [{ name: "platform", namespaces: ["health-platform"] }],
  ageHoursMax: 26,
  runSecondsMax: 600,
  rateWindowSeconds: 900,
  validatedSecondsMax: 60,
  store: { keysFile: "backup-store.json" },
  reviewedWarnings: [{ matches: "^already exists", why: "every namespace brings it along" }],
};

test("a good one", () => {
  expect(backupsSchema.parse(good)).toEqual(good);
});

test.each<readonly [string, object]>([
  ["an older newest backup than the roadmap's", { ageHoursMax: 26.1 }],
  ["no schedule", { schedules: [] }],
  ["a schedule of no namespace", { schedules: [{ name: "a", namespaces: [] }] }],
  ["a warning that is no expression", { reviewedWarnings: [{ matches: "(unclosed", why: "because it is so" }] }],
  ["a warning that anything matches", { reviewedWarnings: [{ matches: ".*", why: "because it is so" }] }],
  ["a warning without a reason", { reviewedWarnings: [{ matches: "^already exists", why: "" }] }],
  ["keys in the profile itself", { store: { keysFile: "a", password: "b" } }],
])("%s is refused", (_, changes) => {
  expect(backupsSchema.safeParse({ ...good, ...changes }).success).toBe(false);
});

const skipped = (phase: string): string =>
  ` resource: /pods name: /dump-1 error: /pod is not in the expected status, name=dump-1, namespace=health-platform, phase=${phase}: pod is not running`;

test.each([backupsOnLocalCluster("keys.json"), backupsOnOracle("keys.json")])(
  "of what Velero warns of, a pod that has ended is the one thing that was looked into",
  (backups) => {
    const isReviewed = (text: string): boolean =>
      backups.reviewedWarnings.some(({ matches }) => new RegExp(matches).test(text));
    expect(["Succeeded", "Failed", "Pending", "Running", "Unknown"].map((phase) => isReviewed(skipped(phase)))).toEqual(
      [true, true, false, false, false],
    );
    expect(isReviewed("Volume data in pod a/b is a hostPath volume which is not supported")).toBe(false);
    expect(backupsSchema.safeParse(backups).success).toBe(true);
  },
);
