/** What the README says of criteria is what the catalogue holds. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { catalogue } from "../criteria/catalogue.ts";

const readme = readFileSync(join(resolve(import.meta.dirname, ".."), "README.md"), "utf8");
const rows = readme.split("\n").filter((line) => line.startsWith("|"));
const table = rows.slice(rows.findIndex((line) => line.includes("| System")) + 2);
const named = table.flatMap((line) =>
  [...(line.split("|").at(-2) ?? "").matchAll(/`([a-z0-9-]+)`/g)].map(([, id]) => id),
);

test("every system's criteria are in the catalogue", () => {
  expect(table.length).toBeGreaterThan(20);
  expect(named.filter((id) => !catalogue.some((criterion) => criterion.id === id))).toEqual([]);
});

test("every criterion of a service, of Dapr, of the todo platform and of operations that has a check stands in the table", () => {
  const areas =
    /^(postgresql|redis|minio|rabbitmq|health-api|etl|kafka|dapr|todo|prometheus|logs|traces|alerts|argocd|sealed)-/;
  const checked = catalogue.filter(({ id, check }) => check !== undefined && areas.test(id)).map(({ id }) => id);
  // Counted with Prometheus's own, as a part of it.
  expect(checked.filter((id) => !named.includes(id) && id !== "dapr-metrics-collected")).toEqual([]);
});
