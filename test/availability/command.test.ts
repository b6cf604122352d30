/** The three criteria of days as a run decides them: the command, its ledger, its exit code, and the catalogue's rule of evidence. */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recordWatch, removeWatch, type WatchedMinute } from "../../fixtures/recorded-watch.ts";
import { lineOf, proofOf, startOkeProof, type Proof } from "../prove/command.ts";
import type { HeldDays } from "../prometheus-of-days.ts";
import { idsOfDays, withClusterOfDays } from "./cluster.ts";

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
// On a whole minute, as production's names are led over.
const cutoverMs = Math.floor(Date.now() / minuteMs) * minuteMs - 8 * dayMs;
const cutoverAt = new Date(cutoverMs).toISOString();
const isMinute = (minute: number, atMs: number): boolean => Math.floor((atMs - cutoverMs) / minuteMs) === minute;

type Happened = {
  readonly held?: Partial<HeldDays>;
  readonly mayAsk?: boolean;
  /** Absent where nobody watched. */
  readonly watched?: (minute: number) => WatchedMinute;
  /** Absent where nobody attested anything. */
  readonly incidents?: readonly object[];
};

/** A run on production eight days after the cutover. */
async function runAfter({ held = {}, mayAsk = true, watched, incidents }: Happened): Promise<Proof> {
  const uid = randomUUID();
  const id = `test-${uid}`;
  try {
    if (watched !== undefined) recordWatch({ id, clusterUid: uid, cutoverAt }, watched);
    return await withClusterOfDays({ uid, held, mayAsk }, async ({ kubeconfig, folder, layered }) => {
      const incidentLog = join(folder, "incidents.json");
      const until = new Date(Date.now() - 2_000).toISOString();
      const attested = { attestedBy: "A. Person, on call", attestedAt: until, from: cutoverAt, until, incidents };
      if (incidents !== undefined)
        writeFileSync(incidentLog, JSON.stringify({ schemaVersion: 1, clusterUid: uid, ...attested }));
      const directory = join(folder, "run");
      const args = ["validate", "--env", "oke-production", "--out", directory, "--criterion", ...idsOfDays];
      const environment = {
        OKE_PROOF_KUBECONFIG: kubeconfig,
        OKE_PROOF_PROFILE: layered({ availability: { cutoverAt, incidentLog } }),
      };
      return proofOf({ ...startOkeProof(args, environment, 50_000), directory });
    });
  } finally {
    removeWatch(id);
  }
}

const outcomesOf = (proof: Proof): readonly string[] => idsOfDays.map((id) => lineOf(proof, id).outcome);
const sentencesOf = (proof: Proof): readonly string[] => idsOfDays.map((id) => lineOf(proof, id).because);

test("a good week, 48 good hours and a log without an incident are a pass of all three", async () => {
  const proof = await runAfter({ watched: () => ({}), incidents: [] });
  expect(outcomesOf(proof), proof.output).toEqual(["pass", "pass", "pass"]);
  expect(proof.exitCode, proof.output).toBe(0);
}, 60_000);

test("an alert, an incident, an hour of errors and probes that failed are told in one run, each by its criterion", async () => {
  const proof = await runAfter({
    held: {
      isFiring: (atMs) => isMinute(3000, atMs),
      isAnswered: (_, atMs) => Math.floor(atMs / minuteMs) % 100 !== 0,
    },
    watched: (minute) => (minute < 60 ? { errors: 1 } : {}),
    incidents: [{ id: "INC-7", from: cutoverAt, until: cutoverAt, summary: "no sign-in" }],
  });
  expect(outcomesOf(proof), proof.output).toEqual(["fail", "fail", "fail"]);
  const [uptime, week, watch] = sentencesOf(proof);
  expect(uptime).toMatch(/^https:\/\/health\.production\.example\/healthz answered 9\d\.\d+ % of 10080 probes/);
  expect(week).toMatch(
    /^incident INC-7 of .* is on record: no sign-in; NodeDown fired from .*; .* did not answer once/,
  );
  expect(watch).toMatch(/^hour 1 \(from .*\): 60 of 6000 answers were errors \(1 %, at most 0\.5 %\)$/);
  expect(proof.exitCode).toBe(1);
}, 60_000);

test("a minute that nobody probed, evaluated or watched, and a week that nobody attests, leave all three unproven", async () => {
  const proof = await runAfter({
    held: { isProbed: (_, atMs) => !isMinute(5000, atMs), isEvaluated: (_, atMs) => !isMinute(6000, atMs) },
    watched: (minute) => ({ isMissing: minute === 1000 }),
  });
  expect(outcomesOf(proof), proof.output).toEqual(["unproven", "unproven", "unproven"]);
  const [uptime, week, watch] = sentencesOf(proof);
  expect(uptime).toMatch(/healthz: 1 of 10080 minutes have none, the first is /);
  expect(week).toMatch(
    /^the incident log .* could not be read: .*; evaluations of the alert rules cluster: 1 of 10080/,
  );
  expect(watch).toMatch(/^hour 17 \(from .*\): 2 of 60 minutes were not measured/);
  expect(proof.exitCode).toBe(2);
}, 60_000);

test("without the right to ask Prometheus, and without a watch, nothing is said", async () => {
  const proof = await runAfter({ mayAsk: false, incidents: [] });
  expect(outcomesOf(proof), proof.output).toEqual(["unproven", "unproven", "unproven"]);
  const [uptime, week, watch] = sentencesOf(proof);
  expect(uptime).toMatch(/403, the harness has no right/);
  expect(week).toMatch(/403, the harness has no right/);
  expect(watch).toMatch(/^no soak of this cluster covers the 48 hours from /);
  expect(proof.exitCode).toBe(2);
}, 60_000);
