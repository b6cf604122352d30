/** By what a record is known again, whether its service tells of it or its row does. */
import { createHash } from "node:crypto";

/** SHA-256 over fields in their order, in hexadecimal. */
export function checksumOf(fields: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}

/** Over what the user sent, and the digest of the object that the service made of it. `measuredAt` is an ISO time in UTC, to the millisecond. */
export function checksumOfRecord(record: {
  readonly id: string;
  readonly kind: string;
  readonly value: number;
  readonly unit: string;
  readonly measuredAt: string;
  readonly sha256: string;
}): string {
  const { id, kind, value, unit, measuredAt, sha256 } = record;
  return checksumOf([id, kind, value, unit, measuredAt, sha256]);
}
