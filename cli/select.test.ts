import { expect, test } from "vitest";
import { catalogue } from "../criteria/catalogue.ts";
import { scopeOf } from "../harness/criterion.ts";
import { selectCriteria } from "./select.ts";

const inScope = catalogue
  .filter((criterion) => scopeOf(criterion, "local").in && criterion.check !== undefined)
  .map(({ id }) => id);

test("without a wish everything in scope that a check decides is selected, in the catalogue's order", () => {
  expect(selectCriteria(catalogue, "local", { suites: [], ids: [] })).toEqual(inScope);
});

test("named criteria only", () => {
  expect(selectCriteria(catalogue, "local", { suites: [], ids: ["nodes-healthy"] })).toEqual(["nodes-healthy"]);
});

test.each([
  [{ suites: ["infar"], ids: [] }, /unknown suite 'infar': choose of .*infra/],
  [{ suites: [], ids: ["nodes-helthy"] }, /unknown criterion 'nodes-helthy' \(near: .*nodes-healthy/],
])("a mistyped name is refused: %j", (asked, message) => {
  expect(() => selectCriteria(catalogue, "local", asked)).toThrow(message);
});

test("a criterion out of scope cannot be asked for: a run that checks nothing must not look like one that found nothing", () => {
  const outside = catalogue.find((criterion) => !scopeOf(criterion, "local").in && criterion.check !== undefined);
  expect(() => selectCriteria(catalogue, "local", { suites: [], ids: [outside?.id ?? ""] })).toThrow(/out of scope/);
});

test("a criterion that a drill decides cannot be asked for, and the drills are named", () => {
  const asked = { suites: [], ids: ["rollback-restores-service"] };
  expect(() => selectCriteria(catalogue, "local", asked)).toThrow(
    "criterion 'rollback-restores-service' is decided by a drill, which disturbs: 'oke-proof drill bad-rollout'",
  );
});
