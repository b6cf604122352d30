/** One scan: objects and controls to the scanner, its reply held against what it was given. */
import { randomBytes } from "node:crypto";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { controlOf, wrongWithControl } from "./control.ts";
import { holdsPods, streamOf, type Identity, type PostureObject } from "./objects.ts";
import { keyOf, parseReply, type GradedObject } from "./reply.ts";
import { runScanner, type ScannerProgram } from "./scanner.ts";
import { heldTests, testsOfEverything } from "./tests.ts";

/** An object that was graded. `pods` is whether it is one or makes some. */
export type ScannedObject = Identity & { readonly pods: boolean };

/** A critical grade: `where` is the container or label that is meant, empty for the whole object; `what` is the scanner's own words. */
export type Finding = ScannedObject & { readonly test: string; readonly where: string; readonly what: string };

/** What a test did to the objects that it was given. */
export type TestCount = {
  readonly id: string;
  readonly optional: boolean;
  readonly graded: number;
  readonly skipped: number;
  readonly warnings: number;
};

export type PostureScan = {
  readonly objects: readonly ScannedObject[];
  /** Of every test, held or not. */
  readonly findings: readonly Finding[];
  readonly tests: readonly TestCount[];
  /** Why the scan proves nothing: controls that were graded wrongly, held tests that were not made. */
  readonly wrong: readonly string[];
};

/**
 * Scans objects, and the controls among them. Every object must come back graded, and nothing else may: otherwise nothing was read.
 * @param what names the objects in the reading's source
 */
export async function scanPosture(
  scanner: ScannerProgram,
  { what, objects }: { readonly what: string; readonly objects: readonly PostureObject[] },
  { signal, now }: { readonly signal: AbortSignal; readonly now: Date },
): Promise<Reading<PostureScan>> {
  const source = `kube-score over ${what}`;
  const control = controlOf(randomBytes(6).toString("hex"));
  const [half, rest] = [objects.slice(0, objects.length / 2), objects.slice(objects.length / 2)];
  const sent = [...half, ...control.objects, ...rest];
  const given = new Map(sent.map((one) => [keyOf(one), one]));
  if (given.size !== sent.length)
    return unread(`${what}: ${sent.length - given.size} objects have the name of another`, source, now);
  const scanned = await runScanner(scanner, streamOf(sent), { signal });
  if (!scanned.ok) return unread(scanned.why, source, now);
  const reply = parseReply(scanned.text);
  if (!reply.ok) return unread(`kube-score: ${reply.why}`, source, now);
  const graded = new Map(reply.value.map((one) => [keyOf(one), one]));
  const missing = [...given.keys()].filter((key) => !graded.has(key));
  if (missing.length > 0)
    return unread(
      `kube-score did not grade ${missing.length} of ${sent.length} objects: ${some(missing)}`,
      source,
      now,
    );
  const strange = [...graded.keys()].filter((key) => !given.has(key));
  if (strange.length > 0) return unread(`kube-score graded what it was not given: ${some(strange)}`, source, now);
  const judged = objects.map((one) => ({ given: one, graded: graded.get(keyOf(one)) }));
  const exit = scanned.foundCritical ? [] : ["kube-score ended as if nothing were critical, though the bad control is"];
  return read(
    {
      objects: objects.map(scannedOf),
      findings: judged.flatMap(findingsOf),
      tests: countsOf(judged.flatMap(({ graded: one }) => one?.tests ?? [])),
      wrong: [
        ...exit,
        ...wrongWithControl(graded.get(keyOf(control.bad)), graded.get(keyOf(control.sound))),
        ...notMade(judged),
      ],
    },
    source,
    now,
  );
}

function scannedOf(object: PostureObject): ScannedObject {
  const { apiVersion, kind, namespace, name, workload } = object;
  return { apiVersion, kind, namespace, name, workload, pods: holdsPods(object) };
}

type Judged = { readonly given: PostureObject; readonly graded: GradedObject | undefined };

function findingsOf({ given, graded }: Judged): Finding[] {
  return (graded?.tests ?? [])
    .filter(({ grade, skipped }) => grade === "critical" && !skipped)
    .flatMap(({ id, comments }) =>
      // A grade without a word is one of the whole object.
      (comments.length === 0 ? [{ where: "", what: "critical" }] : comments).map((comment) => ({
        ...scannedOf(given),
        test: id,
        ...comment,
      })),
    );
}

function countsOf(tests: readonly GradedObject["tests"][number][]): TestCount[] {
  const ids = [...new Set(tests.map(({ id }) => id))].toSorted();
  return ids.map((id) => {
    const of = tests.filter((test) => test.id === id);
    return {
      id,
      optional: of.some(({ optional }) => optional),
      graded: of.filter(({ skipped }) => !skipped).length,
      skipped: of.filter(({ skipped }) => skipped).length,
      warnings: of.filter(({ grade, skipped }) => grade === "warning" && !skipped).length,
    };
  });
}

/** A held test that passed over an object which it is for. */
function notMade(judged: readonly Judged[]): string[] {
  return heldTests.flatMap((id) => {
    const passed = judged
      .filter(({ given }) => holdsPods(given) || testsOfEverything.includes(id))
      .filter(({ graded }) => graded?.tests.some((test) => test.id === id && !test.skipped) !== true)
      .map(({ given }) => keyOf(given));
    return passed.length === 0 ? [] : [`${id} was not made of ${some(passed)}`];
  });
}

const namedAtMost = 3;

function some(keys: readonly string[]): string {
  const rest = keys.length - namedAtMost;
  return `${keys.slice(0, namedAtMost).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
