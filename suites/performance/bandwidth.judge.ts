/** A load balancer that caps bandwidth makes requests wait that the application has answered: it must be named, and the application not blamed. */
import type { LoadRun } from "../../probes/load/load-run.ts";
import type { Found } from "./load-generator.judge.ts";
import { clockTime, during, longestHole, rounded, type Span } from "./plateau.judge.ts";

/** Share of the cap from which requests wait for it: counters see payload, the balancer counts headers and retransmissions too. */
const usedShareMax = 0.9;
/** A percentile of 99 is made by one request in a hundred, and so by one second in a hundred. */
const cappedSecondsShareMax = 0.01;
const untoldSecondsMax = 5;

/**
 * Seconds of the plateau in which the balancer was full, where the profile knows of a cap. Nothing is found where it knows of none.
 * Where more than one second in a hundred was full, latency is the balancer's; where the bytes were not told, whose it is cannot be said.
 */
export function bandwidthUsed({ plan, received }: LoadRun, plateau: Span): Found {
  const cap = plan.balancerMbps;
  if (cap === undefined) return { reasons: [], facts: [] };
  const told = during(plateau, received).filter(({ bytes }) => Number.isFinite(bytes));
  const hole = longestHole(plateau, told);
  const untold =
    hole.seconds > untoldSecondsMax
      ? [
          `how much the load balancer let through, of ${cap} Mbps, was not told for ${rounded(hole.seconds)} s from ${clockTime(hole.fromMs)}`,
        ]
      : [];
  if (told.length === 0) return { reasons: untold, facts: [] };
  const used = told.map(({ bytes }) => (bytes * 8) / 1e6);
  const full = used.filter((mbps) => mbps >= cap * usedShareMax);
  const most = rounded(used.reduce((high, mbps) => Math.max(high, mbps)));
  const capped =
    full.length > used.length * cappedSecondsShareMax
      ? [
          `the load balancer lets ${cap} Mbps through, and up to ${most} were used in ${full.length} of ${used.length} seconds: that latency is not the application's`,
        ]
      : [];
  return {
    reasons: [...untold, ...capped],
    facts: [
      {
        what: "most that the load balancer let through in a second",
        value: most,
        unit: "Mbps",
        limit: `below ${rounded(cap * usedShareMax)} of ${cap} Mbps`,
      },
      {
        what: "seconds with the load balancer full",
        value: full.length,
        unit: "s",
        limit: `at most ${Math.floor(used.length * cappedSecondsShareMax)} s`,
      },
    ],
  };
}
