import { expect, test } from "vitest";
import { withCluster } from "../../test/api-server.ts";
import { createServer } from "node:http";
import { listening } from "../../test/loopback.ts";
import { readSecretScopes } from "./secret-scopes.ts";

const annotations = {
  "dapr.io/enabled": "true",
  "dapr.io/app-id": "todo-backend",
  "dapr.io/config": "todo",
  "dapr.io/disable-builtin-k8s-secret-store": "true",
};
const volumes = [
  { secret: { secretName: "mounted" } },
  { secret: { secretName: "perhaps", optional: true } },
  { projected: { sources: [{ secret: { name: "projected" } }, { serviceAccountToken: { path: "token" } }] } },
];
const containers = [
  {
    env: [{ valueFrom: { secretKeyRef: { name: "in-env", key: "a" } } }, { value: "1" }],
    envFrom: [{ secretRef: { name: "mounted" } }],
  },
];
const podOf = (changes: object = {}, phase = "Running") => ({
  metadata: {
    namespace: "todo",
    name: "backend-1",
    uid: "1",
    creationTimestamp: "2026-11-22T08:00:00Z",
    annotations,
    ...changes,
  },
  spec: { volumes, containers },
  status: { phase },
});
const configurationOf = (defaultAccess?: string, allowedSecrets: readonly string[] = []) => ({
  metadata: { name: "todo" },
  spec: {
    secrets: {
      scopes: [{ storeName: "secretstore", allowedSecrets, ...(defaultAccess === undefined ? {} : { defaultAccess }) }],
    },
  },
});
const store = {
  metadata: { namespace: "todo", name: "secretstore", uid: "2", creationTimestamp: "2026-11-22T08:00:00Z" },
  spec: { type: "secretstores.kubernetes", version: "v1" },
};

async function scopes(answers: {
  readonly pods?: unknown;
  readonly components?: unknown;
  readonly configurations?: unknown;
}) {
  const { pods = [podOf()], components = [store], configurations = [configurationOf("deny")] } = answers;
  const lists: Record<string, unknown> = { pods, components, configurations };
  const server = createServer((request, response) => {
    const kind = /\/(pods|components|configurations)\b/.exec(request.url ?? "")?.[1] ?? "";
    const items = lists[kind];
    response.writeHead(items === "forbidden" ? 403 : 200).end(JSON.stringify({ metadata: {}, items }));
  });
  return listening(server, (port) => withCluster(port, (cluster) => readSecretScopes(cluster, "todo")));
}

test("secrets that running pods need, and sidecars that keep all but a list", async () => {
  expect(await scopes({})).toMatchObject({
    ok: true,
    value: {
      used: ["in-env", "mounted", "projected"],
      sidecars: [{ app: "todo-backend", pod: "backend-1", open: [] }],
    },
  });
});

test("a list is all that is allowed, whatever the default says", async () => {
  const configurations = [configurationOf("allow", ["own"])];
  expect(await scopes({ configurations })).toMatchObject({ ok: true, value: { sidecars: [{ open: [] }] } });
});

test.each([
  ["a default of allow", { configurations: [configurationOf("allow")] }, ["secretstore"]],
  ["no default", { configurations: [configurationOf()] }, ["secretstore"]],
  ["no configuration", { configurations: [] }, ["secretstore"]],
  [
    "a built-in store",
    { pods: [podOf({ annotations: { ...annotations, "dapr.io/disable-builtin-k8s-secret-store": "false" } })] },
    ["kubernetes"],
  ],
])("%s is open", async (_, answers, open) => {
  expect(await scopes(answers)).toMatchObject({ ok: true, value: { sidecars: [{ open }] } });
});

test("pods that end or have ended are no evidence", async () => {
  const pods = [podOf({}, "Succeeded"), podOf({ deletionTimestamp: "2026-11-22T08:00:00Z" })];
  expect(await scopes({ pods })).toMatchObject({ ok: true, value: { used: [], sidecars: [] } });
});

test.each(["pods", "components", "configurations"] as const)(
  "%s that may not be read are no empty list",
  async (kind) => {
    expect(await scopes({ [kind]: "forbidden" })).toMatchObject({ ok: false, why: expect.stringContaining("403") });
  },
);
