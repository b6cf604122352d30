/** A program that takes and says what kube-score takes and says, for tests of what is made of it: a child like the real one, with rules of its own. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScannerProgram } from "../probes/posture-scan/scanner.ts";

/** Plain JavaScript: it runs outside of this project. Sets `reply` and `code` as kube-score would, which `bend` may change. */
const program = `
const documents = require("node:fs").readFileSync(0, "utf8").split("\\n---\\n").filter((one) => one.trim() !== "").map((one) => JSON.parse(one));
const policies = documents.filter(({ kind }) => kind === "NetworkPolicy");
const templateOf = ({ kind, metadata, spec }) =>
  kind === "Pod" ? { metadata, spec } : kind === "CronJob" ? spec.jobTemplate.spec.template : spec.template;
const score = (id, wrong, words, optional = false) => ({
  check: { name: id, id, target_type: "Pod", comment: "", optional },
  grade: wrong.length > 0 ? 1 : 10,
  skipped: optional,
  comments: wrong.length > 0 ? wrong.map((path) => ({ path, summary: words, description: "" })) : null,
});
const testsOf = (one) => {
  const { metadata } = one;
  const labels = Object.entries(metadata.labels ?? {}).filter(([, value]) => !/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value));
  const tests = [score("label-values", labels.map(([key]) => key), "Invalid label value"), score("stable-version", [], "")];
  const template = templateOf(one);
  if (template === undefined) return tests;
  const containers = [...(template.spec.initContainers ?? []), ...template.spec.containers];
  const those = (wrong) => containers.filter(wrong).map(({ name }) => name);
  const pod = template.spec.securityContext ?? {};
  const low = (number) => number === undefined || number < 10000;
  const covered = policies.some(({ metadata: { namespace }, spec }) => namespace === metadata.namespace &&
    Object.entries(spec.podSelector.matchLabels ?? {}).every(([key, value]) => template.metadata?.labels?.[key] === value));
  return [
    ...tests,
    score("container-security-context-privileged", those(({ securityContext: own }) => own?.privileged === true), "The container is privileged"),
    score("container-security-context-readonlyrootfilesystem", those(({ securityContext: own }) => own?.readOnlyRootFilesystem !== true), "The pod has a container with a writable root filesystem"),
    score("container-security-context-user-group-id", those(({ securityContext: own }) => low(own?.runAsUser ?? pod.runAsUser) || low(own?.runAsGroup ?? pod.runAsGroup)), "The container is running with a low user ID"),
    score("container-image-tag", those(({ image }) => !image.includes(":")), "Image with latest tag"),
    score("container-resources", those(({ resources }) => resources?.limits === undefined), "CPU limit is not set"),
    score("pod-networkpolicy", covered ? [] : [""], "The pod does not have a matching NetworkPolicy"),
    score("environment-variable-key-duplication", those(({ env = [] }) => new Set(env.map(({ name }) => name)).size < env.length), "Environment Variable Key Duplication"),
    score("pod-probes", [""], "Container is missing a readinessProbe"),
    score("container-seccomp-profile", [], "", true),
  ];
};
let reply = documents.map((one) => ({
  object_name: one.kind + "/" + one.apiVersion + "/" + one.metadata.namespace + "/" + one.metadata.name,
  type_meta: { kind: one.kind, apiVersion: one.apiVersion },
  object_meta: { name: one.metadata.name, namespace: one.metadata.namespace, creationTimestamp: null },
  checks: testsOf(one),
  file_name: "STDIN",
  file_row: 1,
}));
let code = reply.some(({ checks }) => checks.some(({ grade, skipped }) => grade === 1 && !skipped)) ? 1 : 0;
`;

/** @param bend JavaScript that may change `reply` and `code` before they are said, or do something else altogether */
export async function withScanner<T>(bend: string, work: (scanner: ScannerProgram) => Promise<T>): Promise<T> {
  const say = `process.stdout.write(JSON.stringify(reply, null, "    "), () => process.exit(code));`;
  return withProgram(`${program}\n${bend}\n${say}`, work);
}

/** Any JavaScript as the scanner. */
export async function withProgram<T>(script: string, work: (scanner: ScannerProgram) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "oke-proof-scanner-"));
  const path = join(folder, "kube-score");
  try {
    writeFileSync(path, `#!${process.execPath}\n${script}\n`);
    chmodSync(path, 0o755);
    return await work({ path, env: {} });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
