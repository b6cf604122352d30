/** Events of the todo platform as they stand in a topic's log. */
import { z } from "zod";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import type { Found } from "../dapr-prober/kafka.ts";

const cloudEvent = z.object({ data: z.object({ type: z.string(), taskId: z.string() }) });

/** Whether an event of a task is among the messages. `ok: false` where the log could not be read to its end and the event was not found before it. */
export function isLogged(
  found: Reading<Found>,
  event: { readonly type: string; readonly taskId: string },
): Reading<boolean> {
  if (!found.ok) return found;
  const { value, source, at } = found;
  const logged = value.messages.some(({ value: text }) => {
    const { success, data } = cloudEvent.safeParse(parsedJson(text));
    return success && data.data.type === event.type && data.data.taskId === event.taskId;
  });
  return logged || value.complete
    ? read(logged, source, new Date(at))
    : unread(`${source}: the log of ${value.topic} was not read to its end`, source, new Date(at));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
