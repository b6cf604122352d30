/** The `git` program, bounded in time and output, with nothing of the user's own settings. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { whyOf } from "../why.ts";

/** How a repository is reached. */
export type GitAccess = {
  readonly url: string;
  /** Where to connect, whatever the URL's host resolves to. */
  readonly address?: { readonly host: string; readonly port: number };
  /** PEM of the authority to trust in place of the system's. */
  readonly caFile?: string;
  /** A file with a token that is sent as password. */
  readonly tokenFile?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

export type GitAnswer = { readonly ok: true; readonly stdout: string } | { readonly ok: false; readonly why: string };

const outputBytesMax = 4 * 1024 * 1024;

/** Runs git once. Never throws; never asks for a password. @param cwd the work tree, for commands that have one */
export async function git(access: GitAccess, args: readonly string[], cwd?: string): Promise<GitAnswer> {
  try {
    const env = { ...plain, ...settings(await configurationOf(access)) };
    const { timeoutMs: timeout, signal } = access;
    const options = { env, timeout, signal, maxBuffer: outputBytesMax, ...(cwd === undefined ? {} : { cwd }) };
    return await new Promise((resolve) => {
      execFile("git", [...args], options, (error, stdout, stderr) => {
        if (error === null) resolve({ ok: true, stdout });
        else resolve({ ok: false, why: `git ${args[0] ?? ""}: ${reasonOf(error, stderr, timeout)}` });
      });
    });
  } catch (error) {
    return { ok: false, why: `git ${args[0] ?? ""}: ${whyOf(error)}` };
  }
}

const plain = {
  PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "oke-proof",
  GIT_AUTHOR_EMAIL: "oke-proof@oke-proof.test",
  GIT_COMMITTER_NAME: "oke-proof",
  GIT_COMMITTER_EMAIL: "oke-proof@oke-proof.test",
} as const;

/** Through the environment, so that the token stands in no list of processes. */
async function configurationOf({ url, address, caFile, tokenFile }: GitAccess): Promise<(readonly [string, string])[]> {
  const { hostname, port, protocol } = new URL(url);
  const wanted = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  const token = tokenFile === undefined ? undefined : (await readFile(tokenFile, "utf8")).trim();
  const basic = Buffer.from(`oke-proof:${token ?? ""}`).toString("base64");
  return [
    ["http.followRedirects", "false"],
    ...(address === undefined ? [] : [["http.curloptResolve", `${hostname}:${wanted}:${address.host}`] as const]),
    ...(caFile === undefined ? [] : [["http.sslCAInfo", caFile] as const]),
    ...(token === undefined ? [] : [["http.extraHeader", `Authorization: Basic ${basic}`] as const]),
  ];
}

function settings(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const entries = pairs.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...Object.fromEntries(entries) };
}

function reasonOf(error: Error, stderr: string, timeoutMs: number): string {
  if ("killed" in error && error.killed === true) return `no answer within ${timeoutMs / 1000} s`;
  const said = stderr
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("hint:"))
    .slice(-2)
    .join("; ");
  return said === "" ? whyOf(error) : said;
}
