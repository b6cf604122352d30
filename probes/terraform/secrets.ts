/** Secrets and real identifiers in files that are committed. Says where, never what. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { read, unread, type Reading } from "../../harness/verdict.ts";
import { whyOf } from "../why.ts";
import type { Module } from "./module.ts";

const patterns: readonly (readonly [string, RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an OCID that looks real", /\bocid1\.[a-z0-9]+\.[a-z0-9]*\.[a-z0-9-]*\.[a-z0-9]{30,}/],
  ["a key of an account", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["the fingerprint of a key", /\b(?:[0-9a-f]{2}:){15}[0-9a-f]{2}\b/],
  [
    "a credential in plain text",
    /^\s*"?\w*(?:password|passphrase|secret|token|private_key|access_key|api_key)"?\s*=\s*"[^"$]+"/i,
  ],
];

/** Looks through the configuration's files and the files of values and backend settings beside them. */
export function findSecrets(folder: string, module: Module, now: Date): Reading<readonly string[]> {
  const source = `files of ${folder}`;
  try {
    const beside = readdirSync(folder).filter((name) => /\.(?:tfvars|hcl)(?:\.example)?$/.test(name));
    const texts = [
      ...beside.map((name) => [join(folder, name), readFileSync(join(folder, name), "utf8")] as const),
      ...textsOf(module),
    ];
    return read(
      texts.flatMap(([file, text]) => secretsIn(file, text)),
      source,
      now,
    );
  } catch (error) {
    return unread(`reading the files of ${folder}: ${whyOf(error)}`, source, now);
  }
}

/** The lines of a text that look like a secret, as "file:line holds what". */
export function secretsIn(file: string, text: string): readonly string[] {
  return text
    .split("\n")
    .flatMap((line, number) =>
      patterns.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${file}:${number + 1} holds ${what}`),
    );
}

function textsOf(module: Module): readonly (readonly [string, string])[] {
  const { folder, texts } = module.configuration;
  return [
    ...Object.entries(texts).map(([name, text]) => [join(folder, name), text] as const),
    ...module.children.flatMap(textsOf),
  ];
}
