import { expect, test } from "vitest";
import { platformScanExceptions } from "../../environments/scan-exceptions.ts";
import { platformPosture } from "../../environments/platform-posture.ts";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { Finding, PostureScan, ScannedObject, TestCount } from "../../probes/posture-scan/scan.ts";
import { heldTests, testsLeftOut } from "../../probes/posture-scan/tests.ts";
import { judgePostureScan, type ScanRules, type Scans } from "./posture-scan.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const why = "upstream's own image starts no other way";
const workload = (name: string, changes: Partial<ScannedObject> = {}): ScannedObject => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  namespace: "kafka",
  name,
  workload: name,
  pods: true,
  ...changes,
});
const kafka = workload("kafka");
const pod = workload("kafka-0", { apiVersion: "v1", kind: "Pod", workload: "kafka" });
const policy = workload("default", { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", pods: false });
const finding = (changes: Partial<Finding> = {}): Finding => ({
  ...kafka,
  test: "container-image-tag",
  where: "main",
  what: "Image with latest tag",
  ...changes,
});
const count = (id: string, changes: Partial<TestCount> = {}): TestCount => ({
  id,
  optional: false,
  graded: 2,
  skipped: 0,
  warnings: 0,
  ...changes,
});
const tests = [
  count("container-image-tag"),
  count("pod-networkpolicy", { warnings: 2 }),
  count("pod-probes"),
  count("container-seccomp-profile", { optional: true, graded: 0, skipped: 2 }),
];
const scan = (changes: Partial<PostureScan> = {}): Reading<PostureScan> =>
  read({ objects: [kafka, pod, policy], findings: [], tests, wrong: [], ...changes }, "kube-score", now);
const charts = { sort: "charts of oke-staging", scan: scan() };
const rules: ScanRules = {
  held: ["container-image-tag", "pod-networkpolicy"],
  leftOut: new Map([["pod-probes", "says something of availability"]]),
  exceptions: [],
  peopled: ["kafka"],
};
const tagException = { test: "container-image-tag", namespace: "kafka", workload: "kafka", containers: ["main"], why };
const policyException = { test: "pod-networkpolicy", namespace: "kafka", workload: "kafka", why };
const noPolicy = finding({
  test: "pod-networkpolicy",
  where: "",
  what: "The pod does not have a matching NetworkPolicy",
});

test.each<readonly [string, Scans, Partial<ScanRules>, Outcome, RegExp]>([
  [
    "nothing is found",
    { cluster: scan(), charts: [charts] },
    {},
    "pass",
    /^3 objects of the cluster, 3 objects of charts of oke-staging have no critical finding in 2 tests but for 0 named exceptions; the bad control pod was told from the sound one$/,
  ],
  [
    "one finding in the cluster",
    { cluster: scan({ findings: [finding()] }), charts: [charts] },
    {},
    "fail",
    /^StatefulSet kafka\/kafka \(main\) fails container-image-tag: Image with latest tag$/,
  ],
  [
    "a workload and its pod have the same finding: the workload is told, once",
    { cluster: scan({ findings: [finding(), finding({ ...pod })] }), charts: [charts] },
    {},
    "fail",
    /^StatefulSet kafka\/kafka \(main\) fails [^;]*$/,
  ],
  [
    "what only the pod has",
    { cluster: scan({ findings: [finding({ ...pod, where: "sidecar" })] }), charts: [charts] },
    { exceptions: [tagException] },
    "fail",
    /^Pod kafka\/kafka-0 \(sidecar\) fails container-image-tag/,
  ],
  [
    "one finding in a chart",
    { cluster: scan(), charts: [{ ...charts, scan: scan({ findings: [noPolicy] }) }] },
    {},
    "fail",
    /^charts of oke-staging: StatefulSet kafka\/kafka fails pod-networkpolicy: The pod does not/,
  ],
  [
    "a finding of a test that is not held",
    { cluster: scan({ findings: [finding({ test: "pod-probes" })] }), charts: [charts] },
    {},
    "pass",
    /./,
  ],
  [
    "an excepted finding, of workload and pod",
    { cluster: scan({ findings: [finding(), finding({ ...pod })] }), charts: [charts] },
    { exceptions: [tagException] },
    "pass",
    /but for 1 named exceptions/,
  ],
  [
    "an exception that charts alone need",
    { cluster: scan(), charts: [{ ...charts, scan: scan({ findings: [finding()] }) }] },
    { exceptions: [tagException] },
    "pass",
    /but for 1 named/,
  ],
  [
    "an excepted finding of the whole object",
    { cluster: scan({ findings: [noPolicy] }), charts: [charts] },
    { exceptions: [policyException] },
    "pass",
    /./,
  ],
  [
    "an exception of the whole is none of a container",
    { cluster: scan({ findings: [finding()] }), charts: [charts] },
    { exceptions: [{ ...policyException, test: "container-image-tag" }] },
    "fail",
    /^StatefulSet kafka\/kafka \(main\)/,
  ],
  [
    "an exception of another container",
    { cluster: scan({ findings: [finding()] }), charts: [charts] },
    { exceptions: [{ ...tagException, containers: ["format"] }] },
    "fail",
    /\(main\) fails/,
  ],
  [
    "an exception of another test",
    { cluster: scan({ findings: [finding()] }), charts: [charts] },
    { exceptions: [{ ...tagException, test: "pod-networkpolicy" }] },
    "fail",
    /fails container-image-tag/,
  ],
  [
    "an exception that nothing needs",
    { cluster: scan(), charts: [charts] },
    { exceptions: [tagException] },
    "unproven",
    /^kafka\/kafka \(main\), excepted from container-image-tag, has no such finding: take the exception out, or see why the scanner finds it no longer$/,
  ],
  [
    "an exception for a workload that comes and goes, and is not there now",
    { cluster: scan(), charts: [charts] },
    { exceptions: [{ ...tagException, workload: "zookeeper", comesAndGoes: true }] },
    "pass",
    /^\d+ objects of the cluster/,
  ],
  [
    "an exception for one that came, and that nothing needs",
    { cluster: scan(), charts: [charts] },
    { exceptions: [{ ...tagException, comesAndGoes: true }] },
    "unproven",
    /^kafka\/kafka \(main\), excepted from container-image-tag, has no such finding/,
  ],
  [
    "an exception for a workload that is gone",
    { cluster: scan(), charts: [charts] },
    { exceptions: [{ ...tagException, workload: "zookeeper" }] },
    "unproven",
    /^kafka\/zookeeper \(main\), excepted from container-image-tag, is not there: take the exception out$/,
  ],
  [
    "an exception of a part that is not installed: its namespace holds policies alone",
    { cluster: scan({ objects: [kafka, { ...policy, namespace: "velero" }] }), charts: [charts] },
    { exceptions: [{ ...tagException, namespace: "velero", workload: "velero" }] },
    "pass",
    /but for 0 named/,
  ],
  [
    "the cluster was not read",
    { cluster: unread("GET /api/v1/pods: 403, the harness has no right", "api", now), charts: [charts] },
    {},
    "unproven",
    /^the cluster: GET \/api\/v1\/pods: 403/,
  ],
  [
    "the charts were not rendered",
    { cluster: scan(), charts: [{ ...charts, scan: unread("no Helm", "helm", now) }] },
    {},
    "unproven",
    /^charts of oke-staging: no Helm$/,
  ],
  ["no chart at all", { cluster: scan(), charts: [] }, {}, "unproven", /^no chart was scanned$/],
  [
    "nothing in the cluster",
    { cluster: scan({ objects: [] }), charts: [charts] },
    { peopled: [] },
    "unproven",
    /^the cluster: there was nothing to scan$/,
  ],
  [
    "nothing in a chart",
    { cluster: scan(), charts: [{ ...charts, scan: scan({ objects: [] }) }] },
    {},
    "unproven",
    /^charts of oke-staging: there was nothing to scan$/,
  ],
  [
    "a namespace that holds policies alone",
    { cluster: scan({ objects: [kafka, { ...policy, namespace: "todo-chatbot" }] }), charts: [charts] },
    { peopled: ["kafka", "todo-chatbot"] },
    "unproven",
    /^namespace todo-chatbot holds nothing that makes pods/,
  ],
  [
    "a control that was graded wrongly",
    {
      cluster: scan({ wrong: ["the bad control pod was graded ok by container-image-tag, not critical"] }),
      charts: [charts],
    },
    {},
    "unproven",
    /^the cluster: the bad control pod was graded ok/,
  ],
  [
    "a test that nobody decided on",
    { cluster: scan({ tests: [...tests, count("pod-host-network")] }), charts: [charts] },
    {},
    "unproven",
    /^the cluster: the scanner has a test pod-host-network that nobody decided on$/,
  ],
  [
    "a finding is a fail even where something else could not be read",
    { cluster: scan({ findings: [finding()], wrong: ["a control was graded wrongly"] }), charts: [] },
    {},
    "fail",
    /^StatefulSet kafka\/kafka \(main\)/,
  ],
])("%s", (_, scans, changes, outcome, because) => {
  expect(judgePostureScan(scans, { ...rules, ...changes })).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("the facts say how much was scanned, what was excepted, and what is held and what is not", () => {
  const findings = [finding(), finding({ test: "pod-probes" }), finding({ test: "pod-probes", where: "other" })];
  const { evidence } = judgePostureScan(
    { cluster: scan({ findings }), charts: [charts] },
    { ...rules, exceptions: [tagException] },
  );
  const facts = new Map(evidence.map(({ what, value }) => [what, value]));
  expect(evidence[0]).toMatchObject({ value: 0, limit: "0", samples: 3, unit: "findings" });
  expect(facts.get("warnings in the cluster")).toBe(2);
  expect(facts.get("excepted: kafka/kafka (main), excepted from container-image-tag")).toBe(why);
  expect(facts.get("tests held")).toBe("container-image-tag, pod-networkpolicy");
  expect(facts.get("optional tests, not switched on")).toBe("container-seccomp-profile");
  expect(facts.get("not held: pod-probes")).toBe("2 critical findings, not counted: says something of availability");
});

test("every exception of the platform is of a held test, in a namespace of the platform, and stands once", () => {
  const namespaces = platformPosture.namespaces.map(({ name }) => name);
  expect(platformScanExceptions.filter((one) => !heldTests.includes(one.test))).toEqual([]);
  expect(platformScanExceptions.filter((one) => !namespaces.includes(one.namespace))).toEqual([]);
  const names = platformScanExceptions.map((one) => `${one.test} ${one.namespace}/${one.workload}`);
  expect(new Set(names).size).toBe(names.length);
  expect([...testsLeftOut.values()].filter((reason) => reason.length < 20)).toEqual([]);
});
