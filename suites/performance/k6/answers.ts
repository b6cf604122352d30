/** Whether an answer is what was asked for, by its status and its shape. No I/O: k6 runs it, and so do the tests. */

/** `body` is empty where there is none. */
export type Answer = { readonly status: number; readonly body: string };

/** What was made, as far as a visitor needs it: its id, and what the answers must say of it again. */
export type Made = { readonly id: string; readonly mark: string };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `POST /api/v1/records`: the record as it was sent, with an id and its digest. @returns undefined where it is anything else, as all of these do */
export function uploaded(answer: Answer, sent: { readonly kind: string; readonly value: number }): Made | undefined {
  const record = jsonOf(answer, 201);
  const sha256 = fieldOf(record, "sha256");
  const same = fieldOf(record, "kind") === sent.kind && fieldOf(record, "value") === sent.value;
  return same && typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256) ? madeOf(record, sent.kind) : undefined;
}

/** `GET /api/v1/records`: a page of records, and how many there are. */
export function recordsListed(answer: Answer): true | undefined {
  return isPage(jsonOf(answer, 200), "records", "kind") ? true : undefined;
}

/** `GET /api/v1/records/{id}`: that record. */
export function recordRead(answer: Answer, { id, mark }: Made): true | undefined {
  const record = jsonOf(answer, 200);
  return fieldOf(record, "id") === id && fieldOf(record, "kind") === mark ? true : undefined;
}

/** `DELETE /api/v1/records/{id}`: it is gone. */
export function recordRemoved(answer: Answer): true | undefined {
  return fieldOf(jsonOf(answer, 200), "status") === "deleted" ? true : undefined;
}

/** `POST /api/v1/tasks`: the task as it was sent, open, with an id. */
export function taskCreated(answer: Answer, title: string): Made | undefined {
  const task = jsonOf(answer, 201);
  const same = fieldOf(task, "title") === title && fieldOf(task, "status") === "open";
  return same ? madeOf(task, title) : undefined;
}

/** `GET /api/v1/tasks`: a page of tasks, and how many there are. */
export function tasksListed(answer: Answer): true | undefined {
  return isPage(jsonOf(answer, 200), "tasks", "title") ? true : undefined;
}

/** `PATCH /api/v1/tasks/{id}`: that task, done. */
export function taskCompleted(answer: Answer, { id, mark }: Made): true | undefined {
  const task = jsonOf(answer, 200);
  const same = fieldOf(task, "id") === id && fieldOf(task, "title") === mark;
  return same && fieldOf(task, "status") === "done" ? true : undefined;
}

/** `DELETE /api/v1/tasks/{id}`: it is gone, and nothing is said. */
export function taskRemoved({ status, body }: Answer): true | undefined {
  return status === 204 && body === "" ? true : undefined;
}

function jsonOf({ status, body }: Answer, wanted: number): unknown {
  if (status !== wanted) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

function madeOf(value: unknown, mark: string): Made | undefined {
  const id = fieldOf(value, "id");
  return typeof id === "string" && uuid.test(id) ? { id, mark } : undefined;
}

/** Each thing of the list with an id and a text of that name, and no more of them than there are in all. */
function isPage(value: unknown, list: string, text: string): boolean {
  const [things, total] = [fieldOf(value, list), fieldOf(value, "total")];
  if (!Array.isArray(things) || typeof total !== "number" || total < things.length) return false;
  return things.every((thing: unknown) => {
    const id = fieldOf(thing, "id");
    return typeof id === "string" && uuid.test(id) && typeof fieldOf(thing, text) === "string";
  });
}
