/** What a name server said, from wherever it was asked. */

/** The outcome as DNS words it; `NODATA` is "the name exists, but not this record". Other codes are given as they came. */
export type DnsOutcome = "NOERROR" | "NODATA" | "NXDOMAIN" | "SERVFAIL" | "REFUSED" | (string & {});

export type DnsAnswer = {
  readonly name: string;
  readonly type: "A" | "AAAA" | "CNAME";
  readonly outcome: DnsOutcome;
  /** Canonical and sorted; empty unless the outcome is NOERROR. */
  readonly answers: readonly string[];
  /** Who was asked: the address of a name server, or the name servers of a pod. */
  readonly resolver: string;
  /** Absent where a prober tells only that there is no such record. */
  readonly elapsedMs?: number;
};
