/** pod-security-enforced: pods that break one rule each, and pods that break none, asked about in every namespace of the platform by dry runs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fewAtATime } from "../../probes/few-at-a-time.ts";
import { readDryRunGuard, tryPod } from "../../probes/kubernetes/pod-admission.ts";
import { podVariantNames, podVariants } from "../../probes/kubernetes/pod-variants.ts";
import { check } from "../check.ts";
import { judgePodSecurity, type PodTrial } from "./pod-security.judge.ts";

const askedAtOnce = 10;

check("pod-security-enforced", async ({ cluster, profile, evidenceDirectory }) => {
  const guard = await readDryRunGuard(cluster);
  // The right to ask is the right to create: without the guard nothing is asked.
  if (!guard.ok || !guard.value.holds) return judgePodSecurity(guard, []);
  const pairs = profile.posture.namespaces.flatMap(({ name, level }) =>
    podVariantNames.map((variant) => ({ namespace: name, level, variant })),
  );
  const trials = await fewAtATime(pairs, askedAtOnce, async ({ namespace, level, variant }): Promise<PodTrial> => {
    const { words, rule, allowedBy } = podVariants[variant];
    return { namespace, level, words, rule, allowedBy, admission: await tryPod(cluster, namespace, variant) };
  });
  writeFileSync(join(evidenceDirectory, "pod-security-enforced.json"), JSON.stringify(trials, null, 2));
  return judgePodSecurity(guard, trials);
});
