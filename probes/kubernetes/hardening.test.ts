import { expect, test } from "vitest";
import { readFrom } from "../../test/one-reply.ts";
import { readContainerContexts, workloadOf } from "./hardening.ts";
import { tryPod, readDryRunGuard } from "./pod-admission.ts";
import { readTokenHolders } from "./tokens.ts";

const metadata = { name: "a-1", namespace: "n", uid: "u", creationTimestamp: "2026-11-22T12:00:00Z" };
const listOf = (pod: object): string => JSON.stringify({ metadata: {}, items: [pod] });
const spec = { serviceAccountName: "web", containers: [{ name: "main" }] };

test("a container has its pod's context under its own, and the user that the runtime told", async () => {
  const body = listOf({
    metadata,
    spec: {
      securityContext: { runAsUser: 7, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "main",
          securityContext: { runAsUser: 8, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        },
      ],
      initContainers: [{ name: "init", securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: false } }],
      ephemeralContainers: [
        { name: "debug", securityContext: { privileged: true, seccompProfile: { type: "Unconfined" } } },
      ],
    },
    status: { containerStatuses: [{ name: "main", user: { linux: { uid: 0 } } }] },
  });
  const { found } = await readFrom(readContainerContexts, body);
  expect(found).toMatchObject({
    ok: true,
    value: [
      {
        container: "main",
        runAsUser: 8,
        runAsNonRoot: true,
        uid: 0,
        readOnlyRoot: true,
        escalation: true,
        dropsAll: true,
        seccomp: "RuntimeDefault",
      },
      { container: "init", runAsUser: 7, runAsNonRoot: false, escalation: false, dropsAll: false, readOnlyRoot: false },
      { container: "debug", privileged: true, seccomp: "Unconfined" },
    ],
  });
});

test.each<readonly [string, object]>([
  ["no containers", { metadata, spec: {}, status: {} }],
  ["no status", { metadata, spec }],
  [
    "a user that is no number",
    { metadata, spec, status: { containerStatuses: [{ name: "main", user: { linux: { uid: "0" } } }] } },
  ],
])("a pod with %s is no reading", async (_, pod) => {
  expect((await readFrom(readContainerContexts, listOf(pod))).found).toMatchObject({ ok: false });
});

test("Velero's Job for a repository, which nothing owns, is known without the millisecond of its name", () => {
  expect(workloadOf("a-default-kopia-maintain-job-1795385075545", undefined)).toBe("a-default-kopia-maintain-job");
  expect(workloadOf("a-1795385075545", undefined)).toBe("a-1795385075545");
});

test.each([
  ["Deployment", "ReplicaSet", "web-7d9f8b6c5d", "web"],
  ["CronJob", "Job", "dump-29380123", "dump"],
  ["Velero", "Job", "a-default-kopia-maintain-job-1795385075545", "a-default-kopia-maintain-job"],
  ["Job", "Job", "topics", "topics"],
  ["Job", "Job", "topics-1234567", "topics-1234567"],
  ["StatefulSet", "StatefulSet", "kafka", "kafka"],
])("a %s is known by its name", (_, kind, name, workload) => {
  expect(workloadOf("pod", { kind, name, uid: "u" })).toBe(workload);
  expect(workloadOf("pod", undefined)).toBe("pod");
});

const mounted = (audience?: string) => ({
  ...spec,
  containers: [{ name: "main", volumeMounts: [{ name: "token" }] }],
  volumes: [
    { name: "token", projected: { sources: [{ serviceAccountToken: audience === undefined ? {} : { audience } }] } },
  ],
});

test.each([
  ["mounted", mounted(), true],
  ["for another audience", mounted("dapr.io/sentry"), false],
  ["not mounted", { ...mounted(), containers: [{ name: "main" }] }, false],
  ["not there", spec, false],
])("a token that is %s", async (_, given, holdsToken) => {
  const { found } = await readFrom(readTokenHolders, listOf({ metadata, spec: given }));
  expect(found).toMatchObject({ ok: true, value: [{ account: "web", holdsToken }] });
});

const forbidden = (message: string): string => JSON.stringify({ kind: "Status", message });

test.each<readonly [string, string, number, object]>([
  ["admitted", JSON.stringify({ kind: "Pod", metadata: { name: "x" } }), 201, { ok: true, value: { admitted: true } }],
  ["refused", forbidden('violates PodSecurity "restricted:latest": x'), 403, { ok: true, value: { admitted: false } }],
  [
    "without the right to ask",
    forbidden('User "x" cannot create resource "pods"'),
    403,
    { ok: false, why: expect.stringMatching(/403, the harness has no right to read this/) },
  ],
  ["invalid", forbidden("invalid"), 422, { ok: false }],
  ["answered by somebody else", "<html>", 403, { ok: false }],
  ["admitted without a pod", "{}", 201, { ok: false }],
])("a pod that is %s", async (_, body, status, expected) => {
  const { asked, found } = await readFrom(async (cluster) => tryPod(cluster, "n", "sound"), body, status);
  expect(asked).toBe("/api/v1/namespaces/n/pods?dryRun=All");
  expect(found).toMatchObject(expected);
});

const resourceRules = [{ operations: ["CREATE"], resources: ["pods"] }];
const guard = (changes: object = {}): string =>
  JSON.stringify({
    spec: {
      failurePolicy: "Fail",
      validations: [{ expression: "has(request.dryRun) && request.dryRun" }],
      matchConstraints: { namespaceSelector: {}, objectSelector: {}, resourceRules },
      policyName: "oke-proof-dry-run-only",
      validationActions: ["Deny"],
      ...changes,
    },
  });

test.each<readonly [string, string, object]>([
  ["stands", guard(), { ok: true, value: { holds: true } }],
  ["fails open", guard({ failurePolicy: "Ignore" }), { value: { holds: false, why: "its failurePolicy is Ignore" } }],
  ["only warns", guard({ validationActions: ["Warn"] }), { value: { holds: false } }],
  ["asks for nothing", guard({ validations: [{ expression: "true" }] }), { value: { holds: false } }],
  ["has conditions", guard({ matchConditions: [{}] }), { value: { holds: false, why: "it leaves something out" } }],
  ["is for other objects", guard({ matchConstraints: { resourceRules: [] } }), { value: { holds: false } }],
  [
    "is for some namespaces",
    guard({ matchConstraints: { resourceRules, namespaceSelector: { matchLabels: {} } } }),
    { value: { holds: false } },
  ],
  ["leaves something out", guard({ matchResources: {} }), { value: { holds: false } }],
  ["is no policy", "{}", { ok: false }],
])("a guard that %s", async (_, body, expected) => {
  expect((await readFrom(readDryRunGuard, body)).found).toMatchObject(expected);
});
