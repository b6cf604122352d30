/** How the platform is watched and how changes reach it. */
import type { Criterion } from "../harness/criterion.ts";
import { deployedState, freshLook, nightly, repeatedFlow } from "./evidence.ts";
import { atMost, none } from "./limits.ts";
import { everywhere, except, okeOnly, whereDisturbed } from "./scopes.ts";
import { roadmap, task, taskSuccess } from "./sources.ts";

const needsWorkflows = okeOnly("needs the hosted repository and its workflows, which act on the OKE clusters");

const observability: readonly Criterion[] = [
  {
    id: "prometheus-targets-up",
    suite: "infra",
    area: "Observability",
    must: "Every target that the platform expects MUST be known to Prometheus, up, and scraped within the last two minutes.",
    limits: [none("expected targets missing or down", "targets"), atMost("age of the oldest last scrape", 120, "s")],
    evidence: freshLook,
    severity: "critical",
    sources: [
      roadmap("Module 5: Observability Stack", "Prometheus installed"),
      task("T074"),
      task("T075"),
      taskSuccess("Monitoring (User Story 4) providing observability"),
    ],
    scope: everywhere,
    check: "infra/targets",
  },
  {
    id: "dapr-metrics-collected",
    suite: "infra",
    area: "Observability",
    must: "The metrics of every Dapr sidecar and of the control plane MUST be in Prometheus and grow with traffic.",
    limits: [none("sidecars and services without metrics", "targets")],
    evidence: freshLook,
    severity: "normal",
    sources: [task("T070")],
    scope: everywhere,
    check: "infra/dapr-metrics",
  },
  {
    id: "grafana-dashboards-answer",
    suite: "infra",
    area: "Observability",
    must: "Every dashboard MUST be reachable in Grafana and every one of its panels MUST get data, from metrics and from logs.",
    limits: [none("dashboards missing and panels without data", "panels")],
    evidence: freshLook,
    severity: "critical",
    sources: [
      roadmap("Module 5: Observability Stack", "Grafana dashboards configured"),
      roadmap("Week 2", "Metrics and logs visible in Grafana"),
      task("T076"),
    ],
    scope: except({ local: "Grafana cannot be had from the package registries that the local cluster is built from" }),
    check: "infra/dashboards",
  },
  {
    id: "logs-reach-loki",
    suite: "infra",
    area: "Observability",
    must: "A line that a service writes MUST be found in Loki, for every service of both platforms, within 60 s.",
    // Promtail's support ended in March 2026, so whatever log shipper brings the line is accepted.
    limits: [none("services whose line was not found", "services"), atMost("time from written to found", 60, "s")],
    evidence: repeatedFlow,
    severity: "critical",
    sources: [
      roadmap("Module 5: Observability Stack", "Loki + Promtail deployed"),
      roadmap("Week 2", "Metrics and logs visible in Grafana"),
      task("T071"),
    ],
    scope: everywhere,
    check: "infra/logs",
  },
  {
    id: "traces-reach-jaeger",
    suite: "infra",
    area: "Observability",
    must: "A request through the ingress MUST be found in Jaeger as one trace over all services that it passed.",
    limits: [none("requests without a trace, and services missing in it", "spans")],
    evidence: repeatedFlow,
    severity: "normal",
    sources: [roadmap("Module 5: Observability Stack", "Jaeger integrated")],
    scope: everywhere,
    check: "infra/traces",
  },
  {
    id: "alerts-fire",
    suite: "infra",
    area: "Observability",
    must: "Every declared alert rule MUST be loaded, and an alert raised on purpose MUST reach its receiver and resolve.",
    limits: [
      none("rules missing or in error", "rules"),
      none("raised alerts that did not reach the receiver or did not resolve", "alerts"),
    ],
    evidence: nightly,
    severity: "critical",
    sources: [
      task("T073"),
      roadmap("Week 6", "Set up alerting"),
      roadmap("High-Risk Items", "Resource monitoring alerts, automatic scaling limits"),
    ],
    scope: everywhere,
    check: "infra/alerts",
  },
];

const delivery: readonly Criterion[] = [
  {
    id: "argocd-applications-synced",
    suite: "infra",
    area: "Delivery",
    must: "Every application of the platform MUST be Synced and Healthy in Argo CD, at the newest revision of its branch.",
    limits: [none("applications missing, not synced, not healthy or behind", "applications")],
    evidence: freshLook,
    severity: "critical",
    sources: [roadmap("Module 7: GitOps & CI/CD", "ArgoCD installed")],
    scope: everywhere,
    check: "infra/delivery",
  },
  {
    id: "git-push-deploys",
    suite: "infra",
    area: "Delivery",
    must: "A pushed commit MUST lead to its own version answering through the ingress, without a hand on it, within 15 min.",
    // The documents give no time: Argo CD asks Git every three minutes, and a build and a rollout fit the rest.
    limits: [atMost("time from push to the new version answering", 900, "s")],
    evidence: nightly,
    severity: "critical",
    sources: [
      roadmap("Week 4", "Git push triggers deployment"),
      roadmap("Module 7: GitOps & CI/CD", "Automated deployments working"),
      task("T067"),
      taskSuccess("CI/CD pipeline (User Story 3) automating deployments"),
    ],
    scope: whereDisturbed,
    check: "infra/delivery",
  },
  {
    id: "workflows-passing",
    suite: "infra",
    area: "Delivery",
    must: "The workflows that build the images and deploy them MUST have passed on the newest commit of the main branch.",
    limits: [none("workflows missing, failed or behind the newest commit", "workflows")],
    evidence: deployedState,
    severity: "normal",
    sources: [
      roadmap("Module 7: GitOps & CI/CD", "GitHub Actions workflows"),
      task("T062"),
      task("T063"),
      task("T064"),
      task("T065"),
    ],
    scope: needsWorkflows,
  },
  {
    id: "deployments-gated",
    suite: "infra",
    area: "Delivery",
    must: "The pipeline MUST judge the success criteria after each deployment and stop where one is not proven.",
    limits: [none("deployments that went on without a verdict, or against one", "deployments")],
    evidence: deployedState,
    severity: "critical",
    sources: [
      task("T068"),
      roadmap("Week 4", "All systems green"),
      roadmap("Week 4", "Production deployment complete"),
    ],
    scope: needsWorkflows,
  },
];

const connections: readonly Criterion[] = [
  {
    id: "services-reach-dependencies",
    suite: "infra",
    area: "Workloads",
    must: "Every service of both platforms MUST reach each service that it depends on, shown by its own readiness and by a call of its own.",
    limits: [none("dependencies that a service does not reach", "dependencies")],
    evidence: freshLook,
    severity: "blocker",
    sources: [
      roadmap("Week 3", "Test all service-to-service communication"),
      roadmap("Week 3", "All integration tests pass"),
      task("T100"),
    ],
    scope: everywhere,
    check: "infra/dependencies",
  },
];

export const infraOperations: readonly Criterion[] = [...connections, ...observability, ...delivery];
