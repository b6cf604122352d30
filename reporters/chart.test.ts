import { describe, expect, test } from "vitest";
import { faultsOf } from "../test/well-formed.ts";
import { chart, type Layer, type Point } from "./chart.ts";
import { elapsed, linear } from "./scale.ts";

const x = elapsed("time (min:s)", 100);
const y = linear("ms", 100);
const line = (points: readonly Point[]): Layer => ({ kind: "line", name: "p95", points, colour: "var(--ink)" });
const drawn = (...layers: readonly Layer[]): string => chart("words", x, y, layers).toString();
/** The paths of a colour. */
const paths = (svg: string, colour: string): string[] =>
  [...svg.matchAll(/<path d="([^"]*)" [^>]*(?:stroke|fill)="var\(--([a-z]+)\)"/g)]
    .filter(([, , name]) => name === colour)
    .map(([, d = ""]) => d);
const count = (svg: string, part: string): number => svg.split(part).length - 1;

test("axes carry their units and ticks", () => {
  const svg = drawn();
  for (const word of [">time (min:s)<", ">ms<", ">0:00<", ">1:40<", ">100<", ">20<"]) expect(svg).toContain(word);
  expect(svg).toContain('aria-label="words"');
});

describe("a line", () => {
  test("goes from point to point, from the lower left to the upper right", () => {
    expect(
      paths(
        drawn(
          line([
            [0, 0],
            [50, 50],
            [100, 100],
          ]),
        ),
        "ink",
      ).at(-1),
    ).toBe("M0 178L268 89L536 0");
  });

  test("has a hole where nothing was measured, and a dot between two holes", () => {
    expect(
      paths(
        drawn(
          line([
            [0, 0],
            [25, 0],
            [50, null],
            [75, 0],
            [100, null],
          ]),
        ),
        "ink",
      ).at(-1),
    ).toBe("M0 178L134 178M402 178h0");
  });

  test("stays on the chart", () => {
    expect(
      paths(
        drawn(
          line([
            [-5, -5],
            [500, 1e9],
          ]),
        ),
        "ink",
      ).at(-1),
    ).toBe("M0 178L536 0");
  });

  test("of many points is drawn to its end", () => {
    const points = Array.from({ length: 2000 }, (_, index): Point => [index / 20, 50]);
    expect(count(paths(drawn(line(points)), "ink").at(-1) ?? "", "L")).toBe(1999);
  });
});

test("bars stand on the axis, and what is 0 has none", () => {
  const bars = [
    { from: 0, until: 50, value: 50 },
    { from: 50, until: 100, value: 0 },
  ];
  expect(paths(drawn({ kind: "bars", name: "failed", bars, colour: "var(--fail)" }), "fail")[0]).toBe(
    "M0 178v-89h267v89z",
  );
});

test("marks across and along, with their names kept apart", () => {
  const at = (axis: "x" | "y", name: string, value: number): Layer => ({
    kind: "mark",
    axis,
    name,
    at: value,
    colour: "var(--fail)",
  });
  const svg = drawn(at("y", "one", 50), at("y", "two", 51), at("x", "three", 50));
  expect(paths(svg, "fail")).toEqual(["M0 89h536", "M0 87.2h536", "M268 0v178"]);
  const tops = [...svg.matchAll(/<text x="542" y="([\d.]+)"/g)].map(([, top]) => Number(top));
  expect(tops).toEqual([90.2, 102.2]);
});

test("a span of time is tinted and named, a band is tinted", () => {
  const svg = drawn(
    { kind: "span", axis: "x", name: "plateau", from: 25, until: 75, colour: "var(--out-soft)" },
    { kind: "span", axis: "y", name: "50 to 70 %", from: 50, until: 70, colour: "var(--allowed)" },
  );
  expect(svg).toContain('<rect x="134" y="0" width="268" height="178" fill="var(--out-soft)"/>');
  expect(svg).toContain('<rect x="0" y="53.4" width="536" height="35.6" fill="var(--allowed)"/>');
});

test("whatever is drawn is whole, and every name is escaped", () => {
  const name = `<script>"&'`;
  const layers: readonly Layer[] = [
    line([]),
    { kind: "line", name, points: [[0, 1]], colour: "var(--ink)", dash: "2 2", width: 3 },
    { kind: "bars", name, bars: [], colour: "var(--ink)" },
    { kind: "mark", axis: "x", name, at: 1e300, colour: "var(--ink)" },
    { kind: "mark", axis: "y", name, at: -1e300, colour: "var(--ink)" },
    { kind: "span", axis: "x", name, from: 90, until: 10, colour: "var(--ink)" },
  ];
  const svg = chart(name, linear(name, 0), linear(name, 1e-300), layers).toString();
  expect(faultsOf(svg)).toEqual([]);
  expect(svg).toContain("&lt;script&gt;");
});

test.each([
  ["an open tag", "<svg><g></svg>"],
  ["a tag that is not known", "<svg><script></script></svg>"],
  ["text that is not escaped", "<svg><text>a < b</text></svg>"],
  ["an attribute without quotes", "<svg x=1></svg>"],
  ["a number that is none", '<svg><path d="MNaN 1"/></svg>'],
  ["an address", '<svg><path fill="url(https://example.invalid)"/></svg>'],
])("the look at drawings finds %s", (_, svg) => {
  expect(faultsOf(svg)).not.toEqual([]);
});
