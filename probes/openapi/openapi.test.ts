import { expect, test } from "vitest";
import { openApi as healthDocument } from "../../fixtures/apps/health-api/openapi.ts";
import { openApi as todoDocument } from "../../fixtures/apps/todo-backend/openapi.ts";
import { parseOperations, type Operation } from "./document.ts";
import { canBeGiven, generate } from "./generate.ts";
import { listingOf, shownIn } from "./listings.ts";
import { isMany, objectPlaces, placeName } from "./places.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const ids = ["0189dbd1-1c1a-7d57-8f5c-0242ac120002", "0189dbd1-1c1a-7d57-8f5c-0242ac120003"] as const;

function operationsOf(document: unknown): ReadonlyMap<string, Operation> {
  const reading = parseOperations(document, "a document", at);
  if (!reading.ok) throw new Error(reading.why);
  return new Map(reading.value.map((one) => [one.name, one]));
}

const health = operationsOf(healthDocument);
const todo = operationsOf(todoDocument);

function operation(name: string): Operation {
  const found = health.get(name) ?? todo.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

test("every operation of our own documents is understood, and those that need a token are known", () => {
  expect([...health.keys()]).toHaveLength(12);
  expect([...health.values()].filter(({ secured }) => !secured).map(({ name }) => name)).toEqual([
    "GET /healthz",
    "GET /readyz",
  ]);
  expect([...todo.values()].every(({ secured }) => secured)).toBe(true);
});

test.each([
  ["GET /api/v1/records/{id}", ["id in the path"]],
  ["POST /api/v1/records/search", ["filter.ids[] in the body"]],
  ["POST /api/v1/records/bulk-delete", ["ids[] in the body"]],
  ["POST /api/v1/records", []],
  ["GET /api/v1/records", []],
  ["PATCH /api/v1/tasks/{id}", ["id in the path"]],
  ["DELETE /api/v1/notifications/{id}", ["id in the path"]],
])("%s names objects at %j", (name, places) => {
  expect(objectPlaces(operation(name)).map(placeName)).toEqual(places);
});

test.each([
  ["GET /api/v1/records/{id}", { method: "GET", path: `/api/v1/records/${ids[0]}` }],
  ["POST /api/v1/records/search", { path: "/api/v1/records/search", json: { filter: { ids: [ids[0]] } } }],
  ["POST /api/v1/records/bulk-delete", { json: { ids: [ids[0]] } }],
  ["PATCH /api/v1/records/{id}", { path: `/api/v1/records/${ids[0]}`, json: { value: 2 } }],
])("a request of %s is made from its document", (name, request) => {
  const [place] = objectPlaces(operation(name));
  if (place === undefined) throw new Error("it names no object");
  const made = generate(operation(name), { objects: { place, ids: [ids[0]] }, values: { value: 2 } });
  expect(made).toMatchObject(request);
});

test("several objects stand in an array, and values that are not required are given where they are wanted", () => {
  const search = operation("POST /api/v1/records/search");
  const [place] = objectPlaces(search);
  if (place === undefined) throw new Error("it names no object");
  expect(isMany(place)).toBe(true);
  expect(generate(search, { objects: { place, ids: [...ids] }, values: { kind: "a", limit: 1 } })).toMatchObject({
    json: { filter: { ids, kind: "a" }, limit: 1 },
  });
  const list = operation("GET /api/v1/records");
  expect(generate(list, { values: { kind: "a", offset: 3 } })).toMatchObject({
    path: "/api/v1/records?kind=a&offset=3",
  });
});

test("a value reaches a field that is nested, and only operations that have it", () => {
  const search = operation("POST /api/v1/records/search");
  expect(generate(search, { values: { kind: "a", offset: 2 } })).toMatchObject({
    json: { filter: { kind: "a" }, offset: 2 },
  });
  expect(["kind", "offset", "tenant"].map((name) => canBeGiven(search, name))).toEqual([true, true, false]);
  expect(canBeGiven(operation("GET /api/v1/records/totals"), "kind")).toBe(true);
});

const withBody = (schema: object): unknown => ({
  openapi: "3.0.3",
  paths: {
    "/things/{id}": {
      parameters: [{ $ref: "#/components/parameters/id" }],
      put: { requestBody: { content: schema }, responses: { "200": {} }, security: [{}] },
    },
  },
  components: {
    parameters: { id: { name: "id", in: "path", required: true, schema: { type: "string" } } },
    schemas: {
      Circle: { type: "object", required: ["next"], properties: { next: { $ref: "#/components/schemas/Circle" } } },
    },
  },
});

test.each([
  [
    "a pattern without example",
    {
      "application/json": {
        schema: { type: "object", required: ["a"], properties: { a: { type: "string", pattern: "^x{7}$" } } },
      },
    },
    /a must be like/,
  ],
  ["another body than JSON", { "text/csv": {} }, /takes text\/csv and no JSON/],
  [
    "a field that is required and not declared",
    { "application/json": { schema: { type: "object", required: ["b"] } } },
    /requires b/,
  ],
  ["no type", { "application/json": { schema: { description: "anything" } } }, /says no type/],
  ["a circle", { "application/json": { schema: { $ref: "#/components/schemas/Circle" } } }, /says no type/],
])("an operation with %s cannot be asked, and says why", (_, content, why) => {
  const [put] = operationsOf(withBody(content)).values();
  if (put === undefined) throw new Error("it has no operation");
  expect(put.secured).toBe(false);
  const made = generate(put, { objects: { place: { in: "path", name: "id" }, ids: ["1"] }, values: {} });
  expect(made).toMatchObject({ why: expect.stringMatching(why) });
});

test.each<readonly [string, unknown]>([
  ["no document", []],
  ["another version", { openapi: "2.0", paths: {} }],
  ["no paths", { openapi: "3.1.0", paths: {} }],
  ["a reference to nothing", { openapi: "3.1.0", paths: { "/a": { get: { $ref: "#/components/x" } } } }],
  ["a reference to elsewhere", { openapi: "3.1.0", paths: { "/a": { $ref: "https://a.example/b" } } }],
])("%s is no reading", (_, document) => {
  expect(parseOperations(document, "a document", at)).toMatchObject({ ok: false });
});

test("lists, exports and totals are told from answers about one object", () => {
  const listing = (name: string) => listingOf(operation(name));
  expect(listing("GET /api/v1/records")).toEqual({ objects: { field: "records" }, counts: true });
  expect(listing("GET /api/v1/records/export")).toEqual({ objects: "lines", counts: true });
  expect(listing("GET /api/v1/records/totals")).toEqual({ counts: true });
  expect(listing("GET /api/v1/notifications")).toEqual({ objects: { field: "notifications" }, counts: false });
  expect([listing("POST /api/v1/records"), listing("POST /api/v1/records/bulk-delete")]).toEqual([
    undefined,
    undefined,
  ]);
});

test.each([
  [{ objects: { field: "a" }, counts: true }, '{"a":[{"id":"1"}],"total":1}', { ids: ["1"], total: 1 }],
  [{ objects: "lines", counts: true } as const, '{"id":"1"}\n{"id":"2"}\n', { ids: ["1", "2"], total: 2 }],
  [{ counts: true }, '{"total":0}', { total: 0 }],
  [{ objects: { field: "a" }, counts: false }, '{"b":[]}', { why: "it holds no list a" }],
  [{ objects: { field: "a" }, counts: false }, '{"a":[{}]}', { why: "an object in it has no id" }],
  [{ counts: true }, '{"total":-1}', { why: "its total is no number" }],
])("%j in %s", (listing, body, shown) => {
  expect(shownIn(listing, { body, headers: { "x-total-count": "2" } })).toEqual(shown);
});
