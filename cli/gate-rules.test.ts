import { expect, test } from "vitest";
import { catalogue, criteriaWithCheck } from "../criteria/catalogue.ts";
import { builtInProfile } from "../environments/load.ts";
import {
  believesOthers,
  comesBeforeCutover,
  gateRefusals,
  profileNotes,
  rehearsalNotes,
  type GateGrounds,
} from "./gate-rules.ts";

const builtIn = builtInProfile("oke-production");
const profile = { ...builtIn, cluster: { ...builtIn.cluster, expectedUid: "uid-1" } };
const checked = criteriaWithCheck();
const grounds: GateGrounds = { weaker: [], serverVerified: true, trustsBeside: [], isBeforeCutover: true };

test("a gate refuses while a criterion in scope has no check", () => {
  expect(gateRefusals(catalogue, profile, grounds)).toEqual([expect.stringMatching(/have no check yet/)]);
});

test("a gate counts what waits for the cutover among the criteria without a check only after it", () => {
  const ids = ["nodes-healthy", "production-traffic-moved"];
  const few = catalogue.filter(({ id }) => ids.includes(id));
  expect(gateRefusals(few, profile, grounds)).toEqual([]);
  expect(gateRefusals(few, profile, { ...grounds, isBeforeCutover: false })).toEqual([
    "1 of 2 criteria in scope have no check yet (first: production-traffic-moved)",
  ]);
});

test("a gate comes before the cutover until the profile names a time of it that is over", () => {
  const now = new Date("2026-11-23T10:00:00Z");
  const at = (cutoverAt?: string) =>
    comesBeforeCutover(
      builtIn.availability === undefined
        ? {}
        : { availability: { ...builtIn.availability, ...(cutoverAt === undefined ? {} : { cutoverAt }) } },
      now,
    );
  expect([at(), at("2026-11-23T10:00:01Z"), comesBeforeCutover({}, now)]).toEqual([true, true, true]);
  expect([at("2026-11-23T10:00:00Z"), at("2026-11-23T11:59:00+02:00")]).toEqual([false, false]);
});

test("a gate refuses a cluster that nobody named", () => {
  expect(gateRefusals(checked, builtIn, grounds)).toEqual([expect.stringMatching(/names no cluster UID/)]);
});

test("a gate refuses an empty catalogue", () => {
  expect(gateRefusals([], profile, grounds)).toEqual([expect.stringMatching(/no criterion is in scope/)]);
});

test.each([
  ["local", /rehearsal: 'local' is a cluster to practise on/],
  ["kind", /rehearsal: 'kind' is a cluster to practise on/],
])("a gate on '%s' has the same rules, and says that it is a rehearsal", (name, said) => {
  const practice = builtInProfile(name);
  const named = { ...practice, cluster: { ...practice.cluster, expectedUid: "uid-1" } };
  expect(gateRefusals(checked, named, grounds)).toEqual([]);
  expect(rehearsalNotes(named)).toEqual([expect.stringMatching(said)]);
});

test("a gate on production is no rehearsal", () => {
  expect(rehearsalNotes(profile)).toEqual([]);
});

test("a gate refuses a server whose certificate nobody verifies", () => {
  const found = gateRefusals(checked, profile, { ...grounds, serverVerified: false });
  expect(found).toEqual([expect.stringMatching(/any server may pass for the cluster/)]);
});

test("a gate refuses to believe others than browsers do, where Oracle is asked", () => {
  const believing = { ...grounds, trustsBeside: ["NODE_EXTRA_CA_CERTS"] };
  expect(gateRefusals(checked, profile, believing)).toEqual([
    expect.stringMatching(/^NODE_EXTRA_CA_CERTS makes Node believe .* any server may pass for Oracle .*unset it/),
  ]);
  const practice = builtInProfile("local");
  const named = { ...practice, cluster: { ...practice.cluster, expectedUid: "uid-1" } };
  expect(gateRefusals(checked, named, believing)).toEqual([]);
});

test("any run on Oracle tells whom else it believed", () => {
  expect(believesOthers(profile, ["NODE_OPTIONS"])).toEqual([
    expect.stringMatching(/^NODE_OPTIONS makes Node believe/),
  ]);
  expect([believesOthers(profile, []), believesOthers(builtInProfile("kind"), ["NODE_OPTIONS"])]).toEqual([[], []]);
});

test("a gate refuses a profile that asks for less, and says of what", () => {
  const found = gateRefusals(checked, profile, { ...grounds, weaker: ["ingress.daysLeftMin is 20, not 21", "more"] });
  expect(found).toEqual([
    expect.stringMatching(/built-in 'oke-production': ingress\.daysLeftMin is 20, not 21; more$/),
  ]);
});

test("a gate has nothing to refuse where all is checked and the cluster is named", () => {
  expect(gateRefusals(checked, profile, grounds)).toEqual([]);
});

test("fewer nodes than built in are told, as many or more are not", () => {
  const withNodes = (count: number) => profileNotes(builtIn, { ...profile, nodes: { count } }, []);
  expect(withNodes(2)).toEqual([expect.stringMatching(/asks for 2 nodes, the built-in 'oke-production' for 3/)]);
  expect([withNodes(3), withNodes(4)]).toEqual([[], []]);
});

test("each thing that a profile asks less of is a note of any run", () => {
  expect(profileNotes(builtIn, profile, ["a", "b"])).toEqual([
    expect.stringMatching(/asks for less .*: a\.$/),
    expect.stringMatching(/asks for less .*: b\.$/),
  ]);
});
