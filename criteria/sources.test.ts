import { describe, expect, test } from "vitest";
import { catalogue, criterionOf } from "./catalogue.ts";
import { roadmapLines } from "./roadmap-lines.ts";
import { taskLines, taskSuccessLines } from "./task-lines.ts";

const sources = catalogue.flatMap((criterion) => criterion.sources);

/** The tasks that state something checkable on a cluster, a tenancy or a repository: first and last number of each run. */
const taskRuns = [
  [24, 24],
  [30, 35],
  [40, 49],
  [50, 61],
  [66, 69],
  [70, 76],
  [80, 83],
  [90, 94],
  [100, 103],
] as const;

/** How many lines of the roadmap stand under each heading that lists criteria only: a line that gets lost here is seen. */
const roadmapCounts: readonly (readonly [keyof typeof roadmapLines, number])[] = [
  ["Technical Metrics", 15],
  ["Career Development Metrics", 15],
  ["Module 1: Terraform Infrastructure", 5],
  ["Module 2: Infrastructure Helm Charts", 6],
  ["Module 3: WebAuthn Helm Chart", 4],
  ["Module 4: Health Services Helm Charts", 3],
  ["Module 5: Observability Stack", 4],
  ["Module 6: Security & RBAC", 4],
  ["Module 7: GitOps & CI/CD", 3],
  ["Module 8: Disaster Recovery", 3],
  ["Contingency Plans", 3],
];

/** The "Success:" line of every module and task, and the milestones. */
const milestoneLines = [
  "kubectl get nodes shows 3 nodes",
  "All stateful services running",
  "WebAuthn authentication working",
  "Health API accessible via ingress",
  "Metrics and logs visible in Grafana",
  "All services deployed and functional",
  "All integration tests pass",
  "Security scan passes",
  "CPU <70%, Memory <75%, Cost=$0",
  "Production-ready, secured platform",
  "Git push triggers deployment",
  "Successfully restore from backup",
  "All systems green",
  "Production deployment complete",
  "Monitor for 48 hours",
  "Production traffic on K8s",
  "Production launch complete, documented, and publicized",
] as const;

describe("each line of the documents has its criterion", () => {
  test.each(Object.entries(roadmapLines))("roadmap, %s", (section, lines) => {
    expect(lines.filter((line) => !quoted(section, line))).toEqual([]);
  });

  test.each(roadmapCounts)("roadmap, %s is listed in full", (section, count) => {
    expect(new Set<string>(roadmapLines[section]).size).toBe(count);
  });

  test.each(milestoneLines)("roadmap, success line: %s", (line) => {
    expect(sources.filter(({ document, quote }) => document === "roadmap" && quote === line)).not.toEqual([]);
  });

  test.each(Object.entries(taskLines))("tasks, %s", (number, line) => {
    expect(quoted(number, line)).toBe(true);
  });

  test("tasks: none of those that can be checked is left out", () => {
    const demanded = taskRuns.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => `T${String(first + index).padStart(3, "0")}`),
    );
    expect(demanded.filter((number) => !Object.hasOwn(taskLines, number))).toEqual([]);
  });

  test("tasks: the success list", () => {
    expect(taskSuccessLines).toHaveLength(8);
    expect(taskSuccessLines.filter((line) => !quoted("Success Criteria Tracking", line))).toEqual([]);
  });
});

describe("the roadmap's own figures stand in the limits", () => {
  test.each([
    ["api-latency-p95", 500, "ms"],
    ["api-latency-p99", 1000, "ms"],
    ["concurrent-users-served", 500, "users"],
    ["uptime", 99.5, "%"],
    ["backup-success-rate", 100, "%"],
    ["storage-below-free-tier", 80, "%"],
    ["monthly-cost-zero", 0, "USD a month"],
    ["restore-within-two-hours", 2 * 3600, "s"],
    ["rebuild-within-four-hours", 4 * 3600, "s"],
    ["cutover-watched", 48, "hours"],
    ["first-week-without-incident", 0, "incidents"],
  ])("%s: %d %s", (id, value, unit) => {
    expect(criterionOf(id).limits.some((limit) => limit.value === value && limit.unit === unit)).toBe(true);
  });

  test.each([
    ["cpu-utilization-band", [50, 70]],
    ["memory-utilization-band", [60, 75]],
  ])("%s: %j", (id, band) => {
    expect(criterionOf(id).limits[0]?.value).toEqual(band);
  });
});

function quoted(section: string, quote: string): boolean {
  return sources.some((source) => source.section === section && source.quote === quote);
}
