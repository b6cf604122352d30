/** What Dapr says of itself, as recorded on the local cluster, and bent. */
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { isFor, readComponents } from "./components.ts";
import { seriesOf } from "./metrics.ts";
import { readReaders } from "./readers.ts";
import { countOf, watchSchedule } from "./schedules.ts";
import { readDaprPods, readMetrics, readSidecar } from "./sidecars.ts";

const metadata = { namespace: "todo-chatbot", uid: "u", creationTimestamp: "2026-11-22T04:41:39Z" };
const component = {
  metadata: { ...metadata, name: "reminder-schedule" },
  spec: { type: "bindings.cron", version: "v1", metadata: [{ name: "schedule", value: "@every 10s" }] },
  scopes: ["notification-service"],
};
const annotations = { "dapr.io/enabled": "true", "dapr.io/app-id": "todo-backend", "dapr.io/app-port": "8081" };
const pod = {
  metadata: { ...metadata, name: "todo-backend-1", annotations },
  spec: { containers: [{ name: "todo-backend" }, { name: "daprd" }] },
  status: { phase: "Running", containerStatuses: [{ name: "daprd", ready: true }] },
};
const sidecar = {
  id: "todo-backend",
  runtimeVersion: "1.14.4",
  components: [{ name: "pubsub", type: "pubsub.kafka", version: "v1", capabilities: ["BULK_PUBSUB"] }],
  extended: { daprRuntimeVersion: "1.14.4" },
  appConnectionProperties: { port: 8081, protocol: "http", channelAddress: "127.0.0.1" },
};
const page = `# HELP dapr_component_input_binding_count The number of incoming events arriving from the input binding component.
# TYPE dapr_component_input_binding_count counter
dapr_component_input_binding_count{app_id="a",component="reminder-schedule",namespace="t",success="true"} 13
dapr_component_input_binding_count{app_id="a",component="other",namespace="t",success="true"} 99
dapr_component_input_binding_count{app_id="a",component="reminder-schedule",namespace="t",success="false"} 2
dapr_sentry_issuercert_expiry_timestamp 1.826858473e+09
`;

/** An API server that gives each path its answer: [status, body]. */
async function serving<T>(
  answers: Readonly<Record<string, readonly [number, unknown]>>,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    const [status, body] = answers[(request.url ?? "").split("?")[0] ?? ""] ?? [404, { message: "no" }];
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return listening(server, async (port) => withCluster(port, work));
}

const list = (...items: readonly unknown[]): readonly [number, unknown] => [200, { metadata: {}, items }];
const components = "/apis/dapr.io/v1alpha1/namespaces/todo-chatbot/components";
const pods = "/api/v1/namespaces/todo-chatbot/pods";

test("components, their scopes and settings; a secret's place is no setting", async () => {
  const secret = { name: "connectionString", secretKeyRef: { name: "x", key: "y" } };
  const open = { metadata: { ...metadata, name: "open" }, spec: { type: "t", version: "v1", metadata: [secret] } };
  const reading = await serving({ [components]: list(component, open) }, async (cluster) =>
    readComponents(cluster, "todo-chatbot"),
  );
  if (!reading.ok) throw new Error(reading.why);
  const [schedule, other] = reading.value;
  expect(schedule).toMatchObject({ name: "reminder-schedule", settings: { schedule: "@every 10s" } });
  expect(other).toMatchObject({ scopes: [], settings: {} });
  expect([schedule, other].map((one) => one !== undefined && isFor(one, "todo-backend"))).toEqual([false, true]);
});

test("components that cannot be listed, and bent ones, are no reading", async () => {
  const bent = { ...component, spec: { ...component.spec, type: "" } };
  for (const answer of [[403, {}], [200, {}], list(bent)] as const) {
    const reading = await serving({ [components]: answer }, async (cluster) => readComponents(cluster, "todo-chatbot"));
    expect(reading.ok).toBe(false);
  }
});

test("pods that ask for a sidecar; those that do not, end or have ended are left out", async () => {
  const named = (name: string, changes: object) => ({ ...pod, ...changes, metadata: { ...pod.metadata, name } });
  const silent = { ...pod, metadata: { ...metadata, name: "silent" } };
  const ending = {
    ...pod,
    metadata: { ...pod.metadata, name: "ending", deletionTimestamp: metadata.creationTimestamp },
  };
  const done = named("done", { status: { phase: "Succeeded" } });
  const bare = named("bare", { spec: { containers: [{ name: "main" }] }, status: { phase: "Pending" } });
  const reading = await serving({ [pods]: list(pod, silent, ending, done, bare) }, async (cluster) =>
    readDaprPods(cluster, "todo-chatbot"),
  );
  expect(reading).toMatchObject({
    ok: true,
    value: [
      { name: "todo-backend-1", appId: "todo-backend", appPort: "8081", hasSidecar: true, sidecarReady: true },
      { name: "bare", hasSidecar: false, sidecarReady: false },
    ],
  });
});

test("a sidecar's metadata and numbers are asked at the ports that answer GET alone", async () => {
  const answers = {
    [`${pods}/a:3501/proxy/v1.0/metadata`]: [200, sidecar],
    [`${pods}/a:9090/proxy/metrics`]: [200, page],
    [`${pods}/b:3501/proxy/v1.0/metadata`]: [200, { ...sidecar, id: "" }],
  } as const;
  await serving(answers, async (cluster) => {
    expect(await readSidecar(cluster, "todo-chatbot", "a")).toMatchObject({ ok: true, value: { id: "todo-backend" } });
    expect(await readSidecar(cluster, "todo-chatbot", "b")).toMatchObject({ ok: false });
    expect(await readSidecar(cluster, "todo-chatbot", "c")).toMatchObject({ ok: false });
    expect(await readMetrics(cluster, "todo-chatbot", "a")).toMatchObject({ ok: true, value: page });
    expect(await readMetrics(cluster, "todo-chatbot", "b")).toMatchObject({ ok: false });
  });
});

test("an application's word on a dependency; none, and silence, are no word", async () => {
  const readyz = `${pods}/todo-backend-1:8080/proxy/readyz`;
  const asked = { namespace: "todo-chatbot", apps: ["todo-backend"], dependency: "secretstore" };
  const told = async (answer: readonly [number, unknown]) =>
    serving({ [pods]: list(pod), [readyz]: answer }, async (cluster) => readReaders(cluster, asked));
  expect(await told([200, { dependencies: { secretstore: "denied" } }])).toMatchObject({
    value: [{ app: "todo-backend", pod: "todo-backend-1", state: { ok: true, value: "denied" } }],
  });
  expect(await told([200, { dependencies: {} }])).toMatchObject({ value: [{ state: { ok: false } }] });
  expect(await told([503, {}])).toMatchObject({ value: [{ state: { ok: false } }] });
  const others = await serving({ [pods]: list(pod) }, async (cluster) => readReaders(cluster, { ...asked, apps: [] }));
  expect(others).toMatchObject({ ok: true, value: [] });
});

test("series of a page: by name, with labels and numbers as Prometheus writes them", () => {
  expect(seriesOf(page, "dapr_sentry_issuercert_expiry_timestamp")).toEqual([{ labels: {}, value: 1_826_858_473 }]);
  expect(seriesOf('a{b="c\\"d\\\\e",f=""} 1 1700000000000', "a")).toEqual([
    { labels: { b: 'c"d\\e', f: "" }, value: 1 },
  ]);
  expect(seriesOf("a NaN\na\na{ 1\n# a 1\nab 1", "a")).toEqual([]);
  expect(countOf(page, "reminder-schedule")).toEqual({ succeeded: 13, failed: 2 });
  expect(countOf("", "reminder-schedule")).toEqual({ succeeded: 0, failed: 0 });
});

test("a schedule is watched until enough was seen; a page that cannot be had ends it", async () => {
  const watched = { namespace: "todo-chatbot", pod: "a", component: "reminder-schedule" };
  const until = { timeoutMs: 5_000, enough: () => true };
  const seen = await serving({ [`${pods}/a:9090/proxy/metrics`]: [200, page] }, async (cluster) =>
    watchSchedule(cluster, watched, until),
  );
  expect(seen).toMatchObject({ ok: true, value: [{ succeeded: 13, failed: 2 }] });
  expect(await serving({}, async (cluster) => watchSchedule(cluster, watched, until))).toMatchObject({ ok: false });
});
