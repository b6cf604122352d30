/** What suites/performance/load-evidence.ts writes, as it is read back: a file that anybody may have changed since. */
import { z } from "zod";

const numbersMax = 1e9;
const amount = z.number().min(0).max(numbersMax);
const known = amount.nullable();
const words = z.string().max(300);
const edgesMax = 101;
const endpointsMax = 40;
const pointsMax = 300;
const reasonsMax = 20;

const endpoint = z.object({
  endpoint: words,
  asked: amount,
  failed: amount,
  p50Ms: known,
  p95Ms: known,
  p99Ms: known,
  counts: z.array(amount).max(edgesMax),
});

const point = z.object({
  fromSeconds: amount,
  asked: amount,
  reached: amount,
  failed: amount,
  users: known,
  idlePercent: known,
  p50Ms: known,
  p95Ms: known,
  p99Ms: known,
  slowestP95Ms: known,
});

/** Schema version 1. Refused besides wrong fields: edges that do not rise, and counts that are not one a bucket. */
export const loadSchema = z
  .object({
    schemaVersion: z.literal(1),
    plan: z.object({ usersPlateau: amount, generatorIdlePercentMin: amount }),
    reasons: z.array(words).max(reasonsMax),
    limits: z.object({ p95Ms: amount.positive(), p99Ms: amount.positive(), failedPercent: amount }),
    plateau: z.object({ fromSeconds: known, untilSeconds: known }),
    edgesMs: z.array(amount.positive()).min(2).max(edgesMax),
    endpoints: z.array(endpoint).max(endpointsMax),
    series: z.object({ stepSeconds: amount.positive(), points: z.array(point).max(pointsMax) }),
  })
  .refine(
    ({ edgesMs }) => edgesMs.every((edge, index) => index === 0 || edge > (edgesMs[index - 1] ?? 0)),
    "edges that do not rise",
  )
  .refine(
    ({ edgesMs, endpoints }) => endpoints.every(({ counts }) => counts.length === edgesMs.length - 1),
    "counts that are not one a bucket",
  );

export type LoadPicture = z.output<typeof loadSchema>;
export type LoadEndpoint = LoadPicture["endpoints"][number];
export type LoadPoint = LoadPicture["series"]["points"][number];
