import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRecords, MalformedCsv } from "./csv-records.ts";

const fieldsOf = (text: string): string[][] =>
  csvRecords()
    .take(text)
    .map(({ fields }) => [...fields]);

test.each([
  [
    "a,b\nc,d\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["a,,\n", [["a", "", ""]]],
  ["\n", [[""]]],
  ['"a,b",c\n', [["a,b", "c"]]],
  ['a,"say ""no"""\n', [["a", 'say "no"']]],
  [
    '"two\nlines",x\ny,z\n',
    [
      ["two\nlines", "x"],
      ["y", "z"],
    ],
  ],
  ['"",""\n', [["", ""]]],
])("reads %j", (text, fields) => {
  expect(fieldsOf(text)).toEqual(fields);
});

test.each([
  ['a"b,c\n', "line 1"],
  ['x,y\n"a"b,c\n', "line 2"],
  ["a,b\r\n", "line 1"],
  ['"two\nlines",x\n"a"b\n', "line 3"],
])("refuses %j at its line", (text, line) => {
  expect(() => fieldsOf(text)).toThrow(MalformedCsv);
  expect(() => fieldsOf(text)).toThrow(line);
});

test("a quote that nobody closes does not swallow the file", () => {
  expect(() => fieldsOf(`a,"${"x".repeat(70_000)}`)).toThrow("does not end within");
});

test("what is not ended yet is the rest", () => {
  const records = csvRecords();
  expect(records.take('a,b\nc,"d')).toHaveLength(1);
  expect(records.rest()).toBe('c,"d');
  expect(records.take('"\n')).toEqual([{ line: 2, fields: ["c", "d"] }]);
  expect(records.rest()).toBe("");
});

test("whatever was written is read again, in whatever parts it comes", () => {
  const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "ü", " ", "&", "=") });
  const table = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 7 }), (rows, size) => {
      const text = rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");
      const records = csvRecords();
      const found: string[][] = [];
      for (let at = 0; at < text.length; at += size) {
        found.push(...records.take(text.slice(at, at + size)).map(({ fields }) => [...fields]));
      }
      expect(found).toEqual(rows);
      expect(records.rest()).toBe("");
    }),
  );
});

test("any text is records, a rest, or refused", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r") }), (text) => {
      expect(() => outcomeOf(text)).not.toThrow();
    }),
  );
});

function outcomeOf(text: string): "records" | "refused" {
  try {
    fieldsOf(text);
    return "records";
  } catch (error) {
    if (error instanceof MalformedCsv) return "refused";
    throw error;
  }
}

/** Go quotes a field with a comma, a quote or a line break in it; more quotes than needed do no harm. */
function quoted(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
