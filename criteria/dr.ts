/** Backups, their restoring, and what the platform survives. */
import type { Criterion } from "../harness/criterion.ts";
import { drilled, freshLook, nightly, rebuilt } from "./evidence.ts";
import { atLeast, atMost, exactly, none } from "./limits.ts";
import { except, okeOnly, whereDisturbed } from "./scopes.ts";
import { roadmap, task } from "./sources.ts";

const needsBackupStore = except({ kind: "a contributor's own cluster brings no storage place for backups" });

const backups: readonly Criterion[] = [
  {
    id: "velero-backups-running",
    suite: "dr",
    area: "Backups",
    must: "Velero's schedules MUST be active, its storage available, and the newest completed backup no older than a day.",
    // A daily backup is a day old when the next one starts, and two hours are what a run may take.
    limits: [
      atMost("age of the newest completed backup", 26, "hours"),
      none("schedules paused or invalid, and storage locations not available", "objects"),
    ],
    evidence: freshLook,
    severity: "blocker",
    sources: [
      roadmap("Module 8: Disaster Recovery", "Velero backups running"),
      roadmap("High-Risk Items", "Automated backups, DR testing, multi-AZ deployment"),
    ],
    scope: needsBackupStore,
    check: "dr/velero-backups",
  },
  {
    id: "backup-success-rate",
    suite: "dr",
    area: "Backups",
    must: "Of the backups that were due 100 % MUST be complete, without an error, with every volume and object that they should hold.",
    // Due is what the schedule says: a run that never started counts as failed.
    limits: [exactly("due backups that are complete", 100, "%")],
    evidence: nightly,
    severity: "blocker",
    sources: [roadmap("Technical Metrics", "Backup Success Rate: 100%")],
    scope: needsBackupStore,
    check: "dr/backup-rate",
  },
  {
    id: "database-backups-automated",
    suite: "dr",
    area: "Backups",
    must: "Every database MUST have a scheduled dump whose newest run succeeded, no older than a day, readable and not empty.",
    limits: [none("databases without a readable dump", "databases"), atMost("age of the newest dump", 26, "hours")],
    evidence: freshLook,
    severity: "blocker",
    sources: [roadmap("Module 8: Disaster Recovery", "Database backups automated")],
    scope: needsBackupStore,
    check: "dr/database-backups",
  },
];

const recovery: readonly Criterion[] = [
  {
    id: "restore-within-two-hours",
    suite: "dr",
    area: "Recovery",
    must: "A destroyed platform MUST be restored from backup and answer again, with its data verified, in less than 2 hours.",
    limits: [{ what: "time from declared to data verified", comparison: "below", value: 7200, unit: "s" }],
    evidence: drilled,
    severity: "blocker",
    sources: [
      roadmap("Technical Metrics", "DR Restore: < 2 hours RTO"),
      roadmap("Contingency Plans", "Restore from Velero backup (< 2 hours)"),
    ],
    scope: whereDisturbed,
    trial: { topic: "dr/restore", drills: ["restore"] },
  },
  {
    id: "restore-data-intact",
    suite: "dr",
    area: "Recovery",
    must: "After a restore every row and object written before the backup MUST be there, unaltered by its checksum.",
    limits: [none("rows and objects lost or altered", "rows and objects")],
    evidence: { ...drilled, samplesMin: 100 },
    severity: "blocker",
    sources: [
      roadmap("Week 4", "Successfully restore from backup"),
      roadmap("Module 8: Disaster Recovery", "Restore procedures tested"),
    ],
    scope: whereDisturbed,
    trial: { topic: "dr/restore", drills: ["restore"] },
  },
  {
    id: "restore-recovery-point",
    suite: "dr",
    area: "Recovery",
    must: "A restore MUST bring back what was written up to a day before the loss.",
    // The roadmap names no figure: its daily backup sets it.
    limits: [atMost("age of the newest row that came back", 26, "hours")],
    evidence: drilled,
    severity: "critical",
    sources: [roadmap("High-Risk Items", "Automated backups, DR testing, multi-AZ deployment")],
    scope: whereDisturbed,
    trial: { topic: "dr/restore", drills: ["restore"] },
  },
  {
    id: "database-restore-tested",
    suite: "dr",
    area: "Recovery",
    must: "The runbook of the database restore MUST bring a corrupted database back to the moment of a chosen dump when it is followed step by step.",
    limits: [
      none("rows lost, altered, or from after the chosen moment", "rows"),
      none("steps of the runbook that did not do what it says", "steps"),
    ],
    evidence: drilled,
    severity: "critical",
    sources: [
      roadmap("Module 8: Disaster Recovery", "Restore procedures tested"),
      roadmap("Week 5", "Runbook procedures"),
    ],
    scope: whereDisturbed,
    trial: { topic: "dr/database-restore", drills: ["database-restore"] },
  },
  {
    id: "rebuild-within-four-hours",
    suite: "dr",
    area: "Recovery",
    must: "The whole cluster MUST be rebuilt from its code and its backup, and answer with its data verified, in less than 4 hours.",
    limits: [{ what: "time from declared to data verified", comparison: "below", value: 14_400, unit: "s" }],
    evidence: rebuilt,
    severity: "blocker",
    sources: [roadmap("Contingency Plans", "Rebuild cluster from Terraform (< 4 hours)")],
    scope: whereDisturbed,
    trial: { topic: "dr/rebuild", drills: ["rebuild"] },
  },
  {
    id: "nodes-spread-over-domains",
    suite: "dr",
    area: "Resilience",
    must: "Nodes MUST be spread over at least two availability domains, or fault domains where the region has but one.",
    // Most regions have one availability domain, and a block volume cannot leave its own.
    limits: [atLeast("domains with a node", 2, "domains")],
    evidence: freshLook,
    severity: "normal",
    sources: [roadmap("High-Risk Items", "Automated backups, DR testing, multi-AZ deployment")],
    scope: okeOnly("needs Oracle's availability and fault domains: these nodes share one machine"),
    check: "dr/node-domains",
  },
  {
    id: "migrated-data-complete",
    suite: "dr",
    area: "Cutover",
    must: "Everything exported from Docker Compose MUST be in the cluster with the same counts and checksums.",
    limits: [none("rows and objects missing or altered", "rows and objects")],
    evidence: nightly,
    severity: "blocker",
    sources: [roadmap("Week 5", "Export data from local environment"), roadmap("Week 5", "Import to Kubernetes")],
    scope: except({
      local: "needs the installation's own data: there is none to move to this cluster",
      kind: "needs the installation's own data: there is none to move to this cluster",
    }),
  },
];

const resilience: readonly Criterion[] = [
  {
    id: "pod-restart-survived",
    suite: "dr",
    area: "Resilience",
    must: "When a pod of a service is killed, users MUST lose no accepted write, and the service MUST be whole again within 2 min.",
    limits: [none("accepted writes lost", "writes"), atMost("time from killed to whole", 120, "s")],
    evidence: nightly,
    severity: "critical",
    sources: [task("T061"), task("T102")],
    scope: whereDisturbed,
    trial: { topic: "dr/resilience", drills: ["pod-kill-one", "pod-kill-minority", "pod-kill-all"] },
  },
  {
    id: "scaling-survived",
    suite: "dr",
    area: "Resilience",
    must: "When a service is scaled in and out again, no request MUST fail and no event MUST be lost or doubled.",
    limits: [none("requests failed, and events lost or doubled", "requests and events")],
    evidence: nightly,
    severity: "critical",
    sources: [task("T061"), task("T102")],
    scope: whereDisturbed,
    trial: { topic: "dr/resilience", drills: ["scale-in", "scale-out", "scale-to-zero"] },
  },
  {
    id: "node-loss-survived",
    suite: "dr",
    area: "Resilience",
    must: "When a worker node is lost, services MUST answer again within 10 min, with their data, from the nodes that are left.",
    // Kubernetes itself waits five minutes before it moves the pods of a silent node.
    limits: [none("accepted writes lost", "writes"), atMost("time from lost to answering", 600, "s")],
    evidence: nightly,
    severity: "critical",
    sources: [task("T061"), roadmap("High-Risk Items", "Automated backups, DR testing, multi-AZ deployment")],
    scope: whereDisturbed,
    trial: { topic: "dr/resilience", drills: ["node-stop", "node-pause", "node-drain"] },
  },
  {
    id: "dependency-outage-survived",
    suite: "dr",
    area: "Resilience",
    must: "When a dependency is gone for a minute, services MUST refuse cleanly, lose no accepted write, and be back within 2 min of its return.",
    limits: [
      none("accepted writes lost, and answers that are neither right nor a refusal", "requests"),
      atMost("time from its return to normal service", 120, "s"),
    ],
    evidence: nightly,
    severity: "normal",
    sources: [task("T102"), roadmap("High-Risk Items", "Load testing, HPA configuration, graceful degradation")],
    scope: whereDisturbed,
    trial: {
      topic: "dr/resilience",
      drills: [
        "outage-postgresql",
        "outage-redis",
        "outage-rabbitmq",
        "outage-minio",
        "outage-kafka",
        "outage-dapr",
        "network-cut",
      ],
    },
  },
  {
    id: "disturbance-survived",
    suite: "dr",
    area: "Resilience",
    must: "When nodes, disks, name resolution, certificates, the way in or the control plane are disturbed, services MUST lose no accepted write and be back within 2 min of its end.",
    limits: [none("accepted writes lost", "writes"), atMost("time from its end to normal service", 120, "s")],
    evidence: nightly,
    severity: "normal",
    sources: [roadmap("High-Risk Items", "Load testing, HPA configuration, graceful degradation")],
    scope: whereDisturbed,
    trial: {
      topic: "dr/resilience",
      drills: [
        "dns-outage",
        "http-delay",
        "http-abort",
        "http-disruptor",
        "certificate-expiry",
        "control-plane-restart",
        "lost-leader",
        "cpu-pressure",
        "memory-pressure",
        "disk-full",
        "volume-full",
      ],
    },
  },
  {
    id: "rollback-restores-service",
    suite: "dr",
    area: "Resilience",
    must: "A rollout of a broken version MUST be noticed and rolled back within 5 min, without a failed request.",
    limits: [
      none("requests failed by the broken version", "requests"),
      atMost("time from rollout to the old version whole again", 300, "s"),
    ],
    evidence: nightly,
    severity: "critical",
    sources: [task("T066"), task("T069")],
    scope: whereDisturbed,
    trial: { topic: "dr/resilience", drills: ["bad-rollout"] },
  },
];

export const dr: readonly Criterion[] = [...backups, ...recovery, ...resilience];
