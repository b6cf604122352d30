import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Component } from "../../probes/dapr/components.ts";
import type { DaprPod, SidecarMetadata } from "../../probes/dapr/sidecars.ts";
import { judgeComponents, judgeSidecars, type PodReading } from "./dapr-sidecars.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const refused = unread<never>("GET /x: 403, the harness has no right to read this", "the API server", now);
const apps = ["todo-backend"];
const secondsAgo = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
const said: SidecarMetadata = {
  id: "todo-backend",
  runtimeVersion: "1.14.4",
  components: [{ name: "pubsub", type: "pubsub.kafka" }],
  appConnectionProperties: { port: 8080, protocol: "http" },
};

function pod(changes: Partial<DaprPod> = {}, metadata: Partial<SidecarMetadata> = {}): PodReading {
  const value: DaprPod = {
    name: "a",
    createdAt: secondsAgo(600),
    ending: false,
    phase: "Running",
    asks: true,
    appId: "todo-backend",
    appPort: "8080",
    hasSidecar: true,
    sidecarReady: true,
    ...changes,
  };
  return { pod: value, sidecar: read({ ...said, ...metadata }, "the sidecar", now) };
}

const starting = (seconds: number): PodReading => pod({ sidecarReady: false, createdAt: secondsAgo(seconds) });

test.each<readonly [string, PodReading, Outcome, RegExp]>([
  ["whole", pod(), "pass", /^all 1 pods/],
  [
    "without a sidecar",
    pod({ hasSidecar: false, sidecarReady: false }),
    "fail",
    /^pod a asks for a sidecar and has none$/,
  ],
  ["not ready", starting(60), "fail", /^the sidecar of pod a is not ready$/],
  ["still starting", starting(59), "unproven", /pod a is too new to have its sidecar ready/],
  ["of another", pod({}, { id: "other" }), "fail", /serves 'other', not 'todo-backend'/],
  ["at another port", pod({}, { appConnectionProperties: { port: 1 } }), "fail", /not connected .* port 8080/],
  ["without an application", pod({}, { appConnectionProperties: undefined }), "fail", /not connected/],
  ["without a port", pod({ appPort: "" }, { appConnectionProperties: {} }), "pass", /all 1/],
  ["silent", { ...pod(), sidecar: refused }, "unproven", /the sidecar of pod a: GET \/x: 403/],
])("a sidecar: %s", (_, one, outcome, because) => {
  expect(judgeSidecars(read([one], "pods", now), apps, now)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("an application without a pod fails; no list and no application are unproven", () => {
  expect(judgeSidecars(read([], "pods", now), apps, now).because).toBe("no pod asks for a sidecar as todo-backend");
  expect(judgeSidecars(refused, apps, now).outcome).toBe("unproven");
  expect(judgeSidecars(read([], "pods", now), [], now).outcome).toBe("unproven");
});

function component(changes: Partial<Component> = {}): Component {
  return { name: "pubsub", type: "pubsub.kafka", version: "v1", scopes: apps, settings: {}, ...changes };
}

test.each<readonly [string, readonly Component[], Partial<SidecarMetadata>, Outcome, RegExp]>([
  ["as declared", [component()], {}, "pass", /^1 sidecars have loaded just what is declared for them, of 1/],
  ["for everybody", [component({ scopes: [] })], {}, "pass", /^1 sidecars/],
  ["another's too", [component(), component({ name: "x", scopes: ["other"] })], {}, "pass", /of 2 components$/],
  [
    "not loaded",
    [component(), component({ name: "late" })],
    {},
    "fail",
    /^late \(pubsub.kafka\) is declared for todo-backend and not loaded by pod a$/,
  ],
  ["none loaded", [component()], { components: undefined }, "fail", /pubsub .* not loaded by pod a/],
  [
    "not declared",
    [component({ scopes: ["other"] })],
    {},
    "fail",
    /loaded by pod a and not declared for todo-backend$/,
  ],
  [
    "of another type",
    [component({ type: "pubsub.redis" })],
    {},
    "fail",
    /pubsub \(pubsub.redis\) is declared .*; pubsub/,
  ],
  ["none declared", [], { components: [] }, "unproven", /no component is declared/],
])("components: %s", (_, declared, metadata, outcome, because) => {
  const pods = read([pod({}, metadata)], "pods", now);
  expect(judgeComponents(read(declared, "components", now), pods, apps, now)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("what could not be read is unproven", () => {
  const components = read([component()], "components", now);
  expect(judgeComponents(refused, read([pod()], "pods", now), apps, now).outcome).toBe("unproven");
  expect(judgeComponents(components, refused, apps, now).outcome).toBe("unproven");
  expect(judgeComponents(components, read([{ ...pod(), sidecar: refused }], "pods", now), apps, now).because).toMatch(
    /403/,
  );
  expect(judgeComponents(components, read([], "pods", now), apps, now).because).toMatch(/no pod of todo-backend/);
});

test("components of a sidecar that is still starting are not compared yet, and are once it has had its time", () => {
  const components = read([component()], "components", now);
  const of = (seconds: number) => read([{ ...starting(seconds), sidecar: refused }], "pods", now);
  expect(judgeComponents(components, of(59), apps, now).because).toMatch(/pod a is too new to have its sidecar ready/);
  expect(judgeComponents(components, of(60), apps, now).because).toMatch(/403/);
});
