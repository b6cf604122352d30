import { expect, test } from "vitest";
import { placesOf } from "./objects.ts";

test("every string is a place, a variable under its own name, and JSON in a string is taken apart", () => {
  const applied = JSON.stringify({ spec: { env: [{ name: "A_TOKEN", value: "x" }] } });
  const object = {
    spec: {
      containers: [
        {
          args: ["-v"],
          env: [
            { name: "A_PASSWORD", value: "y" },
            { name: "B", valueFrom: {} },
          ],
        },
      ],
    },
    annotations: { applied },
    count: 3,
  };
  const found = placesOf("pod a/b", object).map(({ where, name, text }) => [where, name, text]);
  expect(found).toEqual([
    ["pod a/b, spec.containers[0].args[0]", "]", "-v"].map((part, index) => (index === 1 ? undefined : part)),
    ["pod a/b, spec.containers[0].env[0] A_PASSWORD", "A_PASSWORD", "y"],
    ["pod a/b, spec.containers[0].env[1].name", "name", "B"],
    ["pod a/b, annotations.applied", "applied", applied],
    ["pod a/b, annotations.applied.spec.env[0] A_TOKEN", "A_TOKEN", "x"],
  ]);
});

test("what lies too deep is one text", () => {
  let deep: unknown = { password: "z" };
  for (let depth = 0; depth < 60; depth += 1) deep = { deep };
  expect(placesOf("x", deep)).toMatchObject([{ text: expect.stringContaining('"password":"z"') }]);
});
