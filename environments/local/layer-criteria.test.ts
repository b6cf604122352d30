import { expect, test } from "vitest";
import { criteriaWithCheck } from "../../criteria/catalogue.ts";
import { scopeOf } from "../../harness/criterion.ts";
import { layerCriteria } from "./layer-criteria.ts";

test("every criterion that is checked on the local cluster belongs to one layer", () => {
  const checked = criteriaWithCheck().filter((criterion) => scopeOf(criterion, "local").in);
  const placed = Object.values(layerCriteria).flat();
  expect(checked.map(({ id }) => id).filter((id) => !placed.includes(id))).toEqual([]);
  expect(placed.filter((id, index) => placed.indexOf(id) !== index)).toEqual([]);
});
