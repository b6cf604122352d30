/** What makes a backup honest: Velero says Completed of one that skipped a volume, of one that holds nothing, and of one that is gone from its bucket. */
import type { Reading } from "../../harness/verdict.ts";
import type { VolumeClaim } from "../../probes/kubernetes/volumes.ts";
import type { BackedUpVolume, BackupFile, BackupFiles, Message } from "../../probes/velero/backup-files.ts";
import type { Backup } from "../../probes/velero/backups.ts";
import type { PodVolumeBackup } from "../../probes/velero/pod-volumes.ts";

/** Sentences without the backup's name in front. */
export type Findings = { readonly faults: readonly string[]; readonly gaps: readonly string[] };

/** A backup that has ended, and all that is known of it. */
export type BackupEvidence = {
  readonly backup: Backup;
  /** Those of the namespaces that the backup must hold, whatever backup they are held by. */
  readonly claims: readonly VolumeClaim[];
  readonly copies: readonly PodVolumeBackup[];
  readonly files: BackupFiles;
};

/** Phases in which a backup is done with. */
export const endedPhases: readonly string[] = ["Completed", "PartiallyFailed", "Failed", "FailedValidation"];

/**
 * All that must hold: the phase is Completed and nothing else, no error, all items of more than none, all operations, no failed hook; for every claim
 * that was bound before the backup began a Completed copy of all its bytes, more than none, with a snapshot, which the list of volumes in the bucket
 * confirms; the archive in the bucket holds the claims and namespaces; and every warning is one that somebody has looked into.
 * @param rules.namespaces which the backup must hold
 */
export function findingsOf(
  evidence: BackupEvidence,
  rules: {
    readonly namespaces: readonly string[];
    readonly reviewedWarnings: readonly { readonly matches: string; readonly why: string }[];
  },
): Findings {
  const { backup, files } = evidence;
  if (backup.phase !== "Completed") return { faults: [endOf(backup, files)], gaps: [] };
  const expected = expectedClaims(evidence, rules.namespaces);
  return merged([
    ofStatus(backup),
    ofClaims(evidence, expected, rules.namespaces),
    ...expected.map((claim) => ofClaim(claim, evidence)),
    { faults: otherCopies(evidence, expected), gaps: [] },
    ofVolumes(evidence, expected),
    ofArchive(files, expected, rules.namespaces),
    ofResults(evidence, rules.reviewedWarnings),
    ofDescription(evidence),
  ]);
}

export function merged(all: readonly Findings[]): Findings {
  return { faults: all.flatMap(({ faults }) => faults), gaps: all.flatMap(({ gaps }) => gaps) };
}

const fault = (sentence: string): Findings => ({ faults: [sentence], gaps: [] });
const gap = (sentence: string): Findings => ({ faults: [], gaps: [sentence] });
const well: Findings = { faults: [], gaps: [] };
const nameOf = ({ namespace, name }: VolumeClaim): string => `${namespace}/${name}`;

/** A claim that was made after the backup began, or has no volume, has nothing that could be in it. */
export function expectedClaims(
  { backup, claims }: Pick<BackupEvidence, "backup" | "claims">,
  namespaces: readonly string[],
): readonly VolumeClaim[] {
  const began = Date.parse(backup.startedAt ?? backup.submittedAt);
  return claims.filter(
    ({ namespace, phase, createdAt }) =>
      namespaces.includes(namespace) && phase === "Bound" && Date.parse(createdAt) < began,
  );
}

/** One that is older than every volume, such as that of a cluster which was there before, has nothing to be compared with. */
function ofClaims(
  { claims }: BackupEvidence,
  expected: readonly VolumeClaim[],
  namespaces: readonly string[],
): Findings {
  const bound = claims.filter(({ namespace, phase }) => namespaces.includes(namespace) && phase === "Bound");
  return bound.length > 0 && expected.length === 0
    ? gap(`is older than all ${bound.length} volumes that are there now: nothing shows whose it holds`)
    : well;
}

function endOf({ phase, errors, failure }: Backup, { results }: BackupFiles): string {
  const told = results.ok && results.value.state === "held" ? results.value.value.errors : [];
  const why = [failure, ...told.slice(0, 2).map(({ text }) => text)].filter((text) => text !== "").join("; ");
  return `is ${phase}${errors === undefined ? "" : `, with ${errors} errors`}${why === "" ? "" : `: ${why}`}`;
}

function ofStatus({ errors, items, operations, hooksFailed, startedAt }: Backup): Findings {
  return merged([
    startedAt === undefined ? gap("does not say when it started") : well,
    errors === undefined ? gap("does not say how many errors it had") : well,
    errors !== undefined && errors > 0 ? fault(`is Completed with ${errors} errors`) : well,
    items === undefined ? gap("does not say how many items it holds") : well,
    items?.total === 0 ? fault("holds no item at all") : well,
    items !== undefined && items.done !== items.total ? fault(`holds ${items.done} of ${items.total} items`) : well,
    operations.completed !== operations.attempted || operations.failed > 0
      ? fault(
          `has ${operations.completed} of ${operations.attempted} operations completed and ${operations.failed} failed`,
        )
      : well,
    hooksFailed > 0 ? fault(`has ${hooksFailed} failed hooks`) : well,
  ]);
}

function ofClaim(claim: VolumeClaim, { backup, copies, files }: BackupEvidence): Findings {
  const name = nameOf(claim);
  const ours = copies.filter((copy) => copy.backup === backup.name && copy.claimUid === claim.uid);
  if (ours.length === 0) return fault(`has no copy of the volume of ${name}${skippedBecause(claim, files)}`);
  return merged(
    ours.map(({ phase, message, snapshotId, bytesDone, bytesTotal }) => {
      if (phase !== "Completed")
        return fault(
          `has a copy of ${name} that is ${phase === "" ? "not begun" : phase}${message === "" ? "" : `: ${message}`}`,
        );
      if (snapshotId === "") return fault(`has a copy of ${name} that names no snapshot`);
      if (bytesDone === undefined || bytesTotal === undefined) return gap(`does not say how large ${name} is`);
      if (bytesTotal === 0) return fault(`has an empty copy of ${name}`);
      return bytesDone === bytesTotal ? well : fault(`has ${bytesDone} of ${bytesTotal} bytes of ${name}`);
    }),
  );
}

/** Copies of volumes that are no claim's, or of claims that are gone since: they must have ended well too. */
function otherCopies({ backup, copies }: BackupEvidence, expected: readonly VolumeClaim[]): readonly string[] {
  return copies
    .filter(({ backup: of, phase }) => of === backup.name && phase !== "Completed")
    .filter(({ claimUid }) => !expected.some(({ uid }) => uid === claimUid))
    .map(
      ({ namespace, pod, volume, phase, message }) =>
        `has a copy of volume ${volume} of ${namespace}/${pod} that is ${phase === "" ? "not begun" : phase}${message === "" ? "" : `: ${message}`}`,
    );
}

function isOf(volume: BackedUpVolume, claim: VolumeClaim): boolean {
  return volume.namespace === claim.namespace && volume.claim === claim.name;
}

/** Why Velero left a volume out: the object of the backup never says it. */
function skippedBecause(claim: VolumeClaim, { volumes, results }: BackupFiles): string {
  const listed = volumes.ok && volumes.value.state === "held" ? volumes.value.value : [];
  const reason = listed.find((volume) => isOf(volume, claim) && volume.skipped)?.skippedReason ?? "";
  const warned =
    results.ok && results.value.state === "held"
      ? results.value.value.warnings.find(({ about, text }) => about === claim.namespace && /volume/i.test(text))?.text
      : undefined;
  const why = [reason, warned ?? ""].filter((text) => text !== "").join("; ");
  return why === "" ? "" : `: ${why}`;
}

function ofVolumes({ backup, copies, files }: BackupEvidence, expected: readonly VolumeClaim[]): Findings {
  return ofFile("list of volumes", files.volumes, (volumes) => {
    const left = volumes
      .filter(({ skipped, claim }) => skipped && claim !== "")
      .filter((volume) => !expected.some((claim) => isOf(volume, claim) && !hasCopy(copies, backup, claim)))
      .map(({ namespace, claim, skippedReason }) =>
        fault(`left out the volume of ${namespace}/${claim}: ${skippedReason}`),
      );
    const ours = expected
      .filter((claim) => hasCopy(copies, backup, claim))
      .map((claim): Findings => {
        const listed = volumes.find((volume) => isOf(volume, claim));
        const name = nameOf(claim);
        if (listed === undefined) return fault(`says nothing of ${name} in its list of volumes`);
        if (listed.skipped) return well;
        if (listed.result !== "succeeded") return fault(`calls ${name} '${listed.result}' in its list of volumes`);
        if (listed.method !== "PodVolumeBackup") return fault(`lists ${name} as ${listed.method}, not as copied files`);
        const same = copies.some(
          ({ backup: of, snapshotId }) => of === backup.name && snapshotId === listed.snapshotId,
        );
        return same && listed.bytes > 0 ? well : fault(`lists another copy of ${name} than the cluster knows`);
      });
    return merged([...left, ...ours]);
  });
}

function hasCopy(copies: readonly PodVolumeBackup[], backup: Backup, claim: VolumeClaim): boolean {
  return copies.some((copy) => copy.backup === backup.name && copy.claimUid === claim.uid);
}

function ofArchive(
  { archive }: BackupFiles,
  expected: readonly VolumeClaim[],
  namespaces: readonly string[],
): Findings {
  return ofFile("archive", archive, (names) => {
    const held = new Set(names);
    const lacking = [
      ...namespaces
        .filter((namespace) => !held.has(`resources/namespaces/cluster/${namespace}.json`))
        .map((namespace) => `namespace ${namespace}`),
      ...expected
        .filter(
          ({ namespace, name }) => !held.has(`resources/persistentvolumeclaims/namespaces/${namespace}/${name}.json`),
        )
        .map((claim) => `claim ${nameOf(claim)}`),
    ];
    return merged(lacking.map((what) => fault(`has an archive without ${what}`)));
  });
}

function ofResults({ backup, files }: BackupEvidence, reviewed: readonly { readonly matches: string }[]): Findings {
  const isReviewed = ({ text }: Message): boolean => reviewed.some(({ matches }) => new RegExp(matches).test(text));
  return ofFile("list of warnings", files.results, ({ errors, warnings }) =>
    merged([
      ...errors.map(({ about, text }) => fault(`is Completed and lists an error of ${about}: ${text}`)),
      ...warnings
        .filter((warning) => !isReviewed(warning))
        .map(({ about, text }) => gap(`has a warning of ${about} that nobody has looked into: ${text}`)),
      backup.warnings !== undefined && backup.warnings > warnings.length
        ? gap(`counts ${backup.warnings} warnings and lists ${warnings.length}`)
        : well,
    ]),
  );
}

function ofDescription({ backup, files }: BackupEvidence): Findings {
  return ofFile("description", files.description, ({ name, startedAt }) =>
    name === backup.name && startedAt === backup.startedAt
      ? well
      : fault(`is another one in the bucket: ${name}, started at ${startedAt ?? "no time"}`),
  );
}

function ofFile<T>(what: string, file: Reading<BackupFile<T>>, judge: (value: T) => Findings): Findings {
  const one = what === "archive" ? `an ${what}` : `a ${what}`;
  if (!file.ok) return gap(`has ${one} that could not be got: ${file.why}`);
  if (file.value.state === "missing") return fault(`has no ${what} in the bucket: ${file.value.key} is not there`);
  if (file.value.state === "damaged")
    return fault(`has ${one} in the bucket that cannot be read: ${file.value.key}: ${file.value.why}`);
  return judge(file.value.value);
}
