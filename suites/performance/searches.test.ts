import fc from "fast-check";
import { expect, test } from "vitest";
import { idsOf, searchesFor } from "./searches.ts";

const kind = "filled-oke-proof-0123456789abcdef01234567-000";
const ids = ["a", "b"];
const searches = searchesFor({ kind, rows: 1_000, ids });
const named = (name: string): ((body: unknown) => boolean) => {
  const found = searches.find((search) => search.name === name);
  if (found === undefined) throw new Error(`no search ${name}`);
  return (body) => found.isRight(typeof body === "string" ? body : JSON.stringify(body));
};
const records = (count: number, of = kind): object[] =>
  Array.from({ length: count }, (_, at) => ({ id: `${at}`, kind: of }));

test.each<readonly [string, string, unknown, boolean]>([
  ["filter by kind", "a page", { records: records(20), total: 1_000 }, true],
  ["filter by kind", "a row less in all", { records: records(20), total: 999 }, false],
  ["filter by kind", "a row less on the page", { records: records(19), total: 1_000 }, false],
  ["search by kind", "another kind", { records: [...records(19), ...records(1, "heart-rate")], total: 1_000 }, false],
  ["search by kind", "nothing", { records: [], total: 0 }, false],
  ["search by ids", "all of them", { records: ids.map((id) => ({ id, kind })), total: 2 }, true],
  [
    "search by ids",
    "one of them twice",
    {
      records: [
        { id: "a", kind },
        { id: "a", kind },
      ],
      total: 2,
    },
    false,
  ],
  ["search by ids", "more than asked for", { records: ["a", "b", "c"].map((id) => ({ id, kind })), total: 3 }, false],
  ["totals of a kind", "all", { total: 1_000, kinds: [{ kind, total: 1_000 }] }, true],
  ["totals of a kind", "too many", { total: 1_001, kinds: [{ kind, total: 1_001 }] }, false],
  ["totals of a kind", "other kinds too", { total: 1_000, kinds: [{ kind: "x", total: 1_000 }] }, false],
])("%s with %s", (name, _, body, expected) => {
  expect(named(name)(body)).toBe(expected);
});

test("what is no answer is never right", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      expect(searches.some(({ isRight }) => isRight(body))).toBe(false);
      expect(idsOf(body)).toEqual([]);
    }),
  );
});
