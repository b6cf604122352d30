/** The page of the todo platform: served, with all the files that it asks for, as it asks for them. */
import { conclude, unproven, type Fact, type Reading, type Verdict } from "../../harness/verdict.ts";
import type { FileKind, Page, Served, ServedFile } from "../../probes/todo/page.ts";

/** One address of the ingress: the page, its files, and a file that nobody made, which must not be there. */
export type PageAt = {
  readonly address: string;
  readonly page: Reading<Page>;
  readonly files: readonly ServedFile[];
  readonly madeUp: Reading<Page>;
};

const types: Readonly<Record<FileKind, RegExp>> = {
  script: /^(text|application)\/javascript$/,
  style: /^text\/css$/,
  icon: /^image\//,
};

/** @param pages one for each address that the ingress was found at */
export function judgeFrontendServed(pages: Reading<readonly PageAt[]>): Verdict {
  if (!pages.ok) return unproven(pages.why);
  const faults = pages.value.flatMap(faultsOf);
  const files = pages.value.flatMap(({ files: found }) => found);
  const count: Fact = {
    what: "pages and files of the UI not served",
    value: faults.length,
    unit: "files",
    limit: `0 of ${pages.value.length + files.length}`,
    source: pages.source,
    at: pages.at,
    samples: pages.value.length,
  };
  return conclude({
    faults,
    gaps: [
      ...(pages.value.length === 0 ? ["no address of the ingress was asked"] : []),
      ...pages.value.flatMap(({ page, madeUp }) => [page, madeUp].flatMap((one) => (one.ok ? [] : [one.why]))),
      ...files.flatMap(({ served }) => (served.ok ? [] : [served.why])),
    ],
    facts: [count],
    held: `the page and its ${new Set(files.map(({ path }) => path)).size} files are served at ${pages.value.length} addresses, as the page asks for them`,
  });
}

function faultsOf({ address, page, files, madeUp }: PageAt): string[] {
  const missing = (["script", "style"] as const).filter((kind) => !files.some((file) => file.kind === kind));
  const ofPage = page.ok
    ? [
        ...servedWrong("the page", page.value.served, /^text\/html$/),
        ...missing.map((kind) => `the page asks for no ${kind}: it is not the page of the UI`),
      ]
    : [];
  const ofFiles = files.flatMap(({ path, kind, served }) => {
    if (!served.ok) return [];
    const wrong = servedWrong(path, served.value, types[kind]);
    if (wrong.length > 0) return wrong;
    return served.value.matches ? [] : [`${path} has another content than the page names: browsers refuse it`];
  });
  const ofMadeUp =
    madeUp.ok && madeUp.value.served.status !== 404
      ? [`a file that nobody made is answered with ${madeUp.value.served.status}: a missing one would look served`]
      : [];
  return [...ofPage, ...ofFiles, ...ofMadeUp].map((fault) => `${fault} (at ${address})`);
}

function servedWrong(what: string, { status, type, bytes }: Served, wanted: RegExp): string[] {
  if (status !== 200) return [`${what} is answered with ${status}`];
  if (bytes === 0) return [`${what} is empty`];
  return wanted.test(type) ? [] : [`${what} is served as '${type}'`];
}
