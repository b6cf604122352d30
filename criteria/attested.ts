/** What no probe can see: a person attests it, with date and link, and no gate ever waits for it. */
import type { Criterion } from "../harness/criterion.ts";
import { attestation } from "./evidence.ts";
import { atLeast } from "./limits.ts";
import { nowhere } from "./scopes.ts";
import { roadmap, task, taskSuccess } from "./sources.ts";

type Attested = Pick<Criterion, "id" | "area" | "must" | "sources"> & { readonly asks: string };

const owner = "the owner of the platform";

function byPerson({ id, area, must, sources, asks }: Attested): Criterion {
  return {
    id,
    suite: "attested",
    area,
    must,
    limits: [atLeast("attestations with owner, date and link", sources.length, "attestations")],
    evidence: { ...attestation, samplesMin: sources.length },
    severity: "minor",
    sources,
    scope: nowhere,
    attested: { owner, asks },
  };
}

const career: readonly Criterion[] = [
  byPerson({
    id: "portfolio-shown",
    area: "Career",
    must: "Each of the five works of the portfolio MUST be shown in public, with its owner, date and link.",
    sources: [
      roadmap("Career Development Metrics", "Production Kubernetes deployment"),
      roadmap("Career Development Metrics", "Multi-service orchestration"),
      roadmap("Career Development Metrics", "Infrastructure as Code"),
      roadmap("Career Development Metrics", "GitOps implementation"),
      roadmap("Career Development Metrics", "$0/month production environment"),
    ],
    asks: "date and link for each of the five works",
  }),
  byPerson({
    id: "skills-demonstrated",
    area: "Career",
    must: "Each of the six skills MUST be backed by a piece of this platform, with its owner, date and link.",
    sources: [
      roadmap("Career Development Metrics", "Kubernetes administration"),
      roadmap("Career Development Metrics", "Helm chart development"),
      roadmap("Career Development Metrics", "Terraform infrastructure"),
      roadmap("Career Development Metrics", "Observability implementation"),
      roadmap("Career Development Metrics", "Security best practices"),
      roadmap("Career Development Metrics", "Cost optimization (FinOps)"),
    ],
    asks: "date and link for each of the six skills",
  }),
  byPerson({
    id: "blog-post-published",
    area: "Visibility",
    must: "A blog post about the platform MUST be published.",
    sources: [roadmap("Career Development Metrics", "Blog post published")],
    asks: "date and link of the post",
  }),
  byPerson({
    id: "repository-public",
    area: "Visibility",
    must: "The GitHub repository MUST be public.",
    sources: [roadmap("Career Development Metrics", "GitHub repository public")],
    asks: "date and link of the repository",
  }),
  byPerson({
    id: "linkedin-post-published",
    area: "Visibility",
    must: "A post with the measured metrics MUST be published on LinkedIn.",
    sources: [roadmap("Career Development Metrics", "LinkedIn post with metrics")],
    asks: "date and link of the post, and of the scorecard behind its figures",
  }),
  byPerson({
    id: "portfolio-updated",
    area: "Visibility",
    must: "The portfolio MUST name the platform and link to it.",
    sources: [roadmap("Career Development Metrics", "Portfolio updated")],
    asks: "date and link of the portfolio",
  }),
  byPerson({
    id: "launch-publicized",
    area: "Visibility",
    must: "The launch MUST be documented and shown in a demo video.",
    sources: [
      roadmap("Week 6", "Create demo video"),
      roadmap("Week 6", "Production launch complete, documented, and publicized"),
    ],
    asks: "date and link of the video and of the announcement",
  }),
];

const operations: readonly Criterion[] = [
  byPerson({
    id: "operations-documented",
    area: "Documentation",
    must: "Architecture, troubleshooting, onboarding, deployment, pipeline and upgrades MUST be documented as they are now.",
    sources: [
      roadmap("Week 5", "Architecture diagrams"),
      roadmap("Week 5", "Troubleshooting guides"),
      roadmap("Week 5", "Onboarding documentation"),
      task("T110"),
      task("T111"),
      task("T112"),
      task("T113"),
    ],
    asks: "date and link of each document",
  }),
  byPerson({
    id: "foundational-tasks-validated",
    area: "Documentation",
    must: "The foundational tasks T001 to T035 MUST be completed, each validated by someone who looked.",
    sources: [taskSuccess("All foundational tasks (T001-T035) completed and validated")],
    asks: "date and link of the review, and of the ledger that shows T024 and T030 to T035 proven",
  }),
  byPerson({
    id: "security-audited",
    area: "Audit",
    must: "A person MUST have audited the platform's security and every finding MUST be closed or accepted by name.",
    sources: [roadmap("Week 4", "Security audit")],
    asks: "date and link of the audit",
  }),
  byPerson({
    id: "compose-fallback-ready",
    area: "Audit",
    must: "The way back to Docker Compose MUST have been walked once, data included.",
    sources: [roadmap("Contingency Plans", "Fallback to docker-compose temporarily")],
    asks: "date and link of the rehearsal's record",
  }),
  byPerson({
    id: "carbon-footprint-stated",
    area: "Audit",
    must: "The platform's carbon MUST be stated at 40 to 60 kg CO2 a year or less, from a region on renewable energy.",
    sources: [roadmap("What We're Building", "Carbon: ~40-60 kg CO2/year (EU region, 100% renewable)")],
    asks: "date and link of the calculation",
  }),
];

export const attested: readonly Criterion[] = [...career, ...operations];
