/** The scanner's tests (kube-score 1.20): which are held against the platform, and why the others are not. */

/** What makes a break-in easier or larger. Each is shown to fail and to pass by the control manifests of every scan. */
export const heldTests: readonly string[] = [
  "container-security-context-privileged",
  "container-security-context-readonlyrootfilesystem",
  "container-security-context-user-group-id",
  "container-image-tag",
  "container-resources",
  "pod-networkpolicy",
  "environment-variable-key-duplication",
  "label-values",
];

/** Held of every object, and not of pods and what makes them alone. */
export const testsOfEverything: readonly string[] = ["label-values"];

const availability = "says something of availability, which the criteria of infra and performance prove as it runs";
const budgets = `${availability}; the harness may not read disruption budgets`;
const warning = "is graded a warning at most";

/**
 * Why a test is not held, by its id. A test that is neither here nor held is one that nobody decided on. Optional tests need no decision:
 * they are not switched on.
 */
export const testsLeftOut: ReadonlyMap<string, string> = new Map([
  [
    "container-image-pull-policy",
    "asks for a pull at each start, by which every restart would depend on the registry; a tag here is never given to other content",
  ],
  [
    "container-ephemeral-storage-request-and-limit",
    "is met otherwise: root file systems are read-only, every emptyDir of the charts has a size, and the kubelet rotates logs",
  ],
  [
    "networkpolicy-targets-pod",
    "contradicts docs/decisions/0011: policies stand before the first pod; network-policies-match-intent proves that each finds its pods",
  ],
  ["pod-probes", `${availability} (workloads-have-probes)`],
  ["pod-probes-identical", availability],
  ["service-targets-pod", `${availability}; a Service may stand before its pods`],
  ["service-type", `${warning}; network-policies-match-intent tries what is open from outside`],
  ["stable-version", `${warning}; the API server refuses what it no longer serves`],
  ["deployment-strategy", `${warning}; ${availability}`],
  ["deployment-replicas", `${warning}; ${availability}`],
  ["deployment-has-host-podantiaffinity", `${warning}; ${availability}`],
  ["statefulset-has-host-podantiaffinity", `${warning}; ${availability}`],
  ["horizontalpodautoscaler-replicas", `${warning}; ${availability}`],
  ["horizontalpodautoscaler-has-target", `${availability} (autoscalers-ready)`],
  [
    "deployment-targeted-by-hpa-does-not-have-replicas-configured",
    "cannot be judged of live objects, in which the API server always writes a number of replicas",
  ],
  ["deployment-has-poddisruptionbudget", budgets],
  ["statefulset-has-poddisruptionbudget", budgets],
  ["poddisruptionbudget-has-policy", budgets],
  ["pod-topology-spread-constraints", availability],
  ["statefulset-has-servicename", availability],
  ["cronjob-has-deadline", availability],
  ["cronjob-restartpolicy", "the API server refuses what it would find"],
  ["deployment-pod-selector-labels-match-template-metadata-labels", "the API server refuses what it would find"],
  ["statefulset-pod-selector-labels-match-template-metadata-labels", "the API server refuses what it would find"],
  ["ingress-targets-service", "judges Ingresses: the platform has none, its routes are of the Gateway API"],
]);
