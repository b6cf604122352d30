/** Requests of two tenants through both platforms, with canaries wherever a client may write, right ones and such as are refused. */
import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { newMark, newTitleMark } from "../../harness/mark.ts";
import { poll } from "../../harness/poll.ts";
import type { Reading } from "../../harness/verdict.ts";
import { request } from "../../probes/http/request.ts";
import type { Session } from "../../probes/sign-in/session.ts";
import type { CheckContext } from "../check.ts";
import { checkTag } from "../infra/todo-flow.ts";
import type { Answered } from "./tenant-telemetry.judge.ts";

export type Flow = {
  readonly traceId: string;
  readonly answers: readonly Answered[];
  readonly unfinished: readonly string[];
  /** Answers that could not be had at all. */
  readonly failed: readonly string[];
};

/** What one tenant's user writes: the texts are the digits by which each is found again. */
export type Writer = {
  readonly session: Session;
  readonly kind: string;
  readonly title: string;
  readonly secret: string;
};

/** The digits of a mark: what is looked for, however the rest of it was encoded on its way. */
export const digitsOf = (mark: string): string => mark.replace(/^oke-proof[- ]/, "");

/** A user with canaries of its own: of records, of tasks, and of tokens that are none. */
export function writerOf(session: Session, runId: string): Writer {
  return { session, kind: newMark(runId), title: newTitleMark(runId), secret: newMark(runId) };
}

const withId = z.object({ id: z.uuid() });
const remindedInMs = 4_000;
const narratedMs = 15_000;
const notifiedMs = 22_000;

type Method = "GET" | "POST" | "PATCH" | "DELETE";
type Sent = { readonly method: Method; readonly path: string; readonly json?: unknown; readonly token?: string };
type Ask = (what: string, sent: Sent, wanted: number) => Promise<Reading<string>>;

/** A record's way: uploaded, read, found by its kind, changed, told by the ETL engine, refused, removed. */
export async function throughHealth(context: CheckContext, writer: Writer, other: Session): Promise<Flow> {
  const { flow, ask } = begin(context, writer, context.profile.health.host);
  const path = "/api/v1/records";
  const measuredAt = new Date().toISOString();
  const record = { kind: writer.kind, value: 61, unit: "bpm", measuredAt };
  const stored = await ask("an upload", { method: "POST", path, json: record }, 201);
  const id = stored.ok ? idIn(stored.value) : undefined;
  await ask("an upload of a wrong kind", { method: "POST", path, json: { ...record, kind: `${writer.kind}!` } }, 400);
  await ask("an upload of a wrong value", { method: "POST", path, json: { ...record, value: writer.kind } }, 400);
  await ask("a search by kind", { method: "GET", path: `${path}?kind=${writer.kind}` }, 200);
  await ask("a record that is none", { method: "GET", path: `${path}/${randomUUID()}/narrative` }, 404);
  const forged = `${part({ alg: "none" })}.${part({ sub: writer.secret })}.${digitsOf(writer.secret)}`;
  await ask("a request with a token that is none", { method: "GET", path, token: forged }, 401);
  if (id !== undefined) {
    await ask("a look at a record", { method: "GET", path: `${path}/${id}` }, 200);
    await ask("a second look at it", { method: "GET", path: `${path}/${id}` }, 200);
    await ask("another tenant's look at it", { method: "GET", path: `${path}/${id}`, token: other.token }, 404);
    await ask("a change", { method: "PATCH", path: `${path}/${id}`, json: { value: 62 } }, 200);
    const told = await until(context, narratedMs, async () => {
      const found = await quiet(context, writer, {
        host: context.profile.health.host,
        path: `${path}/${id}/narrative`,
      });
      return found.status === 200;
    });
    if (!told) flow.unfinished.push(`the narrative of ${writer.session.user}'s record did not come`);
    await ask("a look at its narrative", { method: "GET", path: `${path}/${id}/narrative` }, 200);
    await ask("a removal", { method: "DELETE", path: `${path}/${id}` }, 200);
  }
  return flow;
}

/** A task's way: made, found, changed, reminded of, refused. The caller removes it. */
export async function throughTodo(context: CheckContext, writer: Writer, other: Session): Promise<Flow> {
  const { host } = context.profile.todo;
  const { flow, ask } = begin(context, writer, host);
  const path = "/api/v1/tasks";
  const { title } = writer;
  const remindAt = new Date(Date.now() + remindedInMs).toISOString();
  const task = { title, description: title, tags: [checkTag], remindAt };
  const made = await ask("a task", { method: "POST", path, json: task }, 201);
  const id = made.ok ? idIn(made.value) : undefined;
  await ask("a task of a wrong priority", { method: "POST", path, json: { ...task, priority: title } }, 400);
  await ask("a search", { method: "GET", path: `${path}?search=${digitsOf(title)}` }, 200);
  if (id !== undefined) {
    await ask("another tenant's look at the task", { method: "GET", path: `${path}/${id}`, token: other.token }, 404);
    await ask("a change of the task", { method: "PATCH", path: `${path}/${id}`, json: { priority: "high" } }, 200);
    const notified = await until(context, notifiedMs, async () => {
      const found = await quiet(context, writer, { host, path: "/api/v1/notifications" });
      return found.body.includes(id);
    });
    if (!notified) flow.unfinished.push(`the reminder of ${writer.session.user}'s task did not come`);
  }
  return flow;
}

function part(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

function idIn(body: string): string | undefined {
  try {
    return withId.safeParse(JSON.parse(body)).data?.id;
  } catch {
    return undefined;
  }
}

type Open = {
  readonly traceId: string;
  readonly answers: Answered[];
  readonly unfinished: string[];
  readonly failed: string[];
};

/** A trace of its own for the whole flow (W3C Trace Context: version, trace, parent, sampled). */
function begin(
  { profile, signal }: CheckContext,
  { session, kind, title, secret }: Writer,
  host: string,
): { readonly flow: Open; readonly ask: Ask } {
  const flow: Open = { traceId: randomBytes(16).toString("hex"), answers: [], unfinished: [], failed: [] };
  const texts = [kind, title, secret].map(digitsOf);
  const { endpoint, authority, user } = session;
  const ask: Ask = async (what, { method, path, json, token = session.token }, wanted) => {
    const traceparent = `00-${flow.traceId}-${randomBytes(8).toString("hex")}-01`;
    const headers = { authorization: `Bearer ${token}`, traceparent };
    const asked = { endpoint, authority, host, method, path, headers, timeoutMs: profile.timeouts.requestMs, signal };
    const answer = await request({ ...asked, ...(json === undefined ? {} : { json }) });
    if (!answer.ok || answer.value.kind !== "answered") {
      const why = answer.ok ? "no answer" : answer.why.replaceAll(kind, "CANARY");
      flow.failed.push(`${what} by ${user}: ${why}`);
      return { ok: false, why, source: host, at: answer.at };
    }
    const { status, body, headers: said } = answer.value;
    const whole = `${body}${JSON.stringify(said)}`;
    flow.answers.push({ what, by: user, status, wanted, echoed: texts.some((text) => whole.includes(text)) });
    return { ...answer, value: body };
  };
  return { flow, ask };
}

/** A look that belongs to no trace, and whose answer is only looked at. */
async function quiet(
  { profile, signal }: CheckContext,
  { session: { endpoint, authority, token } }: Writer,
  { host, path }: { readonly host: string; readonly path: string },
): Promise<{ readonly status: number; readonly body: string }> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await request({
    endpoint,
    authority,
    host,
    path,
    headers,
    timeoutMs: profile.timeouts.requestMs,
    signal,
  });
  return answer.ok && answer.value.kind === "answered" ? answer.value : { status: 0, body: "" };
}

async function until({ signal }: CheckContext, ms: number, look: () => Promise<boolean>): Promise<boolean> {
  const waited = await poll(
    async () => ((await look()) ? { state: "yes", value: true } : { state: "not yet", seen: "it is not there" }),
    { what: "a step of a flow", timeoutMs: ms, everyMs: 500, signal },
  );
  return waited.ok;
}
