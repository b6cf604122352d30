import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { probedFromOutside, type Availability } from "./availability.ts";
import { okeProduction } from "./oke-production.ts";
import { okeStaging } from "./oke-staging.ts";
import { projectRoot } from "./settings.ts";
import { availableLess } from "./weaker-availability.ts";
import { weakerThan } from "./weaker.ts";

const builtIn = probedFromOutside({ health: "health.example", todo: "todo.example" }, "example");
const outside = (changes: Partial<Availability["outside"]>): Partial<Availability> => ({
  outside: { ...builtIn.outside, ...changes },
});
const names = ["health.example", "todo.example", "a.example", "b.example"];

test.each<readonly [string, Partial<Availability>, readonly string[]]>([
  ["the same", {}, []],
  ["other hosts", outside({ targets: ["https://a.example:8443/", "https://b.example/x"] }), []],
  ["more", { ruleGroups: [...builtIn.ruleGroups, "own"] }, []],
  ["a cutover and a log", { cutoverAt: "2026-11-22T10:00:00Z", incidentLog: "incidents.json" }, []],
  [
    "a host that is not asked",
    outside({ targets: ["https://health.example/", "https://health.example/readyz"] }),
    ["availability.outside.targets are of 1 hosts, not of 2"],
  ],
  [
    "a control that somebody serves",
    outside({ control: "https://todo.example/no-such-page" }),
    ["availability.outside.control is at a host that is served"],
  ],
  [
    "hosts that nothing holds to this cluster",
    outside({ targets: ["https://health.example/", "https://old.example/"] }),
    ["availability.outside.targets are of hosts that dns.ingress.records leaves out: old.example"],
  ],
  ["a group less", { ruleGroups: ["cluster", "services"] }, ["availability.ruleGroups leaves out operations"]],
])("%s", (_, changes, expected) => {
  expect(availableLess(builtIn, { ...builtIn, ...changes }, names)).toEqual(expected);
});

test("nothing at all is less, and more than nothing is not", () => {
  expect(availableLess(builtIn, undefined, names)).toEqual(["availability is not there"]);
  expect(availableLess(undefined, builtIn, [])).toEqual([]);
});

test("a gate hears of it", () => {
  const { outside: asked } = okeStaging.availability ?? builtIn;
  const less = { ...okeStaging, availability: { outside: asked, ruleGroups: ["cluster"] } };
  expect(weakerThan(okeStaging, okeStaging)).toEqual([]);
  expect(weakerThan(okeStaging, less)).toEqual(["availability.ruleGroups leaves out operations, services"]);
  const elsewhere = { ...okeProduction, availability: builtIn };
  expect(weakerThan(okeProduction, elsewhere)).toEqual([expect.stringMatching(/leaves out: health\.example, todo/)]);
});

test("every group of the chart's rules that may raise a critical alert is named, and no other", () => {
  const folder = join(projectRoot, "helm", "health-platform", "charts", "observability", "rules");
  const critical = readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return text.includes("severity: critical")
      ? [...text.matchAll(/^ {2}- name: (\S+)$/gm)].flatMap(([, name]) => name ?? [])
      : [];
  });
  for (const { availability } of [okeStaging, okeProduction]) {
    expect(availability?.ruleGroups.toSorted()).toEqual(critical.toSorted());
  }
});
