/** What the Oracle tenancy and its Terraform answer for. */
import type { Criterion } from "../harness/criterion.ts";
import { deployedState, freshLook } from "./evidence.ts";
import { atMost, exactly, none } from "./limits.ts";
import { everywhere, needsTenancy, okeOnly } from "./scopes.ts";
import { roadmap, task } from "./sources.ts";

export const infraOracle: readonly Criterion[] = [
  {
    id: "oracle-account-configured",
    suite: "infra",
    area: "Tenancy",
    must: "The tenancy MUST answer a user that may only read, and everything that the platform holds MUST lie in its home region.",
    limits: [none("resources outside the home region", "resources")],
    evidence: deployedState,
    severity: "critical",
    sources: [roadmap("Module 1: Terraform Infrastructure", "Oracle Cloud account setup")],
    scope: needsTenancy,
  },
  {
    id: "oke-cluster-active",
    suite: "infra",
    area: "Tenancy",
    must: "The OKE cluster MUST be active, and its node pools, the tenancy's instances and the nodes of Kubernetes MUST agree in number and state.",
    limits: [none("nodes that are missing, in error or known to one side only", "nodes")],
    evidence: freshLook,
    severity: "blocker",
    sources: [roadmap("Module 1: Terraform Infrastructure", "OKE cluster provisioned"), task("T050")],
    scope: needsTenancy,
  },
  {
    id: "oke-cluster-free-eligible",
    suite: "infra",
    area: "Tenancy",
    must: "The cluster MUST be a basic cluster of VM.Standard.A1.Flex nodes and MUST have no virtual node, bastion or operator host.",
    // An enhanced cluster costs 74.40 USD a month and cannot be turned back into a basic one.
    limits: [none("clusters, nodes and hosts of a kind that is billed", "resources")],
    evidence: deployedState,
    severity: "blocker",
    sources: [task("T050"), roadmap("What We're Building", "4 vCPU, 24 GB RAM total (ARM Ampere A1)")],
    scope: needsTenancy,
  },
  {
    id: "load-balancer-provisioned",
    suite: "infra",
    area: "Tenancy",
    must: "The platform MUST be reached through exactly one load balancer, of the flexible shape at 10 Mbps, with every backend healthy.",
    limits: [
      exactly("load balancers of the tenancy", 1, "load balancers"),
      atMost("maximum bandwidth of its shape", 10, "Mbps"),
      none("backends not healthy", "backends"),
    ],
    evidence: freshLook,
    severity: "blocker",
    sources: [task("T058"), roadmap("What We're Building", "Free load balancer, 10 TB bandwidth/month")],
    scope: okeOnly("needs Oracle's load balancer"),
  },
  {
    id: "object-storage-buckets-created",
    suite: "infra",
    area: "Tenancy",
    must: "Every bucket that Terraform declares MUST exist, private, and take and return an object.",
    limits: [none("buckets that are missing, public or refuse the round trip", "buckets")],
    evidence: deployedState,
    severity: "critical",
    sources: [roadmap("Module 1: Terraform Infrastructure", "Object storage buckets created")],
    scope: okeOnly("needs Oracle's object storage: locally MinIO takes its place and has criteria of its own"),
  },
  {
    id: "images-from-registry",
    suite: "infra",
    area: "Tenancy",
    must: "Every image of the platform's own services MUST come from the configured container registry, by a tag or digest that is there for the nodes' architecture.",
    limits: [none("images from elsewhere, without an explicit tag, or not there for the architecture", "images")],
    evidence: deployedState,
    severity: "normal",
    sources: [task("T051")],
    scope: okeOnly("needs Oracle's container registry: locally a registry beside the cluster takes its place"),
  },
  {
    id: "terraform-modules-valid",
    suite: "infra",
    area: "Terraform",
    must: "The bundled Terraform MUST be formatted and valid, and its defaults MUST declare nothing that the free allowance does not carry.",
    limits: [none("files unformatted or invalid, and resources that are billed", "findings")],
    evidence: deployedState,
    severity: "critical",
    sources: [roadmap("Module 1: Terraform Infrastructure", "Terraform modules written")],
    scope: everywhere,
    check: "infra/terraform",
  },
];
