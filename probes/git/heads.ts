/** The newest commit of a branch, asked of the repository itself. */
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { git, type GitAccess } from "./git.ts";

/**
 * The commit that a branch, a tag or `HEAD` stands at.
 * @param revision as Argo CD has it: `HEAD` is the default branch
 */
export async function readHead(access: GitAccess, revision: string): Promise<Reading<string>> {
  const source = `${access.url} ${revision}`;
  const listed = await git(access, ["ls-remote", access.url]);
  if (!listed.ok) return unread(listed.why, source, new Date());
  const wanted = [`refs/heads/${revision}`, `refs/tags/${revision}`, ...(revision === "HEAD" ? ["HEAD"] : [])];
  const lines = listed.stdout.split("\n").map((line) => line.split("\t"));
  for (const name of wanted) {
    const commit = lines.find(([, ref]) => ref === name)?.[0] ?? "";
    if (/^[0-9a-f]{40,64}$/.test(commit)) return read(commit, source, new Date());
  }
  // A commit that is named outright is its own newest.
  if (/^[0-9a-f]{40}$/.test(revision)) return read(revision, source, new Date());
  return unread(`${access.url} has no branch or tag ${revision}`, source, new Date());
}
