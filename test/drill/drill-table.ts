/** What was seen of the drills, kept from one run to the next, since they are proved one by one; and as a table of Markdown. */
import { z } from "zod";

export const ways = ["good", "planted", "missed", "blinded"] as const;
const seenSchema = z.strictObject({
  drill: z.string().min(1),
  /** Empty where the drill was refused before it had any. */
  criterion: z.string(),
  way: z.enum(ways),
  /** Of the verdict; "refused" where the drill did not begin. */
  outcome: z.enum(["pass", "fail", "unproven", "refused"]),
  because: z.string(),
  seconds: z.number().min(0),
  at: z.string().min(1),
});

/** One drill in one way, for one criterion. */
export type SeenDrill = Readonly<z.output<typeof seenSchema>>;

/** What an earlier run wrote; nothing where it cannot be understood. */
export function parseSeen(text: string): readonly SeenDrill[] {
  try {
    return z.array(seenSchema).parse(JSON.parse(text));
  } catch {
    return [];
  }
}

/** The newer of each drill, criterion and way. A drill that was refused has no criterion: its line and those of criteria stand for each other. */
export function merged(before: readonly SeenDrill[], after: readonly SeenDrill[]): readonly SeenDrill[] {
  const isAgain = (old: SeenDrill): boolean =>
    after.some(
      ({ drill, way, criterion }) =>
        drill === old.drill &&
        way === old.way &&
        (criterion === old.criterion || criterion === "" || old.criterion === ""),
    );
  return [...before.filter((old) => !isAgain(old)), ...after];
}

const becauseCharactersMax = 160;

/** A line for each drill and criterion, in the order of the drills; "-" is what was never seen. */
export function drillTable(seen: readonly SeenDrill[], drills: readonly string[]): string {
  const rows = drills.flatMap((drill) => {
    const own = seen.filter((one) => one.drill === drill);
    const criteria = [...new Set(own.map(({ criterion }) => criterion))].filter((criterion) => criterion !== "");
    return (criteria.length === 0 ? [""] : criteria).map((criterion) => {
      const of = (way: SeenDrill["way"]): SeenDrill | undefined =>
        own.find((one) => one.way === way && (one.criterion === criterion || one.criterion === ""));
      const [good, planted, missed, blinded] = [of("good"), of("planted"), of("missed"), of("blinded")];
      const cells = [
        `\`${drill}\``,
        criterion === "" ? "-" : criterion,
        good === undefined ? "-" : `${good.outcome}, ${good.seconds} s`,
        good === undefined || good.outcome === "pass" ? "" : cell(good.because),
        planted?.outcome ?? "-",
        cell(planted?.because ?? ""),
        missed?.outcome ?? "-",
        blinded?.outcome ?? "-",
      ];
      return `| ${cells.join(" | ")} |`;
    });
  });
  const newest =
    seen
      .map(({ at }) => at.slice(0, 10))
      .toSorted()
      .at(-1) ?? "never";
  return [
    "# Every drill, three ways",
    "",
    `Written by \`npm run test:drill\` (test/drill) on the local cluster, last on ${newest}: ${drills.length} drills.`,
    "A defect is planted, and a fault made to miss, for one drill of each criterion; every drill is blinded.",
    "",
    "| Drill | Criterion | Good platform | Why not | Planted defect | Why it failed then | Fault made to miss | Blinded |",
    "|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function cell(text: string): string {
  const plain = text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return plain.length <= becauseCharactersMax ? plain : `${plain.slice(0, becauseCharactersMax - 1)}…`;
}
