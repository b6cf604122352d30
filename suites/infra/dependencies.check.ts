/** services-reach-dependencies: what every service says at /readyz, and a call of each platform's services that needs what they depend on. */
import { read, type Reading } from "../../harness/verdict.ts";
import { healthClient } from "../../probes/health-api/client.ts";
import { saidOf, type Asked } from "../../probes/http/outcome.ts";
import { readReadiness } from "../../probes/kubernetes/readiness.ts";
import { signIn } from "../../probes/sign-in/session.ts";
import { todoClient } from "../../probes/todo/client.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeDependencies, type OwnCall } from "./dependencies.judge.ts";
import { onceOldEnough } from "./once-old-enough.ts";

check("services-reach-dependencies", async (context) => {
  const calls = await callEach(context);
  return onceOldEnough(
    async () => judgeDependencies(await readReadiness(context.cluster, context.profile), calls, new Date()),
    context.signal,
  );
});

/** Calls that go through all of a service's dependencies: a sign-in, an upload and its deletion, a list of tasks and of notifications. */
async function callEach({ profile, signal }: CheckContext): Promise<readonly OwnCall[]> {
  const session = await signIn(profile, profile.todo.user, signal);
  const came = session.ok ? read("done", session.source, new Date(session.at)) : session;
  const signedIn: OwnCall = { service: "webauthn-server", call: "signs a user in", came };
  if (!session.ok) return [signedIn];
  const health = healthClient(profile, session.value, signal);
  const { endpoint, authority, token } = session.value;
  const todo = todoClient({
    endpoint,
    authority,
    token,
    signal,
    host: profile.todo.host,
    timeoutMs: profile.timeouts.requestMs,
  });
  const measuredAt = new Date().toISOString();
  const [uploaded, tasks, notifications] = await Promise.all([
    health.upload({ kind: "heart-rate", value: 60, unit: "bpm", measuredAt }),
    todo.list([]),
    todo.notifications(),
  ]);
  const calls: OwnCall[] = [
    signedIn,
    { service: "health-api", call: "stores an upload", came: wordOf(uploaded) },
    { service: "todo-backend", call: "lists tasks", came: wordOf(tasks) },
    {
      service: "notification-service",
      call: "lists notifications, asked by todo-backend",
      came: wordOf(notifications),
    },
  ];
  if (!uploaded.ok || uploaded.value.kind !== "done") return calls;
  const removed = await health.remove(uploaded.value.value.id);
  return [...calls, { service: "health-api", call: "deletes an upload", came: wordOf(removed) }];
}

function wordOf(asked: Asked<unknown>): Reading<string> {
  if (!asked.ok) return asked;
  const { value, source, at } = asked;
  return read(value.kind === "done" ? "done" : saidOf(value), source, new Date(at));
}
