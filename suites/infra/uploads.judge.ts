/** Uploads through the Health API: taken, returned unaltered, told by a narrative in time. */
import { conclude, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { Narrative, StoredRecord, Upload } from "../../probes/health-api/client.ts";
import type { Asked, Outcome } from "../../probes/http/outcome.ts";

/** What one user did; without a session nothing. */
export type UploadTry<T> = { readonly user: string; readonly signedIn: Reading<unknown>; readonly did?: T };

/** An upload, what came back at each reading, and its removal; what follows a failed upload is absent. */
export type ReadBack = {
  readonly user: string;
  readonly sent: Upload;
  readonly uploaded: Asked<StoredRecord>;
  readonly found?: readonly Asked<StoredRecord>[];
  readonly removed?: Asked<unknown>;
};

/** An upload and the last that was seen of its narrative, after so many seconds. */
export type NarratedUpload = Omit<ReadBack, "found"> & {
  readonly narrative?: Asked<Narrative>;
  readonly seconds?: number;
};

type Found = { readonly faults: string[]; readonly gaps: string[] };

/**
 * Fails for each upload of a signed-in user that is refused, lost or altered, and for a record that its owner cannot delete. A user who cannot
 * sign in could not be served: unproven.
 */
export function judgeUploads(tries: readonly UploadTry<ReadBack>[], samplesMin: number): Verdict {
  const { faults, gaps } = sortOut(tries, (did) => [
    ...(did.found ?? []).map((asked) => weigh(`${did.user}'s record was`, asked, (stored) => alteration(did, stored))),
    ...removal(did),
  ]);
  const done = tries.flatMap(({ did }) => (did?.uploaded.ok === true ? [did] : []));
  const facts = done.map(({ user, uploaded }) => ({
    what: `upload of ${user} read back`,
    value: faults.some((fault) => fault.startsWith(`${user}'s`)) ? "no" : "unaltered",
    limit: "unaltered",
    source: uploaded.source,
    at: uploaded.at,
    samples: done.length,
  }));
  return conclude({
    faults,
    gaps: [...gaps, ...tooFew(tries, samplesMin)],
    facts,
    held: `${done.length} uploads of signed-in users came back unaltered, from the database and from the cache`,
  });
}

/**
 * Fails for each upload without a narrative within the time, and for a narrative that does not tell what was uploaded.
 * @param limits.secondsMax from the end of the upload to the narrative
 */
export function judgeNarratives(
  tries: readonly UploadTry<NarratedUpload>[],
  limits: { readonly samplesMin: number; readonly secondsMax: number },
): Verdict {
  const { samplesMin, secondsMax } = limits;
  const { faults, gaps } = sortOut(tries, (did) => {
    const { user, narrative, seconds = Number.NaN } = did;
    if (narrative === undefined) return [];
    const what = `${user}'s narrative after ${seconds.toFixed(1)} s was`;
    const late = Number.isFinite(seconds) && seconds > secondsMax ? [{ fault: `${what} late` }] : [];
    return [weigh(what, narrative, (told) => distortion(did, told)), ...late, ...removal(did)];
  });
  const done = tries.flatMap(({ did }) => (did?.narrative?.ok === true ? [did] : []));
  const facts = done.flatMap(({ user, seconds, uploaded }): Fact[] =>
    seconds === undefined
      ? []
      : [
          {
            what: `time from upload to narrative of ${user}'s record`,
            value: Math.round(seconds * 1000) / 1000,
            unit: "s",
            limit: `at most ${secondsMax}`,
            source: uploaded.source,
            at: uploaded.at,
            samples: done.length,
          },
        ],
  );
  const refused = tries.flatMap(({ did }) => (did?.uploaded.ok === true && did.narrative === undefined ? [did] : []));
  return conclude({
    faults,
    gaps: [...gaps, ...tooFew(tries, samplesMin)],
    facts: [...facts, ...refused.map(refusedFact)],
    held: `${done.length} uploads were told by a narrative within ${secondsMax} s`,
  });
}

type Weighed = { readonly fault?: string; readonly gap?: string };

function sortOut<T extends Omit<ReadBack, "found">>(
  tries: readonly UploadTry<T>[],
  follow: (did: T) => readonly Weighed[],
): Found {
  const weighed = tries.flatMap(({ user, signedIn, did }): readonly Weighed[] => {
    if (!signedIn.ok) return [{ gap: signedIn.why }];
    if (did === undefined) return [{ gap: `${user} did nothing` }];
    return [weigh(`${user}'s upload was`, did.uploaded, (stored) => alteration(did, stored)), ...follow(did)];
  });
  return {
    faults: [...new Set(weighed.flatMap(({ fault }) => fault ?? []))],
    gaps: [...new Set(weighed.flatMap(({ gap }) => gap ?? []))],
  };
}

/** @param wrong the end of the sentence where what was answered is not what it must be */
function weigh<T>(what: string, asked: Asked<T>, wrong: (value: T) => string | undefined): Weighed {
  if (!asked.ok) return { gap: asked.why };
  if (asked.value.kind !== "done") return { fault: `${what} ${ending(asked.value)}` };
  const said = wrong(asked.value.value);
  return said === undefined ? {} : { fault: `${what} ${said}` };
}

function ending(outcome: Exclude<Outcome<unknown>, { kind: "done" }>): string {
  if (outcome.kind === "refused") return `refused with ${outcome.status} (${outcome.said})`;
  return outcome.kind === "malformed"
    ? `answered with something else: ${outcome.why}`
    : `not answered (${outcome.why})`;
}

function removal(did: Pick<ReadBack, "user" | "removed">): readonly Weighed[] {
  return did.removed === undefined ? [] : [weigh(`${did.user}'s deletion was`, did.removed, () => undefined)];
}

function alteration({ sent, user }: Pick<ReadBack, "sent" | "user">, stored: StoredRecord): string | undefined {
  const fields = ["kind", "value", "unit", "measuredAt"] as const;
  const altered = fields.filter((field) => stored[field] !== sent[field]);
  if (altered.length > 0) {
    return `altered: ${altered.map((field) => `${field} is ${stored[field]}, not ${sent[field]}`).join(", ")}`;
  }
  return stored.owner === user ? undefined : `stored as ${stored.owner}'s`;
}

function distortion({ sent, uploaded }: NarratedUpload, told: Narrative): string | undefined {
  const untold = [sent.kind, String(sent.value), sent.unit, sent.measuredAt].filter(
    (part) => !told.text.includes(part),
  );
  if (untold.length > 0) return `distorted: it does not tell ${untold.join(", ")}`;
  const stored = uploaded.ok && uploaded.value.kind === "done" ? uploaded.value.value : undefined;
  if (told.record !== stored?.id) return "of another record";
  return told.sha256 === stored.sha256 ? undefined : "made from another object than was uploaded";
}

function tooFew(tries: readonly unknown[], samplesMin: number): string[] {
  return tries.length < samplesMin ? [`${tries.length} uploads, where ${samplesMin} are asked for`] : [];
}

function refusedFact({ user, uploaded }: NarratedUpload): Fact {
  const { source, at } = uploaded;
  return { what: `upload of ${user}`, value: "refused", limit: "taken", source, at };
}
