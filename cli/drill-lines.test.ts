import { expect, test } from "vitest";
import type { Drill } from "../fixtures/faults/drill.ts";
import { unread } from "../harness/verdict.ts";
import { drillLines } from "./drill-lines.ts";

const plan = async () => unread<never>("not planned", "test", new Date());
const drills: readonly Drill[] = [
  { name: "pod-kill", about: "Kills a pod.", disturbance: "pod", criteria: ["pod-restart-survived"], plan },
  { name: "drain", about: "Drains a node.", disturbance: "node", criteria: ["a", "b"], plan },
];
const profile = { name: "oke-staging" as const, permits: { disturbances: ["pod" as const], namespaces: [] } };

test("each drill with what it decides, and why it may not be made", () => {
  expect(drillLines(drills, profile).map((line) => line.replaceAll(/ +/g, " ").trim())).toEqual([
    "may pod-kill pod Kills a pod.",
    "decides pod-restart-survived",
    "may not drain node Drains a node.",
    "decides a, b",
    "the profile 'oke-staging' does not permit disturbance 'node' (permits.disturbances: pod)",
    "2 drills, 1 of them permitted on 'oke-staging': 'oke-proof drill NAME --dry-run' says what one would touch",
  ]);
});

test("an empty list says that it is one", () => {
  expect(drillLines([], profile)).toEqual(["there are no drills"]);
});
