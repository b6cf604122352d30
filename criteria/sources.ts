/** Where criteria come from: typed look-ups, so that a quote which is no line of its document does not compile. */
import type { Source } from "../harness/criterion.ts";
import { roadmapLines } from "./roadmap-lines.ts";
import { taskLines, type taskSuccessLines } from "./task-lines.ts";

type Section = keyof typeof roadmapLines;

/** A line of the health data platform's roadmap, by its heading. */
export function roadmap<S extends Section>(section: S, quote: (typeof roadmapLines)[S][number]): Source {
  return { document: "roadmap", section, quote };
}

/** A task of the todo platform's task list, by its number. */
export function task(number: keyof typeof taskLines): Source {
  return { document: "tasks", section: number, quote: taskLines[number] };
}

/** A line of the success list that ends the todo platform's task list. */
export function taskSuccess(quote: (typeof taskSuccessLines)[number]): Source {
  return { document: "tasks", section: "Success Criteria Tracking", quote };
}
