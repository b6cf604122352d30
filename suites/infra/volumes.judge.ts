/** Volumes: each claim bound to one of its size, and none of them nearly full. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Volume, VolumeClaim } from "../../probes/kubernetes/volumes.ts";
import type { NodeVolumes } from "../../probes/prober/volumes.ts";

export type ClaimReadings = {
  readonly claims: Reading<readonly VolumeClaim[]>;
  readonly volumes: Reading<readonly Volume[]>;
};

const claimsShownAtMost = 50;
const nameOf = ({ namespace, name }: VolumeClaim): string => `claim ${namespace}/${name}`;

/**
 * Every claim of the namespaces is Bound to a volume that is bound to it and as large as it asked for. A namespace without a claim is a
 * gap: the profile names those that hold stateful services, so that none found means that something was not deployed or not seen.
 */
export function judgeClaimsBound(readings: ClaimReadings, namespaces: readonly string[]): Verdict {
  const { claims, volumes } = readings;
  if (!claims.ok) return unproven(claims.why);
  const { source, at } = claims;
  const judged = claims.value.filter(({ namespace }) => namespaces.includes(namespace));
  const found = judged.map((claim) => ({ claim, ...bindingOf(claim, volumes) }));
  const unbound = found.filter(({ fault }) => fault !== undefined);
  const count: Fact = {
    what: "claims not bound",
    value: unbound.length,
    unit: "claims",
    limit: `0 of ${judged.length}`,
    source,
    at,
  };
  return conclude({
    faults: unbound.map(({ claim, fault = "" }) => `${nameOf(claim)} ${fault}`),
    gaps: [
      ...found.flatMap(({ claim, gap }) => (gap === undefined ? [] : [`${nameOf(claim)} ${gap}`])),
      ...namespacesWithout(judged, namespaces, "claim"),
    ],
    facts: [
      ...unbound
        .slice(0, claimsShownAtMost)
        .map(({ claim, fault = "" }) => ({ what: nameOf(claim), value: fault, limit: "Bound", source, at })),
      count,
    ],
    held: `all ${judged.length} claims are bound to volumes of the size they asked for`,
  });
}

/** `fault` and `gap` are ends of a sentence that begins with the claim's name. */
function bindingOf(
  claim: VolumeClaim,
  volumes: Reading<readonly Volume[]>,
): { readonly fault?: string; readonly gap?: string } {
  const ofClass = claim.storageClass === "" ? "" : ` (class ${claim.storageClass})`;
  if (claim.phase !== "Bound") return { fault: `is ${claim.phase}${ofClass}` };
  if (!volumes.ok) return { gap: `is Bound, but its volume could not be read: ${volumes.why}` };
  const volume = volumes.value.find(({ name }) => name === claim.volume);
  if (volume === undefined) return { fault: `is Bound to volume '${claim.volume}', which does not exist` };
  if (volume.phase !== "Bound") return { fault: `is Bound to volume ${volume.name}, which is ${volume.phase}` };
  if (volume.claimUid !== claim.uid) return { fault: `is Bound to volume ${volume.name}, which is bound elsewhere` };
  return volume.capacityBytes < claim.requestedBytes
    ? { fault: `has ${volume.capacityBytes} bytes of the ${claim.requestedBytes} that it asked for` }
    : {};
}

function namespacesWithout(claims: readonly VolumeClaim[], namespaces: readonly string[], what: string): string[] {
  return namespaces
    .filter((name) => !claims.some(({ namespace }) => namespace === name))
    .map((name) => `namespace ${name} holds no ${what}: there is nothing to judge`);
}

export type FillReadings = ClaimReadings & {
  /** One reading a prober: the claims that are mounted on its node. */
  readonly measured: Reading<readonly Reading<NodeVolumes>[]>;
};

/** Kubelets measure volumes once a minute; older numbers come from a kubelet that has stopped looking, or by another clock. */
const measuredSecondsMax = 300;
/** A file system is a little smaller than its volume. Numbers further from it than by this factor are those of another file system. */
const capacityFactorMax = 2;

/**
 * Every bound claim of the namespaces is filled to less than the limit, in bytes and in inodes, by its kubelet's numbers. A claim that
 * nobody measured is a gap by its name, and so is one whose numbers are those of the node's disk: that is how directories of
 * a node (hostPath, local-path) report, and such a number says nothing about the volume.
 */
export function judgeVolumesBelowLimit(
  readings: FillReadings,
  limits: { readonly namespaces: readonly string[]; readonly usedPercentMax: number },
  now: Date,
): Verdict {
  const { claims, volumes, measured } = readings;
  if (!claims.ok) return unproven(claims.why);
  if (!volumes.ok) return unproven(volumes.why);
  if (!measured.ok) return unproven(measured.why);
  const bound = claims.value.filter(
    ({ namespace, phase }) => limits.namespaces.includes(namespace) && phase !== "Pending",
  );
  const judged = bound.map((claim) => ({ claim, ...fillsOf(claim, volumes.value, measured.value, now) }));
  const fills = judged.flatMap((each) => each.fills).toSorted((left, right) => right.percent - left.percent);
  const limit = `below ${limits.usedPercentMax} %`;
  const over = fills.filter(({ percent }) => percent >= limits.usedPercentMax);
  const [fullest] = fills;
  return conclude({
    faults: over.map(({ name, what, percent }) => `${name} is ${shown(percent)} % full of ${what} (${limit})`),
    gaps: [
      ...judged.flatMap(({ claim, gaps }) => gaps.map((gap) => `${nameOf(claim)} ${gap}`)),
      ...namespacesWithout(bound, limits.namespaces, "bound claim"),
    ],
    facts: fills.slice(0, claimsShownAtMost).map(({ name, what, percent, source, at }) => ({
      what: `${what} used of ${name}`,
      value: shown(percent),
      unit: "%",
      limit,
      source,
      at,
    })),
    held: `the fullest of ${bound.length} volumes is ${shown(fullest?.percent ?? Number.NaN)} % full`,
  });
}

type Measured = NodeVolumes["volumes"][number];
type Fill = {
  readonly name: string;
  readonly what: "bytes" | "inodes";
  readonly percent: number;
  readonly source: string;
  readonly at: string;
};

type Filled<F> = { readonly fills: readonly F[]; readonly gaps: readonly string[] };
const unknown = (why: string): Filled<never> => ({ fills: [], gaps: [why] });

/** How full a claim is on each node that mounts it; gaps are ends of sentences that say why that is not known. */
function fillsOf(
  claim: VolumeClaim,
  volumes: readonly Volume[],
  measured: readonly Reading<NodeVolumes>[],
  now: Date,
): Filled<Fill> {
  const volume = volumes.find(({ name }) => name === claim.volume);
  if (claim.phase !== "Bound" || volume === undefined) return unknown("has lost its volume");
  const seen = measured.flatMap((reading) => {
    if (!reading.ok) return [];
    const { source, at } = reading;
    return reading.value.volumes
      .filter((each) => isOf(each, claim))
      .map((each) => {
        const doubt = doubtOfTime(each, reading.value.at, now);
        const { fills, gaps } = doubt === undefined ? percentsOf(each, volume) : unknown(doubt);
        return { gaps, fills: fills.map((fill) => ({ ...fill, name: nameOf(claim), source, at })) };
      });
  });
  if (seen.length > 0) return { fills: seen.flatMap(({ fills }) => fills), gaps: seen.flatMap(({ gaps }) => gaps) };
  const why = measured.flatMap((reading) => (reading.ok ? [] : [reading.why]));
  return unknown(`was measured by no kubelet${why.length === 0 ? "" : `: ${why.slice(0, 3).join("; ")}`}`);
}

/** A kubelet that hangs on a file system goes on giving its last numbers: they have a time of their own, by the node's clock as `askedAt` has. */
function doubtOfTime({ measuredAt }: Measured, askedAt: string, now: Date): string | undefined {
  const secondsBetween = (one: number, other: number): number => Math.abs(one - other) / 1000;
  // Both comparisons are written so that a time that is none counts as doubt.
  if (!(secondsBetween(now.getTime(), Date.parse(askedAt)) <= measuredSecondsMax)) {
    return "was measured at another time than now: set the clocks";
  }
  if (measuredAt === undefined) return "was measured at a time that its kubelet does not tell";
  return secondsBetween(Date.parse(askedAt), Date.parse(measuredAt)) <= measuredSecondsMax
    ? undefined
    : `was last measured at ${measuredAt}: its kubelet has stopped looking`;
}

function isOf(measured: Measured, claim: VolumeClaim): boolean {
  return measured.namespace === claim.namespace && measured.claim === claim.name;
}

/** Used of usable, as `df` has it: what a file system keeps for itself counts neither as used nor as free. */
function percentsOf(measured: Measured, volume: Volume): Filled<Pick<Fill, "what" | "percent">> {
  const { capacityBytes, usedBytes, availableBytes, inodes, inodesUsed } = measured;
  if (capacityBytes === undefined || usedBytes === undefined || availableBytes === undefined) {
    return unknown("was measured without its bytes");
  }
  const factor = capacityBytes / volume.capacityBytes;
  if (!(factor <= capacityFactorMax && factor >= 1 / capacityFactorMax)) {
    return unknown(
      `has ${volume.capacityBytes} bytes, but the kubelet measured a file system of ${capacityBytes}: the node's disk, not the volume`,
    );
  }
  // File systems that make inodes as they go (btrfs) say that they have none.
  const ofInodes = inodes === 0 ? [] : [(100 * (inodesUsed ?? Number.NaN)) / (inodes ?? Number.NaN)];
  const all: readonly Pick<Fill, "what" | "percent">[] = [
    { what: "bytes", percent: (100 * usedBytes) / (usedBytes + availableBytes) },
    ...ofInodes.map((percent) => ({ what: "inodes" as const, percent })),
  ];
  const fills = all.filter(({ percent }) => Number.isFinite(percent));
  const gaps = all.filter((fill) => !fills.includes(fill)).map(({ what }) => `was measured without its ${what}`);
  return { fills, gaps };
}

/** One decimal, towards the limit never rounded up to it: 79.96 % is shown as 79.9 %. */
function shown(percent: number): number {
  return Math.floor(percent * 10) / 10;
}
