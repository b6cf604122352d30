/** A drawing that a suite adds to its criterion in the scorecard: a histogram, bands, a timeline, a matrix. */
import type { Html } from "./html.ts";

export type Picture = {
  /** Id of the criterion that it belongs to. */
  readonly criterion: string;
  readonly title: string;
  /** One inline <svg>, drawn with the page's colours (var(--pass), var(--fail), var(--unproven), var(--ink), var(--line)). */
  readonly svg: Html;
};
