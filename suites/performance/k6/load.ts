/**
 * The script that k6 runs (`fixtures/load/run-k6.ts` starts it): each iteration is one visit of a signed-in user to one of the two platforms.
 * k6 strips the types itself; what stands here must be JavaScript that its engine knows, and imports at run time may only be k6's own and those beside this file.
 */
import { sleep } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Gauge, Trend } from "k6/metrics";
import type { Options } from "k6/options";
import type { LoadFile, LoadUser } from "../../../fixtures/load/load-file.ts";
import * as answers from "./answers.ts";
import type { Answer, Made } from "./answers.ts";
import { markDigits, requestTimes, staySeconds, turnOf } from "./visit.ts";

const load: LoadFile = JSON.parse(textOf(open(__ENV["OKE_PROOF_LOAD"] ?? "")));
const users: readonly LoadUser[] = JSON.parse(textOf(open(load.usersFile)));

const answered = new Trend(load.metrics.answer, true);
const began = new Gauge(load.metrics.began);

// Lists are copied, since k6's types know no readonly. Thresholds make k6 tell of what did not happen: without one it leaves a count of 0 out.
export const options: Options = {
  ...load.options,
  summaryTrendStats: [...load.options.summaryTrendStats],
  systemTags: [...load.options.systemTags],
  thresholds: { dropped_iterations: ["count<1"], http_reqs: ["count>0"] },
  scenarios: { visits: { ...load.scenario, stages: [...load.scenario.stages] } },
};

/** What a visitor does, in this order: makes something, looks at the list, uses what was made, and takes it away again. */
type Visitor = {
  make(): Made | undefined;
  list(): unknown;
  use(made: Made): unknown;
  remove(made: Made): unknown;
};

/** One visit. Whoever is still there when the load ends leaves soon, and takes away what was made. */
export default function visit(): void {
  const { iterationInTest: index, iterationInInstance, startTime } = exec.scenario;
  if (iterationInInstance === 0) began.add(startTime);
  const beganMs = Date.now();
  const seconds = staySeconds(index, load.visit);
  const leavesMs = startTime + (load.loadSeconds + Math.random() * load.leaveSeconds) * 1000;
  const pauseUntil = (ms: number): void => sleep(Math.max(Math.min(ms, leavesMs) - Date.now(), 0) / 1000);
  const times = requestTimes(load.visit.requests, seconds, Math.random).map((after) => beganMs + after * 1000);
  const isDueAt = (request: number): boolean => {
    const atMs = times[request] ?? leavesMs;
    pauseUntil(atMs);
    return atMs < leavesMs;
  };
  const asked = asking(turnOf(users, Math.floor(index / 2)), turnOf(load.ports, index));
  const visitor = index % 2 === 0 ? healthVisitor(asked) : todoVisitor(asked);

  const made = isDueAt(0) ? visitor.make() : undefined;
  if (isDueAt(1)) visitor.list();
  if (isDueAt(2) && made !== undefined) visitor.use(made);
  pauseUntil(times[3] ?? leavesMs);
  if (made !== undefined) visitor.remove(made);
  pauseUntil(beganMs + seconds * 1000);
}

/** Sends one request, and writes down how long it took and whether its answer was `expected`. @returns what that made of the answer */
type Ask = <T>(
  request: { readonly method: string; readonly host: string; readonly endpoint: string; readonly path?: string },
  sent: object | undefined,
  expected: (answer: Answer) => T | undefined,
) => T | undefined;

function asking({ token }: LoadUser, port: number): Ask {
  return ({ method, host, endpoint, path = endpoint }, sent, expected) => {
    const name = `${method} ${endpoint}`;
    // The name alone, as a client of the real port sends it.
    const headers: Record<string, string> = { Host: host, Authorization: `Bearer ${token}` };
    if (sent !== undefined) headers["Content-Type"] = "application/json";
    const body = sent === undefined ? null : JSON.stringify(sent);
    const params = { headers, tags: { name }, timeout: load.requestMs, redirects: 0 };
    const response = http.request(method, `https://${host}:${port}${path}`, body, params);
    const { status, error, timings } = response;
    const text = typeof response.body === "string" ? response.body : "";
    const found = error === "" ? expected({ status, body: text }) : undefined;
    const tags = { name, status: String(status), error, expected_response: String(found !== undefined) };
    answered.add(timings.duration, tags);
    return found;
  };
}

function healthVisitor(ask: Ask): Visitor {
  const { host } = load.health;
  const endpoint = "/api/v1/records";
  const one = { host, endpoint: `${endpoint}/{id}` };
  return {
    make() {
      const kind = `oke-proof-${markDigits(load.tag, Math.random)}`;
      const sent = {
        kind,
        value: 40 + Math.floor(Math.random() * 120),
        unit: "bpm",
        measuredAt: new Date().toISOString(),
      };
      return ask({ method: "POST", host, endpoint }, sent, (answer) => answers.uploaded(answer, sent));
    },
    list: () => ask({ method: "GET", host, endpoint, path: `${endpoint}?limit=20` }, undefined, answers.recordsListed),
    use: (made) =>
      ask({ method: "GET", ...one, path: `${endpoint}/${made.id}` }, undefined, (answer) =>
        answers.recordRead(answer, made),
      ),
    remove: ({ id }) => ask({ method: "DELETE", ...one, path: `${endpoint}/${id}` }, undefined, answers.recordRemoved),
  };
}

function todoVisitor(ask: Ask): Visitor {
  const { host } = load.todo;
  const endpoint = "/api/v1/tasks";
  const one = { host, endpoint: `${endpoint}/{id}` };
  return {
    make() {
      const title = `oke-proof ${markDigits(load.tag, Math.random)}`;
      return ask({ method: "POST", host, endpoint }, { title }, (answer) => answers.taskCreated(answer, title));
    },
    list: () => ask({ method: "GET", host, endpoint, path: `${endpoint}?limit=20` }, undefined, answers.tasksListed),
    use: (made) =>
      ask({ method: "PATCH", ...one, path: `${endpoint}/${made.id}` }, { status: "done" }, (answer) =>
        answers.taskCompleted(answer, made),
      ),
    remove: ({ id }) => ask({ method: "DELETE", ...one, path: `${endpoint}/${id}` }, undefined, answers.taskRemoved),
  };
}

/** k6's `open` gives the text of a file; browsers have a function of the same name that gives something else, and types may know that one first. */
function textOf(opened: unknown): string {
  if (typeof opened !== "string") throw new Error("a file of the load was not opened as text");
  return opened;
}

/** All that k6 counted, as a witness (probes/load/summary.ts). */
export function handleSummary(data: unknown): Record<string, string> {
  return { [load.summaryFile]: JSON.stringify(data) };
}
