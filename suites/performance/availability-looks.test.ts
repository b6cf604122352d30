import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Availability } from "../../environments/availability.ts";
import { local } from "../../environments/local.ts";
import type { Profile } from "../../environments/profile.ts";
import { recordFile } from "../../harness/soak/find.ts";
import { createRecord } from "../../harness/soak/record.ts";
import { gatewayPod, look, plan } from "../../harness/soak/soak-examples.ts";
import type { Verdict } from "../../harness/verdict.ts";
import type { Cluster } from "../../probes/kubernetes/cluster.ts";
import { withCluster } from "../../test/api-server.ts";
import { listening } from "../../test/loopback.ts";
import { answerOfDays, type HeldDays } from "../../test/prometheus-of-days.ts";
import { lookAtCutoverWatch, lookAtFirstWeek, lookAtUptime } from "./availability-looks.ts";

const run = { id: "run-1", clusterUid: "uid-1" };
const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const folder = mkdtempSync(join(tmpdir(), "oke-proof-looks-"));
const availability: Availability = {
  outside: { job: "outside", targets: ["https://health.example/"], control: "https://nobody.example/" },
  ruleGroups: ["cluster"],
};
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const withAvailability = (changes: Partial<Availability> = {}): Profile => ({
  ...local,
  availability: { ...availability, ...changes },
});

/** Asks with a Prometheus of good days, but for what a test says. */
async function asked(work: (cluster: Cluster) => Promise<Verdict>, held: Partial<HeldDays> = {}): Promise<Verdict> {
  const { outside, ruleGroups } = availability;
  const server = createServer((request, response) => {
    const answer = answerOfDays({ ...outside, ruleGroups, ...held }, request.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  return listening(server, async (port) => withCluster(port, work));
}

test("a week of answers from outside is a pass, and one with too few is none", async () => {
  const profile = withAvailability();
  expect(await asked(async (cluster) => lookAtUptime({ profile, run, cluster }))).toMatchObject({ outcome: "pass" });
  const isAnswered = (_: string, atMs: number): boolean => Math.floor(atMs / minuteMs) % 100 !== 0;
  expect(await asked(async (cluster) => lookAtUptime({ profile, run, cluster }), { isAnswered })).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(
      /^https:\/\/health\.example\/ answered (99(\.00\d)?|98\.99\d) % of 10080 probes, not 99\.5 %$/,
    ),
  });
});

test("a week that Prometheus may not be asked for, or holds a part of only, is unproven", async () => {
  const profile = withAvailability();
  const refused = createServer((_, response) => response.writeHead(403).end('{"kind":"Status","code":403}'));
  const verdict = await listening(refused, async (port) =>
    withCluster(port, async (cluster) => lookAtUptime({ profile, run, cluster })),
  );
  expect(verdict).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/403/) });
  const another = withAvailability({ outside: { ...availability.outside, targets: ["https://other.example/"] } });
  expect(await asked(async (cluster) => lookAtUptime({ profile: another, run, cluster }))).toMatchObject({
    outcome: "unproven",
    because: "probes of https://other.example/: there are none in the window",
  });
});

test("a first week that Prometheus and a person speak of is a pass, without the person it is not, and with an alert or a silent minute it fails", async () => {
  // On a whole minute: of one that ends between an evaluation and the sample that tells of it, the last evaluation is not known.
  const cutoverAt = new Date(Math.floor((Date.now() - 8 * dayMs) / minuteMs) * minuteMs).toISOString();
  const file = join(folder, "incidents.json");
  const log = {
    schemaVersion: 1,
    clusterUid: "uid-1",
    attestedBy: "A. Person, on call",
    attestedAt: ago(1000),
    from: cutoverAt,
    until: ago(2000),
    incidents: [],
  };
  writeFileSync(file, JSON.stringify(log));
  const weekWith = async (changes: Partial<Availability>, held?: Partial<HeldDays>): Promise<Verdict> => {
    const profile = withAvailability(changes);
    return asked(async (cluster) => lookAtFirstWeek({ profile, run, cluster }), held);
  };
  const isThird = (atMs: number): boolean => Math.floor((atMs - Date.parse(cutoverAt)) / minuteMs) === 2;
  expect(await weekWith({ cutoverAt, incidentLog: file })).toMatchObject({ outcome: "pass" });
  expect(await weekWith({ cutoverAt })).toMatchObject({
    outcome: "unproven",
    because: "no incident log is attested (availability.incidentLog of the profile)",
  });
  expect(await weekWith({ cutoverAt, incidentLog: file }, { isFiring: isThird })).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/^NodeDown fired from /),
  });
  expect(await weekWith({ cutoverAt, incidentLog: file }, { isAnswered: (_, atMs) => !isThird(atMs) })).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/^https:\/\/health\.example\/ did not answer once in 1 minutes, the first of them /),
  });
});

test("without a prober outside, and without a cutover, nothing can be said", async () => {
  const nobody = async (profile: Profile): Promise<readonly Verdict[]> =>
    Promise.all([
      asked(async (cluster) => lookAtUptime({ profile, run, cluster })),
      asked(async (cluster) => lookAtFirstWeek({ profile, run, cluster })),
      lookAtCutoverWatch({ profile, run }, folder),
    ]);
  const [uptime, week, watch] = await nobody(local);
  expect(uptime).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/names no prober outside/) });
  expect(week).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/names no prober outside/) });
  expect(watch).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/no cutover is on record/) });
  const [, early] = await nobody(withAvailability({ cutoverAt: ago(minuteMs) }));
  expect(early).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/has not begun$/) });
  const [, late] = await nobody(withAvailability());
  expect(late).toMatchObject({ outcome: "unproven", because: expect.stringMatching(/no cutover is on record/) });
});

test("48 hours on record after the cutover are a pass, with a minute taken out unproven, and with an hour of errors a fail", async () => {
  const fromMs = Math.floor((Date.now() - 3 * dayMs) / minuteMs) * minuteMs;
  const at = (minute: number): string => new Date(fromMs + minute * minuteMs).toISOString();
  const profile = withAvailability({ cutoverAt: at(30) });
  for (const [soaks, without, errorsFrom, outcome] of [
    ["whole", -1, 2941, "pass"],
    ["gap", 1000, 2941, "unproven"],
    ["errors", -1, 1000, "fail"],
  ] as const) {
    const ofSoak = plan({ id: soaks, from: at(0), until: at(2940) });
    const writer = createRecord(recordFile(join(folder, soaks), soaks), ofSoak);
    const looks = Array.from({ length: 2941 }, (_, minute) => {
      // From there on one answer in a hundred is an error.
      const errors = Math.max(0, minute - errorsFrom);
      const answers = { "2xx": 100 * minute - errors, "5xx": errors };
      const pod = { ...gatewayPod(minute, { answers }), scrapedAt: at(minute) };
      return { ...look(minute), at: at(minute), traffic: { ok: true as const, pods: [pod], down: [] } };
    });
    writer.append(...looks.filter(({ minute }) => minute !== without));
    writer.close();
    expect((await lookAtCutoverWatch({ profile, run }, join(folder, soaks))).outcome).toBe(outcome);
  }
  expect((await lookAtCutoverWatch({ profile, run }, join(folder, "none"))).because).toMatch(
    /^no soak of this cluster covers/,
  );
});
