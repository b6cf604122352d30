/** What else may rightly fail under a planted defect of security: the same broken thing, seen by a criterion that asks about it too. */

const rows = "the service asks the database for its tenant's rows, and the database is what holds others back";
const scan = "the posture scan asks the same of every pod";
const hardened = "it asks the same of every container";
const policy = "the posture scan asks of every pod whether a policy selects it";
const cached = "what the cache gives to anybody, the API answers with";
const throughTheDatabase = {
  "roles-enforced": rows,
  "tenant-isolation-api": rows,
  "tenant-isolation-lists": rows,
  "tenant-isolation-cache": rows,
};

/** By the plant's title: the criteria that fail beside its own, and why that is right. */
export const felt: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "network-policies-match-intent": { "security-scan-passes": policy },
  "containers-hardened": { "security-scan-passes": scan },
  "containers-hardened (writable-root)": { "security-scan-passes": scan },
  "containers-hardened (capability-added)": { "security-scan-passes": scan },
  "containers-hardened (escalation-allowed)": { "security-scan-passes": scan },
  "security-scan-passes": { "containers-hardened": hardened },
  "security-scan-passes (excused-by-itself)": { "containers-hardened": hardened },
  "security-scan-passes (privileged)": { "containers-hardened": hardened },
  "security-scan-passes (no-pod-yet)": { "containers-hardened": hardened },
  "tenant-isolation-cache": { "tenant-isolation-api": cached },
  "tenant-isolation-database": throughTheDatabase,
  "tenant-isolation-database (role-too-strong)": throughTheDatabase,
  "tenant-isolation-database (role-of-the-owner)": throughTheDatabase,
};
