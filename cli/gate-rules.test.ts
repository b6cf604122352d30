import { expect, test } from "vitest";
import { catalogue } from "../criteria/catalogue.ts";
import { loadProfile } from "../environments/load.ts";
import { readSettings } from "../environments/settings.ts";
import { gateRefusals } from "./gate-rules.ts";

const profile = loadProfile("kind", readSettings({ OKE_PROOF_CLUSTER_UID: "uid-1" }));
const checked = catalogue.filter((criterion) => criterion.check !== undefined);

test("a gate refuses while a criterion in scope has no check", () => {
  expect(gateRefusals(catalogue, profile)).toEqual([expect.stringMatching(/have no check yet/)]);
});

test("a gate refuses a cluster that nobody named", () => {
  const unnamed = loadProfile("kind", readSettings({}));
  expect(gateRefusals(checked, unnamed)).toEqual([expect.stringMatching(/names no cluster UID/)]);
});

test("a gate refuses an empty catalogue", () => {
  expect(gateRefusals([], profile)).toEqual([expect.stringMatching(/no criterion is in scope/)]);
});

test("a gate has nothing to refuse where all is checked and the cluster is named", () => {
  expect(gateRefusals(checked, profile)).toEqual([]);
});
