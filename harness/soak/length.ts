/** How long a soak takes, as people write it: 48h, 90m. */

export type SoakLength = { readonly ok: true; readonly minutes: number } | { readonly ok: false; readonly why: string };

/** Two weeks: what watches for longer is monitoring. */
const minutesMax = 14 * 24 * 60;
const written = /^([1-9]\d{0,5})([hm])$/;

/** Whole minutes from `48h` or `90m`. Anything else is one sentence that says how to write it. @param text what stands behind --soak */
export function parseSoakLength(text: string): SoakLength {
  const [, digits = "", unit] = written.exec(text) ?? [];
  if (unit === undefined) {
    const shown = JSON.stringify(text.slice(0, 40));
    return { ok: false, why: `--soak ${shown} is no length of time: write whole hours or minutes, as 48h or 90m` };
  }
  const minutes = Number(digits) * (unit === "h" ? 60 : 1);
  if (minutes <= minutesMax) return { ok: true, minutes };
  return { ok: false, why: `--soak ${text} is too long: at most ${minutesMax / 60}h` };
}
