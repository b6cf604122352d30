import { expect, test } from "vitest";
import type { PodSecurityLevel } from "../../environments/posture.ts";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { Admission } from "../../probes/kubernetes/pod-admission.ts";
import { podVariants } from "../../probes/kubernetes/pod-variants.ts";
import { judgePodSecurity, type PodTrial } from "./pod-security.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const guard = read({ holds: true, why: "" }, "policy", now);
const admitted = read({ admitted: true, said: "" }, "api", now);
const refused = (said: string): Reading<Admission> => read({ admitted: false, said }, "api", now);
const byPodSecurity = (violated: string, level = "restricted:latest"): Reading<Admission> =>
  refused(`pods "oke-proof-dry-run" is forbidden: violates PodSecurity "${level}": ${violated}`);

function trial(level: PodSecurityLevel, variant: keyof typeof podVariants, admission: Reading<Admission>): PodTrial {
  const { words, rule, allowedBy } = podVariants[variant];
  return { namespace: "health-platform", level, words, rule, allowedBy, admission };
}

const sound = trial("restricted", "sound", admitted);
const hostPathRefused = byPodSecurity('hostPath volumes (volume "data"), restricted volume types (volume "data")');
const noSeccompRefused = byPodSecurity("seccompProfile (pod or container ...)");

test.each<readonly [string, readonly PodTrial[], Outcome, RegExp]>([
  [
    "all is as the level says",
    [sound, trial("restricted", "hostPath", hostPathRefused), trial("restricted", "noSeccomp", noSeccompRefused)],
    "pass",
    /^1 namespaces refused 2 forbidden pods, each for its own rule, and admitted 1 allowed ones$/,
  ],
  ["baseline admits what only restricted forbids", [trial("baseline", "noSeccomp", admitted)], "pass", /./],
  ["privileged admits everything", [trial("privileged", "privileged", admitted)], "pass", /./],
  [
    "a forbidden pod is admitted",
    [sound, trial("restricted", "noSeccomp", admitted)],
    "fail",
    /^namespace health-platform admits a pod with no filter of system calls named, which 'restricted' forbids$/,
  ],
  [
    "baseline admits what baseline forbids",
    [trial("baseline", "hostPath", admitted)],
    "fail",
    /admits a pod with a folder of the node, which 'baseline' forbids$/,
  ],
  [
    "an allowed pod is refused by Pod Security",
    [trial("baseline", "noSeccomp", noSeccompRefused)],
    "fail",
    /refuses a pod with no filter of system calls named, which 'baseline' allows: /,
  ],
  [
    "an allowed pod is refused by something else",
    [trial("restricted", "sound", refused("exceeded quota: pods"))],
    "unproven",
    /but not by Pod Security: exceeded quota/,
  ],
  [
    "a forbidden pod is refused by something else",
    [sound, trial("restricted", "hostPath", refused('admission webhook "x" denied the request'))],
    "unproven",
    /refuses a pod with a folder of the node, but not by Pod Security: admission webhook/,
  ],
  [
    "a forbidden pod is refused for another rule",
    [sound, trial("restricted", "hostPath", noSeccompRefused)],
    "unproven",
    /but not for 'hostPath': /,
  ],
  [
    "one could not be asked",
    [sound, trial("restricted", "hostPath", unread("503", "api", now))],
    "unproven",
    /^namespace health-platform, a pod with a folder of the node: 503$/,
  ],
  ["nothing was asked", [], "unproven", /nothing was measured/],
])("%s", (_, trials, outcome, because) => {
  expect(judgePodSecurity(guard, trials)).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("without the policy that holds the harness to dry runs nothing is proven", () => {
  const weak = read({ holds: false, why: "its failurePolicy is Ignore" }, "policy", now);
  expect(judgePodSecurity(weak, [sound])).toMatchObject({ outcome: "unproven" });
  expect(judgePodSecurity(weak, [sound]).because).toMatch(/is weak: its failurePolicy is Ignore$/);
  expect(judgePodSecurity(unread("404", "policy", now), [sound]).because).toMatch(/hold the harness to dry runs: 404$/);
});
