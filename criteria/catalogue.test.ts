import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { local } from "../environments/local.ts";
import { noCheckYet, scopeOf, type EnvironmentName } from "../harness/criterion.ts";
import { catalogue, criteriaWithCheck, criterionOf } from "./catalogue.ts";

const root = resolve(import.meta.dirname, "..");
const environments: readonly EnvironmentName[] = ["local", "kind", "oke-staging", "oke-production"];
const rows = catalogue.map((criterion) => [criterion.id, criterion] as const);

describe("each criterion", () => {
  test("has an id of its own, in kebab case", () => {
    const ids = catalogue.map((criterion) => criterion.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  test.each(rows)("%s demands one thing, in one sentence", (_, { must }) => {
    expect(must).toMatch(/^[A-Z][^\n]* MUST [^\n]*\.$/);
    expect(must).not.toMatch(/\.\s+[A-Z]/);
  });

  test.each(rows)("%s has limits with units, and fields that the profile has", (_, { limits }) => {
    expect(limits.length).toBeGreaterThan(0);
    for (const limit of limits) {
      expect(limit.unit).not.toBe("");
      expect(limit.what).not.toBe("");
      for (const value of [limit.value].flat()) {
        const number = typeof value === "string" ? profileField(value) : value;
        expect(number, `${limit.what}: ${value}`).toSatisfy(Number.isFinite);
      }
      expect(limit.comparison === "between").toBe(Array.isArray(limit.value));
      const [low, high = Infinity] = [limit.value].flat();
      expect(high, limit.what).toSatisfy((end) => typeof low === "string" || end > Number(low));
    }
  });

  test.each(rows)("%s says how much evidence it needs and how old it may be", (_, { evidence }) => {
    expect(evidence.samplesMin).toBeGreaterThanOrEqual(1);
    expect(evidence.samplesMin).toSatisfy(Number.isInteger);
    expect(evidence.ageSecondsMax).toBeGreaterThanOrEqual(60);
  });

  test.each(rows)("%s quotes its sources, each once", (_, criterion) => {
    const quotes = criterion.sources.map(({ document, section, quote }) => `${document} ${section} ${quote}`);
    expect(quotes.length).toBeGreaterThan(0);
    expect(new Set(quotes).size).toBe(quotes.length);
  });

  test.each(rows)("%s says why an environment cannot prove it", (_, criterion) => {
    const reasons = environments.flatMap((environment) => {
      const scope = scopeOf(criterion, environment);
      return scope.in ? [] : [scope.why];
    });
    expect(reasons.filter((why) => why.length < noCheckYet.length)).toEqual([]);
  });

  test("is attested by a person where no suite judges it, and only there", () => {
    for (const criterion of catalogue) {
      expect(criterion.attested !== undefined, criterion.id).toBe(criterion.suite === "attested");
      expect(criterion.attested !== undefined && criterion.check !== undefined, criterion.id).toBe(false);
    }
  });

  test("can be proven somewhere, unless a person attests it", () => {
    const nowhere = catalogue.filter(
      ({ attested, scope }) => attested === undefined && !environments.some((name) => scope[name].in),
    );
    expect(nowhere.map(({ id }) => id)).toEqual([]);
  });
});

describe("each criterion with a check", () => {
  test.each(criteriaWithCheck().map(({ id, check }) => [id, check ?? ""] as const))(
    "%s has its trio suites/%s.*, which declares it",
    (id, check) => {
      const trio = ["check.ts", "judge.ts", "judge.test.ts"].map((ending) => `suites/${check}.${ending}`);
      expect(trio.filter((file) => !existsSync(join(root, file)))).toEqual([]);
      expect(readFileSync(join(root, `suites/${check}.check.ts`), "utf8")).toContain(`check("${id}"`);
    },
  );
});

describe("criterionOf", () => {
  test("finds every criterion by its id", () => {
    for (const criterion of catalogue) expect(criterionOf(criterion.id)).toBe(criterion);
  });

  test("names the nearest ids where there is none", () => {
    expect(() => criterionOf("nodes-helthy")).toThrow(/no criterion "nodes-helthy".*nodes-healthy/);
  });

  test.each(["", "x".repeat(100_000), "__proto__"])("refuses what is no id", (id) => {
    expect(() => criterionOf(id)).toThrow(/no criterion/);
  });
});

/** The value of a field named as limits name it, in the local profile; undefined where the profile has none of that name. */
function profileField(name: string): unknown {
  const [first, ...path] = name.split(".");
  expect(first).toBe("profile");
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null) return undefined;
    return Object.entries(value).find(([field]) => field === key)?.[1];
  }, local);
}
