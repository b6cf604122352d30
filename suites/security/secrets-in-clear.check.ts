/** secrets-not-in-clear: tracked files, rendered charts, images, specs, config maps and logs, each scanned with canaries among them. */
import { readFile } from "node:fs/promises";
import { helmProgram } from "../../environments/local/programs.ts";
import { projectRoot } from "../../environments/settings.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import { readRendered, secretsInFiles } from "../../probes/secrets-in-clear/charts.ts";
import { readImages } from "../../probes/secrets-in-clear/images.ts";
import { readConfigMaps, readSpecs } from "../../probes/secrets-in-clear/live-objects.ts";
import { readSuspectLines } from "../../probes/secrets-in-clear/logs.ts";
import {
  scan,
  type Finding,
  type Known,
  type KnownSecret,
  type Place,
  type Scan,
} from "../../probes/secrets-in-clear/scanner.ts";
import { readFingerprints } from "../../probes/service-prober/fingerprints.ts";
import { readTrackedFiles } from "../../probes/secrets-in-clear/tracked-files.ts";
import { check, type CheckContext } from "../check.ts";
import { judgeSecretsInClear, type SortScan } from "./secrets-in-clear.judge.ts";

check("secrets-not-in-clear", async (context) => {
  const { cluster, profile, signal } = context;
  const { namespaces: all, registries, logMinutes } = profile.posture;
  const namespaces = all.map(({ name }) => name);
  const since = new Date(Date.now() - logMinutes * 60_000);
  const [images, specs, maps, lines, fingerprints] = await Promise.all([
    readImages(cluster, { namespaces, registries, signal }),
    readSpecs(cluster, namespaces),
    readConfigMaps(cluster, namespaces),
    readSuspectLines(cluster, profile, { namespaces, since, signal }),
    readFingerprints(cluster, profile),
  ]);
  // Afterwards: what is rendered is parsed here, and answers of the cluster that come meanwhile would be seen too late.
  const [files, values] = await Promise.all([readTrackedFiles(projectRoot, signal), knownSecrets(context)]);
  const rendered = await readCharts(context);
  const known: Reading<Known> = fingerprints.ok
    ? { ...fingerprints, value: { values, fingerprints: fingerprints.value } }
    : fingerprints;
  const inFiles = rendered.ok && files.ok ? secretsInFiles(rendered.value.secrets, files.value) : [];
  const places: Reading<readonly Place[]> = rendered.ok ? { ...rendered, value: rendered.value.places } : rendered;
  const scans: SortScan[] = [
    { sort: "tracked files", scan: await scanned(files, known, inFiles) },
    { sort: "rendered charts", scan: await scanned(places, known) },
    { sort: "images", scan: await scanned(images, known) },
    { sort: "specs", scan: await scanned(specs, known) },
    { sort: "config maps", scan: await scanned(maps, known) },
    { sort: "logs", scan: await scanned(lines, known) },
  ];
  return judgeSecretsInClear(scans);
});

async function scanned(
  places: Reading<readonly Place[]>,
  known: Reading<Known>,
  besides: readonly Finding[] = [],
): Promise<Reading<Scan>> {
  if (!places.ok) return places;
  if (!known.ok) return known;
  const found = await scan(places.value, known.value);
  return { ...places, value: { ...found, findings: [...found.findings, ...besides] } };
}

async function readCharts({ profile }: CheckContext): ReturnType<typeof readRendered> {
  const helm = await helmProgram();
  const now = new Date();
  if (helm === undefined)
    return unread("no Helm: 'oke-proof up' builds it, or put it on the PATH", "helm template", now);
  return readRendered(helm, profile.plans, now);
}

/** What the harness itself was given to sign in with. A file that is not there holds nothing that could have leaked from it. */
async function knownSecrets({ profile }: CheckContext): Promise<readonly KnownSecret[]> {
  const { tokenFile } = profile.delivery;
  if (tokenFile === undefined) return [];
  const value = (await readFile(tokenFile, "utf8").catch(() => "")).trim();
  return value === "" ? [] : [{ what: "the token that pushes to the repository", value }];
}
