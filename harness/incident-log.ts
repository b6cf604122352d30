/** What a person attests of a time: its incidents, or that there was none. A measurement cannot know what users wrote to the help desk. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { read, unread, type Reading } from "./verdict.ts";

/** With its zone: a time without one is another time to another reader. */
const time = z.iso.datetime({ offset: true });
const words = z.string().trim().min(1).max(2000);

const incidentSchema = z.strictObject({
  id: words,
  from: time,
  /** Absent while it lasts. */
  until: time.optional(),
  summary: words,
  link: z.url().optional(),
});

const logShape = z.strictObject({
  schemaVersion: z.literal(1),
  /** Of which cluster it speaks: UID of the namespace kube-system. */
  clusterUid: words,
  /** Who attests it, by name and role. */
  attestedBy: words,
  attestedAt: time,
  /** The time that it speaks of: from the first instant to before the second. */
  from: time,
  until: time,
  incidents: z.array(incidentSchema).max(1000),
});

const logSchema = logShape.superRefine(({ attestedAt, from, until, incidents }, context) => {
  const refuse = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: "custom", path, message });
  if (Date.parse(from) >= Date.parse(until)) refuse(["until"], "does not come after 'from'");
  if (Date.parse(attestedAt) < Date.parse(until))
    refuse(["attestedAt"], "comes before 'until': nobody can attest what is to come");
  for (const [index, incident] of incidents.entries()) {
    if (incident.until !== undefined && Date.parse(incident.until) < Date.parse(incident.from)) {
      refuse(["incidents", index, "until"], "comes before 'from'");
    }
    if (incidents.findIndex(({ id }) => id === incident.id) !== index)
      refuse(["incidents", index, "id"], "stands twice");
  }
});

export type Incident = z.infer<typeof incidentSchema>;
export type IncidentLog = z.infer<typeof logShape>;

/** Reads a log from text. Whatever is wrong with it makes it no log: never an empty one, which would say that nothing happened. */
export function parseIncidentLog(text: string, source: string, at: Date): Reading<IncidentLog> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return unread(`the incident log ${source} is not JSON`, source, at);
  }
  const parsed = logSchema.safeParse(raw);
  if (parsed.success) return read(parsed.data, source, at);
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "the whole" : issue.path.join(".");
  return unread(`the incident log ${source} is not one: ${where}: ${issue?.message ?? "is wrong"}`, source, at);
}

/** Reads a log from its file; one that cannot be read is `ok: false`. */
export function readIncidentLog(file: string, at: Date): Reading<IncidentLog> {
  try {
    return parseIncidentLog(readFileSync(file, "utf8"), file, at);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return unread(`the incident log ${file} could not be read: ${why}`, file, at);
  }
}
