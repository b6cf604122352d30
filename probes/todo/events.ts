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

const named = z.object({
  source: z.string(),
  data: z.object({ taskId: z.string(), tenant: z.string().optional(), user: z.string().optional() }),
});

/** Whom an event names, and who sent it (the `source` of its CloudEvent). */
export type NamedEvent = { readonly source: string; readonly tenant?: string; readonly user?: string };

/** The events of a task among the messages, with whom they name. `ok: false` where the log could not be read to its end. */
export function eventsAbout(found: Reading<Found>, taskId: string): Reading<readonly NamedEvent[]> {
  if (!found.ok) return found;
  const { value, source, at } = found;
  if (!value.complete)
    return unread(`${source}: the log of ${value.topic} was not read to its end`, source, new Date(at));
  const events = value.messages.flatMap(({ value: text }) => {
    const { data: event } = named.safeParse(parsedJson(text));
    if (event === undefined || event.data.taskId !== taskId) return [];
    const { tenant, user } = event.data;
    return [
      { source: event.source, ...(tenant === undefined ? {} : { tenant }), ...(user === undefined ? {} : { user }) },
    ];
  });
  return read(events, source, new Date(at));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
