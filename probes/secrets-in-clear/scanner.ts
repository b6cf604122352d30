/** Looks for secrets in texts: known formats by secretlint's rules, values under the name of a secret, and what this installation itself holds. */
import { randomBytes } from "node:crypto";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { fingerprintOf, knownIn, type Fingerprints } from "../service-prober/fingerprints.ts";
import { assignmentsIn, isSecret, type Sensitivity } from "./assignments.ts";

/** A text and where it stands. `name` is what the whole text stands under: a variable, a key. */
export type Place = {
  readonly where: string;
  readonly name?: string;
  readonly text: string;
  readonly how: Sensitivity;
};

/** A secret in clear, without its value. `what` is the end of "… holds …". */
export type Finding = { readonly where: string; readonly what: string };

/** `controlled` is whether secrets of every sort, made for this and laid among the places, were found. */
export type Scan = { readonly places: number; readonly findings: readonly Finding[]; readonly controlled: boolean };

/** A secret that the harness was given: found wherever it stands, whatever its name. */
export type KnownSecret = { readonly what: string; readonly value: string };

const rules = [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator, options: {} }];
/** Texts are joined for the rules of formats: a call for each variable would take minutes. */
const joinedLengthMax = 200_000;
const canaryPattern = /oke-proof-canary-[0-9a-f]{24}/;

/** A value that is a secret by its looks and opens nothing. Findings of it, of any run, are not told. */
export function canary(): string {
  return `oke-proof-canary-${randomBytes(12).toString("hex")}`;
}

/** What is known of an installation's secrets: values, and fingerprints of those that the harness never sees. */
export type Known = { readonly values: readonly KnownSecret[]; readonly fingerprints: Fingerprints };

/** Scans all places, and canaries beside them. @throws Error where a rule fails: then nothing is known */
export async function scan(places: readonly Place[], { values, fingerprints: { word, of } }: Known): Promise<Scan> {
  const where = "canary";
  const token = `ghp_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "a").slice(0, 36)}`;
  const mark = canary();
  const unseen = `a1${randomBytes(12).toString("hex")}`;
  const canaries: readonly Place[] = [
    { where: `${where} 1`, name: "OKE_PROOF_PASSWORD", text: mark.slice(10), how: "configuration" },
    { where: `${where} 2`, text: `run with password=${mark.slice(10)} now`, how: "prose" },
    { where: `${where} 3`, text: `the token ${token} of nobody`, how: "prose" },
    { where: `${where} 4`, text: `it is ${mark} alone`, how: "prose" },
    { where: `${where} 5`, text: `and ${unseen}, that is all`, how: "prose" },
  ];
  const fingerprints = { word, of: new Map([...of, [fingerprintOf(word, unseen), "canary"]]) };
  const seen = new Map<string, string | undefined>();
  const all = [...places, ...canaries];
  const found = [
    ...all.flatMap((place) => named(place)),
    ...all.flatMap((place) => holding(place, [...values, { what: "the canary", value: mark }])),
    ...all.flatMap((place) => shaped(place)),
    ...all.flatMap((place) =>
      knownIn(place.text, fingerprints, seen).map((what) => ({ where: place.where, what: `the ${what}` })),
    ),
    ...(await formatted(all)),
  ];
  const missed = canaries.filter((one) => !found.some((finding) => finding.where === one.where));
  return {
    places: places.length,
    findings: found.filter((finding) => !finding.where.startsWith(where)),
    controlled: missed.length === 0,
  };
}

function named({ where, name, text, how }: Place): Finding[] {
  if (name !== undefined && isSecret(name, text, "configuration") && !canaryPattern.test(text))
    return [{ where, what: `a value under the name ${name}` }];
  return assignmentsIn(text, how)
    .filter(({ value }) => !canaryPattern.test(value))
    .map((one) => ({ where, what: `a value under the name ${one.name}` }));
}

/** What secretlint leaves to others: private keys of any kind in PEM, and signed tokens (JWT). */
const ownFormats = [
  { what: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/=]{40}/ },
  { what: "a signed token", pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}/ },
] as const;

function shaped({ where, text }: Place): Finding[] {
  return ownFormats.filter(({ pattern }) => pattern.test(text)).map(({ what }) => ({ where, what }));
}

function holding({ where, text }: Place, known: readonly KnownSecret[]): Finding[] {
  return known.filter(({ value }) => text.includes(value)).map(({ what }) => ({ where, what }));
}

/** Findings of secretlint's rules, traced back to the place of the joined text that they stand in. */
async function formatted(places: readonly Place[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const batch of batchesOf(places)) {
    const starts: number[] = [];
    let content = "";
    for (const { text } of batch) {
      starts.push(content.length);
      content += `${text}\n\n`;
    }
    const result = await lintSource({
      source: { filePath: "places.txt", content, ext: ".txt", contentType: "text" },
      options: { config: { rules }, maskSecrets: true },
    });
    for (const { range, ruleId } of result.messages) {
      const at = starts.findLastIndex((start) => start <= range[0]);
      const place = batch[at];
      if (place !== undefined)
        found.push({ where: place.where, what: `what ${ruleId.replace(/^.*\//, "")} knows as a secret` });
    }
  }
  return found;
}

function batchesOf(places: readonly Place[]): Place[][] {
  const batches: Place[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const place of places) {
    if (length + place.text.length > joinedLengthMax) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)?.push(place);
    length += place.text.length;
  }
  return batches;
}
