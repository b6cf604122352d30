/** The truth table of network policies, drawn: for each policy what had to come of every connection, and beside it what came. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { markup, trusted, type Html, type Part } from "./html.ts";
import type { Picture } from "./picture.ts";

const criterion = "network-policies-enforced";
const name = z.string().min(1).max(60);
const casesMax = 100;
const cellsMax = 5_000;

/** As suites/security/enforcement-evidence.ts writes it. */
const matrixSchema = z.object({
  schemaVersion: z.literal(1),
  cells: z.array(z.object({ from: name, to: name, by: name })).max(cellsMax),
  cases: z
    .array(
      z.object({
        name,
        appliedSeconds: z.number().nullable(),
        expected: z.string().max(cellsMax),
        seen: z.string().max(cellsMax),
      }),
    )
    .max(casesMax),
});
type NetworkMatrix = z.output<typeof matrixSchema>;
type NetworkCase = NetworkMatrix["cases"][number];

/** The drawing of a run's truth table; none where the run wrote none, or one that is not understood. */
export function networkMatrixPictures(directory: string): readonly Picture[] {
  let text: string;
  try {
    text = readFileSync(join(directory, "evidence", `${criterion}.json`), "utf8");
  } catch {
    return [];
  }
  const parsed = matrixSchema.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.cases.length === 0) return [];
  const title = "Who reached whom under each policy: as it had to be (left), as it was (right)";
  return [{ criterion, title, svg: drawMatrix(parsed.data) }];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sides of a square, of the gap between the two of a policy, and what stands around them. */
const square = 8;
const gap = 8;
const margin = { left: 14, top: 26, right: 18, bottom: 12 };
const inRow = 4;
const legendHeight = 22;

/** Everything that a square can say, and its colour; `other` is what differs from what had to be. */
const colours = {
  open: "var(--allowed)",
  blocked: "var(--ink)",
  either: "var(--track)",
  unknown: "var(--unproven)",
  other: "var(--fail)",
} as const;
type Colour = keyof typeof colours;

/** The whole drawing, in the page's colours. */
export function drawMatrix(matrix: NetworkMatrix): Html {
  const from = [...new Set(matrix.cells.map((cell) => cell.from))];
  const to = [...from, ...new Set(matrix.cells.map((cell) => cell.to).filter((end) => !from.includes(end)))];
  const pairs = pairsOf(matrix, from, to);
  const [across, down] = [to.length * square, from.length * square];
  const step = { x: margin.left + across * 2 + gap + margin.right, y: margin.top + down + margin.bottom };
  const rows = Math.ceil(matrix.cases.length / inRow);
  const [width, height] = [step.x * Math.min(inRow, matrix.cases.length), step.y * rows + legendHeight];
  const drawn = matrix.cases.map((one, index): Html => {
    const move = `translate(${(index % inRow) * step.x + margin.left} ${Math.floor(index / inRow) * step.y + margin.top})`;
    const took = one.appliedSeconds === null ? "" : ` ${one.appliedSeconds.toFixed(1)} s`;
    return markup`<g transform="${move}"><text x="0" y="-14" font-size="10" fill="var(--ink)">${one.name}<tspan fill="var(--muted)">${took}</tspan></text>
${ends(from, to, square)}${squares(pairs, expectedOf(one))}<g transform="translate(${across + gap} 0)">${squares(pairs, seenOf(one))}</g></g>
`;
  });
  return markup`<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${matrix.cases.length} policies, ${matrix.cells.length} connections each">
${drawn}<g transform="translate(${margin.left} ${step.y * rows + 4})">${legend()}</g></svg>`;
}

/** Where connections from one to another stand: a square of its own, in parts where they differ. */
type Pair = { readonly x: number; readonly y: number; readonly cells: readonly number[] };

function pairsOf(matrix: NetworkMatrix, from: readonly string[], to: readonly string[]): readonly Pair[] {
  const between = Map.groupBy(matrix.cells.keys(), (index) => {
    const cell = matrix.cells[index];
    return `${cell?.from ?? ""} ${cell?.to ?? ""}`;
  });
  return [...between].map(([words, cells]) => {
    const [source = "", target = ""] = words.split(" ");
    return { x: to.indexOf(target) * square, y: from.indexOf(source) * square, cells };
  });
}

function expectedOf({ expected }: NetworkCase): readonly Colour[] {
  return Array.from(expected, (letter) => (letter === "o" ? "open" : letter === "b" ? "blocked" : "either"));
}

function seenOf({ expected, seen }: NetworkCase): readonly Colour[] {
  return Array.from(seen, (letter, index): Colour => {
    const wanted = expected[index];
    const was = letter === "o" ? "open" : letter === "t" || letter === "r" ? "blocked" : "unknown";
    if (was === "unknown" || wanted === "-") return wanted === "-" ? "either" : was;
    return (was === "open") === (wanted === "o") ? was : "other";
  });
}

/** One path a colour, and one part where all connections of a square are alike: parts of their own would be ten times the size. */
function squares(pairs: readonly Pair[], painted: readonly Colour[]): Part {
  const parts = pairs.flatMap((pair) => partsOf(pair, painted));
  return Object.entries(colours).map(([colour, fill]) => {
    const path = parts.filter((part) => part.colour === colour).map((part) => part.path);
    return path.length === 0 ? "" : markup`<path fill="${fill}" d="${trusted(path.join(""))}"/>`;
  });
}

function partsOf(
  { x, y, cells }: Pair,
  painted: readonly Colour[],
): { readonly colour: Colour; readonly path: string }[] {
  const side = square - 1;
  const found = cells.map((cell) => painted[cell] ?? "unknown");
  const [first = "unknown"] = found;
  if (found.every((colour) => colour === first))
    return [{ colour: first, path: `M${x} ${y}h${side}v${side}h-${side}z` }];
  const columns = 2;
  const [width, height] = [side / columns, side / Math.ceil(cells.length / columns)];
  return found.map((colour, index) => {
    const [left, top] = [x + (index % columns) * width, y + Math.floor(index / columns) * height];
    return { colour, path: `M${left} ${top}h${width}v${height}h-${width}z` };
  });
}

/** Names of the rows, by their first letters, at the left and above. */
function ends(from: readonly string[], to: readonly string[], size: number): Part {
  const text = (word: string, x: number, y: number): Html =>
    markup`<text x="${x}" y="${y}" font-size="6" fill="var(--muted)">${word}</text>`;
  const rows = from.map((end, index) => text(end.replace("/", ""), -11, index * size + 6));
  const columns = to.map((end, index) =>
    text(end.includes("/") ? end.slice(-1) : end.slice(0, 1), index * size + 1.5, -3),
  );
  return [...rows, ...columns];
}

function legend(): Part {
  const words: readonly (readonly [Colour, string])[] = [
    ["open", "open"],
    ["blocked", "blocked"],
    ["either", "left to the plugin"],
    ["unknown", "not proven"],
    ["other", "not as the policy says"],
  ];
  return words.map(
    ([colour, word], index) =>
      markup`<rect x="${index * 130}" y="0" width="9" height="9" fill="${colours[colour]}"/><text x="${index * 130 + 14}" y="8" font-size="10" fill="var(--muted)">${word}</text>`,
  );
}
