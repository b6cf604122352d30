import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { Scan } from "../../probes/secrets-in-clear/scanner.ts";
import { judgeSecretsInClear, sortsWanted, type SortScan } from "./secrets-in-clear.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const clean: Scan = { places: 7, findings: [], controlled: true };
const all = (changes: Partial<Record<string, SortScan["scan"]>> = {}): SortScan[] =>
  sortsWanted.map((sort) => ({ sort, scan: changes[sort] ?? read(clean, sort, now) }));
const finding = {
  where: "pod kafka/kafka-0, spec.containers[0].env[0] KAFKA_PASSWORD",
  what: "a value under the name KAFKA_PASSWORD",
};
const found = (...findings: Scan["findings"]) => read({ ...clean, findings }, "specs", now);

test.each<readonly [string, readonly SortScan[], Outcome, RegExp]>([
  ["no secret anywhere", all(), "pass", /^no secret stands in clear in 7 places of tracked files, .* was found$/],
  [
    "one",
    all({ specs: found(finding) }),
    "fail",
    /^pod kafka\/kafka-0, spec\.containers\[0\]\.env\[0\] KAFKA_PASSWORD holds a value under the name KAFKA_PASSWORD$/,
  ],
  ["the same twice", all({ specs: found(finding, finding) }), "fail", /^[^;]*$/],
  [
    "one, and a sort that was not read",
    all({ specs: found(finding), logs: unread("403", "Loki", now) }),
    "fail",
    /^pod kafka/,
  ],
  ["a sort that was not read", all({ logs: unread("403", "Loki", now) }), "unproven", /^logs: 403$/],
  [
    "a sort without a place",
    all({ images: read({ ...clean, places: 0 }, "images", now) }),
    "unproven",
    /^images: there was nothing to scan$/,
  ],
  [
    "canaries that were not found",
    all({ logs: read({ ...clean, controlled: false }, "logs", now) }),
    "unproven",
    /^logs: the scan did not find the canaries/,
  ],
  ["a sort that is missing", all().slice(1), "unproven", /^tracked files were not scanned$/],
  ["nothing", [], "unproven", /were not scanned/],
])("%s", (_, scans, outcome, because) => {
  expect(judgeSecretsInClear(scans)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});
