/** The control of every scan: a pod that breaks every held test and one that breaks none, given to the scanner among what is judged. */
import { postureObject, type PostureObject } from "./objects.ts";
import type { GradedObject } from "./reply.ts";
import { heldTests } from "./tests.ts";

export type Control = {
  readonly bad: PostureObject;
  readonly sound: PostureObject;
  /** All that must be given to the scanner, both pods included. */
  readonly objects: readonly PostureObject[];
};

/** @param mark a word of the run's own, so that no object of the platform has the control's name */
export function controlOf(mark: string): Control {
  const of = (apiVersion: string, kind: string, name: string, label: string, spec: unknown): PostureObject => {
    const namespace = `oke-proof-control-${mark}`;
    const labels = { [controlLabel]: label };
    return postureObject({ apiVersion, kind, namespace, name, workload: name, labels, spec });
  };
  const bad = unwilling(of("v1", "Pod", "bad", "-bad-", badSpec));
  const sound = of("v1", "Pod", "sound", "sound", soundSpec);
  const policySpec = { podSelector: { matchLabels: { [controlLabel]: "sound" } }, policyTypes: ["Ingress", "Egress"] };
  return {
    bad,
    sound,
    objects: [bad, sound, of("networking.k8s.io/v1", "NetworkPolicy", "sound", "sound", policySpec)],
  };
}

const controlLabel = "oke-proof-control";

const badSpec = {
  containers: [
    {
      name: "main",
      image: "oke-proof/control",
      env: [
        { name: "TWICE", value: "1" },
        { name: "TWICE", value: "2" },
      ],
      securityContext: { privileged: true, readOnlyRootFilesystem: false },
    },
  ],
};

const soundSpec = {
  containers: [
    {
      name: "main",
      image: "oke-proof/control:1.0.0",
      env: [{ name: "ONCE", value: "1" }],
      resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "20m", memory: "32Mi" } },
      securityContext: { privileged: false, readOnlyRootFilesystem: true, runAsUser: 65532, runAsGroup: 65532 },
    },
  ],
};

/** The bad pod asks not to be graded: a scanner that does as it is told would do so for everybody. */
function unwilling(pod: PostureObject): PostureObject {
  const { metadata } = pod.manifest;
  const known = typeof metadata === "object" && metadata !== null ? metadata : {};
  const annotations = { "kube-score/ignore": heldTests.join(",") };
  return { ...pod, manifest: { ...pod.manifest, metadata: { ...known, annotations } } };
}

/** One sentence a held test that did not tell the bad pod from the sound one. */
export function wrongWithControl(bad: GradedObject | undefined, sound: GradedObject | undefined): string[] {
  return heldTests.flatMap((id) => {
    const wanted = [
      ["bad", "critical", bad],
      ["sound", "ok", sound],
    ] as const;
    return wanted.flatMap(([name, grade, pod]) => {
      const seen = pod?.tests.find((test) => test.id === id);
      const said = seen === undefined ? "not at all" : seen.skipped ? "skipped" : seen.grade;
      return said === grade ? [] : [`the ${name} control pod was graded ${said} by ${id}, not ${grade}`];
    });
  });
}
