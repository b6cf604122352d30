/** The project's own rules as a test: who may import whom, how large a file may be, and that no check was left half-made. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { catalogue } from "../criteria/catalogue.ts";

const root = resolve(import.meta.dirname, "..");
const listing = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
});
const files = listing.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
const sources = files.filter((file) => file.endsWith(".ts"));
const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** What each folder may import of ours, besides itself. Tests may import anything: they stand outside the product. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  harness: [],
  criteria: ["harness"],
  environments: ["harness"],
  probes: ["harness", "environments"],
  fixtures: ["harness", "environments", "probes"],
  suites: ["harness", "environments", "probes", "criteria", "fixtures"],
  reporters: ["harness", "environments", "criteria"],
  cli: ["harness", "environments", "probes", "criteria", "fixtures", "reporters", "suites"],
};

function importsOf(file: string): { target: string; typeOnly: boolean }[] {
  const found = textOf(file).matchAll(/^(?:import|export)\s+(type\s+)?[^;'"]*?from\s+["'](\.[^"']+)["']/gm);
  return [...found].map(([, type, path]) => ({
    target: relative(root, resolve(root, dirname(file), path ?? "")),
    typeOnly: type !== undefined,
  }));
}

test("imports go one way", () => {
  const wrong = sources
    .filter((file) => !file.endsWith(".test.ts") && mayImport[folderOf(file)] !== undefined)
    .flatMap((file) =>
      importsOf(file)
        .map(({ target }) => folderOf(target))
        .filter((folder) => folder !== folderOf(file) && !(mayImport[folderOf(file)] ?? []).includes(folder))
        .map((folder) => `${file} imports from ${folder}/`),
    );
  expect(wrong).toEqual([]);
});

test("probes know the profile as a type only", () => {
  const wrong = sources
    .filter((file) => file.startsWith("probes/") && !file.endsWith(".test.ts"))
    .filter((file) => importsOf(file).some(({ target, typeOnly }) => target.startsWith("environments/") && !typeOnly));
  expect(wrong).toEqual([]);
});

test("judges are pure: they import types, harness/verdict.ts and other judges, read no clock and wait for nothing", () => {
  const wrong = sources
    .filter((file) => file.endsWith(".judge.ts"))
    .flatMap((file) => [
      ...importsOf(file)
        .filter(({ target, typeOnly }) => !typeOnly && target !== "harness/verdict.ts" && !target.endsWith(".judge.ts"))
        .map(({ target }) => `${file} imports ${target}`),
      ...(/from "node:/.test(textOf(file)) ? [`${file} imports of Node`] : []),
      ...(/Date\.now\(|new Date\(\)|performance\.now|\bawait\b|Math\.random/.test(textOf(file))
        ? [`${file} is not pure`]
        : []),
    ]);
  expect(wrong).toEqual([]);
});

test("files stay small", () => {
  const long = sources
    .map((file) => [file, textOf(file).split("\n").length - 1] as const)
    .filter(([, lines]) => lines > 300);
  expect(long).toEqual([]);
});

test("no barrels, no folders for everything, no src", () => {
  const wrong = files.filter(
    (file) => /(^|\/)(utils?|helpers?|managers?|common|misc|src)\//.test(file) || /(^|\/)index\.ts$/.test(file),
  );
  expect(wrong).toEqual([]);
});

test("waiting happens in harness/poll.ts only", () => {
  const outside = new Set(["harness/poll.ts"]);
  const wrong = sources
    .filter((file) => !outside.has(file) && !file.endsWith(".test.ts") && !file.startsWith("fixtures/apps/"))
    .filter((file) => /timers\/promises|\bawait new Promise\([^)]*setTimeout|\bsleep\s+\d/.test(textOf(file)));
  expect(wrong).toEqual([]);
});

test("the environment is read in one place", () => {
  const wrong = sources
    .filter(
      (file) => file !== "environments/settings.ts" && !file.startsWith("fixtures/apps/") && !file.startsWith("test/"),
    )
    .filter((file) => /process\.env\b/.test(textOf(file)));
  expect(wrong).toEqual([]);
});

test("no test is skipped or focused, no error is silenced for the type checker", () => {
  const skipped = new RegExp(String.raw`\b(it|test|describe)\.(skip|todo|only)\b`);
  const silenced = /: any\b|\bas any\b/;
  const wrong = sources.filter(
    (file) =>
      file !== "test/tidy.test.ts" &&
      (skipped.test(codeOf(file)) ||
        silenced.test(codeOf(file)) ||
        /@ts-(ignore|nocheck|expect-error)/.test(textOf(file))),
  );
  expect(wrong).toEqual([]);
});

test("every check is a trio with a planted defect, and the catalogue names it", () => {
  const missing = catalogue.flatMap((criterion) => {
    if (criterion.check === undefined) return [];
    const trio = ["check.ts", "judge.ts", "judge.test.ts"].map((end) => `suites/${criterion.check}.${end}`);
    const needed = [...trio, `fixtures/planted/${criterion.id}.ts`].filter((file) => !files.includes(file));
    const declared = !needed.includes(trio[0] ?? "") && textOf(trio[0] ?? "").includes(`check("${criterion.id}"`);
    return [
      ...needed.map((file) => `${criterion.id}: ${file} is missing`),
      ...(declared ? [] : [`${criterion.id}: ${trio[0]} does not declare it`]),
    ];
  });
  expect(missing).toEqual([]);
});

test("every declared check and every planted defect belongs to a criterion", () => {
  const declared = sources
    .filter((file) => file.endsWith(".check.ts"))
    .flatMap((file) =>
      [...textOf(file).matchAll(/^check\("([^"]+)"/gm)].map(
        ([, id]) => `${file.slice("suites/".length, -".check.ts".length)}: ${id}`,
      ),
    );
  const known = catalogue.flatMap((criterion) =>
    criterion.check === undefined ? [] : [`${criterion.check}: ${criterion.id}`],
  );
  expect(declared.toSorted()).toEqual(known.toSorted());
  const planted = files
    .filter((file) => /^fixtures\/planted\/[^/]+\.ts$/.test(file) && !file.endsWith(".test.ts"))
    .map((file) => file.slice("fixtures/planted/".length, -3));
  const checked = catalogue.filter((criterion) => criterion.check !== undefined).map((criterion) => criterion.id);
  expect(planted.filter((id) => !checked.includes(id))).toEqual([]);
});

test("the lock file pins versions without addresses, and every dependency has its reason", () => {
  expect(textOf("package-lock.json")).not.toContain('"resolved"');
  const manifest: unknown = JSON.parse(textOf("package.json"));
  const names = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((field) =>
    Object.entries(fieldOf(manifest, field)),
  );
  expect(names.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  const reasons = textOf("docs/decisions/dependencies.md");
  expect(names.map(([name]) => name).filter((name) => !reasons.includes(`\`${name}\``))).toEqual([]);
});

function fieldOf(value: unknown, field: string): object {
  if (typeof value !== "object" || value === null) return {};
  const found: unknown = Object.entries(value).find(([name]) => name === field)?.[1];
  return typeof found === "object" && found !== null ? found : {};
}

/** A source without its comments. */
function codeOf(file: string): string {
  return textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
}

function folderOf(file: string): string {
  return file.split("/")[0] ?? "";
}
