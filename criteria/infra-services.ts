/** The data services and the health platform's own services, each by what it does. */
import type { Criterion } from "../harness/criterion.ts";
import { freshLook, repeatedFlow } from "./evidence.ts";
import { atMost, none } from "./limits.ts";
import { everywhere } from "./scopes.ts";
import { roadmap } from "./sources.ts";
import type { roadmapLines } from "./roadmap-lines.ts";

type DataServiceLine = (typeof roadmapLines)["Module 2: Infrastructure Helm Charts"][number];

/** A data service is proven by a round trip through it, and by its refusal of a client without credentials. */
function dataService(id: string, line: DataServiceLine, must: string): Criterion {
  return {
    id,
    suite: "infra",
    area: "Data services",
    must,
    limits: [
      none("round trips lost or altered", "round trips"),
      none("requests without credentials that were answered", "requests"),
    ],
    evidence: { ...freshLook, samplesMin: 3 },
    severity: "blocker",
    sources: [
      roadmap("Module 2: Infrastructure Helm Charts", line),
      roadmap("Week 1", "All stateful services running"),
    ],
    scope: everywhere,
    check: "infra/data-services",
  };
}

const dataServices: readonly Criterion[] = [
  dataService(
    "postgresql-health-data",
    "PostgreSQL (health-data)",
    "The health data PostgreSQL MUST return the row that was written to it and refuse a client without its password.",
  ),
  dataService(
    "postgresql-webauthn-auth",
    "PostgreSQL (webauthn-auth)",
    "The authentication PostgreSQL MUST return the row that was written to it and refuse a client without its password.",
  ),
  dataService(
    "redis-health",
    "Redis (health)",
    "The health platform's Redis MUST return the value that was set and refuse a client without its password.",
  ),
  dataService(
    "redis-webauthn",
    "Redis (webauthn)",
    "The authentication Redis MUST return the value that was set and refuse a client without its password.",
  ),
  dataService(
    "minio-data-lake",
    "MinIO (data lake)",
    "The data lake MUST return the object that was put into it, byte for byte, and refuse an anonymous client.",
  ),
  dataService(
    "rabbitmq-queue",
    "RabbitMQ (message queue)",
    "The message queue MUST confirm a message, deliver it once to its consumer, and refuse a client without its password.",
  ),
];

const applicationServices: readonly Criterion[] = [
  {
    id: "health-api-upload-read",
    suite: "infra",
    area: "Health platform",
    must: "The Health API MUST accept an upload of health data from a signed-in user and return it to that user unaltered.",
    limits: [none("uploads refused, lost or altered", "uploads")],
    evidence: repeatedFlow,
    severity: "blocker",
    sources: [
      roadmap("Module 4: Health Services Helm Charts", "Health API deployment"),
      roadmap("Week 2", "All services deployed and functional"),
    ],
    scope: everywhere,
    check: "infra/uploads",
  },
  {
    id: "etl-narrative-written",
    suite: "infra",
    area: "Health platform",
    must: "The ETL engine MUST take an uploaded record from the queue and write its narrative within 60 s.",
    // The roadmap gives no time: a minute is what a person waits before calling it broken.
    limits: [none("records without a narrative", "records"), atMost("time from upload to narrative", 60, "s")],
    evidence: repeatedFlow,
    severity: "critical",
    sources: [
      roadmap("Module 4: Health Services Helm Charts", "ETL Engine deployment"),
      roadmap("Week 2", "All services deployed and functional"),
    ],
    scope: everywhere,
    check: "infra/uploads",
  },
  {
    id: "data-flow-end-to-end",
    suite: "infra",
    area: "Health platform",
    must: "One upload MUST be found with the same content as a row in PostgreSQL, an object in MinIO, an event in the queue and a narrative.",
    limits: [none("stations of the flow where the upload is missing or altered", "stations")],
    evidence: repeatedFlow,
    severity: "blocker",
    sources: [
      roadmap("Week 3", "Verify data flows (API -> DB -> MinIO)"),
      roadmap("Week 3", "All integration tests pass"),
      roadmap("Week 4", "End-to-end testing"),
    ],
    scope: everywhere,
    check: "infra/data-flow",
  },
];

export const infraServices: readonly Criterion[] = [...dataServices, ...applicationServices];
