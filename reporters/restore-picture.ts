/** A restore, drawn: its stages one below the other, each as long as it took, against the limit of the whole. */
import { z } from "zod";
import { readEvidence } from "./evidence-files.ts";
import { markup, type Html, type Part } from "./html.ts";
import type { Picture } from "./picture.ts";

/** As suites/dr/restore-evidence.ts names them. */
const files = /^restore-[a-z0-9-]{1,80}\.json$/;

const words = z.string().min(1).max(120);
const seconds = z.number().min(0).max(1e6);
const count = z.number().min(0).max(1e6);

const restoreSchema = z.object({
  schemaVersion: z.literal(1),
  criteria: z
    .array(z.string().regex(/^[a-z0-9-]{1,80}$/))
    .min(1)
    .max(5),
  what: words,
  /** Seconds since the loss was declared; null where nobody saw when. */
  stages: z
    .array(z.object({ name: words, seconds: seconds.nullable() }))
    .min(2)
    .max(12),
  secondsMax: z.number().min(1).max(1e6),
  /** When all pods were of their own templates again; null or absent where nobody saw that. */
  renewedSeconds: seconds.nullish(),
  /** Age of the newest marker that came back, and of the newest that was accepted, at the loss; null where there is none. */
  newestBackSeconds: seconds.nullable(),
  newestAcceptedSeconds: seconds.nullable(),
  parts: z.object({ verified: count, lost: count, altered: count, unread: count }),
});
type Restore = z.output<typeof restoreSchema>;

/** One drawing for each criterion of each restore; none where the run wrote none, or one that is not understood. */
export function restorePictures(directory: string): readonly Picture[] {
  return readEvidence(directory, files, restoreSchema).flatMap((restore) => {
    const svg = draw(restore);
    return restore.criteria.map((criterion) => ({ criterion, title: titleOf(restore), svg }));
  });
}

function titleOf({ what, parts, newestBackSeconds }: Restore): string {
  const point =
    newestBackSeconds === null
      ? "no marker came back"
      : `the newest marker that came back was ${newestBackSeconds} s old`;
  return `${what} restored: ${parts.verified} rows and objects verified, ${parts.lost + parts.altered} lost or altered; ${point}`;
}

const width = 720;
const left = 170;
const right = 96;
const across = width - left - right;
const rowHeight = 26;
const top = 8;

/** Each bar begins where the stage before it ended; a stage that nobody saw is a word in its place. */
function draw({ stages, secondsMax, what, renewedSeconds }: Restore): Html {
  const height = top + stages.length * rowHeight + 24;
  const whole = stages.reduce((high, stage) => Math.max(high, stage.seconds ?? 0), 0);
  const placeOf = (at: number): number => Math.round((Math.min(at, whole) / Math.max(whole, 1)) * across * 10) / 10;
  let from = 0;
  const rows = stages.map(({ name, seconds: at }, index): Part => {
    const y = top + index * rowHeight;
    const label = markup`<text x="${left - 8}" y="${y + 16}" text-anchor="end" fill="var(--ink)">${name}</text>`;
    if (at === null) return markup`${label}<text x="${left}" y="${y + 16}" fill="var(--unproven)">not seen</text>`;
    const begin = Math.min(from, at);
    const took = Math.round((at - begin) * 10) / 10;
    from = at;
    const colour = at < secondsMax ? "var(--pass)" : "var(--fail)";
    const wide = Math.max(placeOf(at) - placeOf(begin), 1);
    const said = index === 0 ? "0 s" : `${took} s`;
    return markup`${label}<rect x="${left + placeOf(begin)}" y="${y + 4}" width="${Math.round(wide * 10) / 10}" height="${rowHeight - 10}" fill="${colour}"/><text x="${left + placeOf(begin) + Math.round(wide * 10) / 10 + 6}" y="${y + 16}" fill="var(--ink)">${said}</text>`;
  });
  const last = stages.at(-1)?.seconds ?? null;
  const end = last === null ? "data never verified" : `${last} s from declared to verified`;
  const after = typeof renewedSeconds === "number" ? `; pods of their own templates at ${renewedSeconds} s` : "";
  return markup`<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="Stages of the restore of ${what}" font-size="10">
<path d="M${left} ${top}v${stages.length * rowHeight}" stroke="var(--muted)"/>${rows}
<text x="${left}" y="${height - 8}" fill="var(--muted)">${end}, limit below ${secondsMax} s${after}</text></svg>`;
}
