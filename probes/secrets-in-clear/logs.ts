/** Lines of logs that may hold a secret, chosen by Loki, with a line of our own among them that must be found. */
import { z } from "zod";
import type { Profile } from "../../environments/profile.ts";
import { poll, type Look } from "../../harness/poll.ts";
import { unread, type Reading } from "../../harness/verdict.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { servicePath } from "../observability/ask.ts";
import { readLogLines } from "../observability/log-lines.ts";
import { canary, type Place } from "./scanner.ts";

/** What Loki hands over: values under a secret's name, keys, tokens of JWT's form, URLs with a password, and our canary. */
const pattern = [
  String.raw`(?i)(pass(word|wd|phrase)|secret|token|api_?key|access_?key|private_?key|credentials?)["'\\]{0,3}\s*[:=]\s*["'\\]{0,3}[^\s"',;]{6,}`,
  "-----BEGIN [A-Z ]*PRIVATE KEY",
  String.raw`eyJ[A-Za-z0-9_-]{10,}\.eyJ`,
  "gh[pousr]_[A-Za-z0-9]{30,}|AKIA[A-Z0-9]{16}",
  String.raw`://[^/\s:@"]+:[^/\s:@"]+@`,
  "oke-proof-canary-",
].join("|");

const foundMs = 30_000;

/**
 * Makes one service log a canary and waits until Loki has it, so that what it had before is there too.
 * `ok: false` where the canary is not found: then nothing is known of the other lines.
 */
export async function readSuspectLines(
  cluster: Cluster,
  profile: Profile,
  wanted: { readonly namespaces: readonly string[]; readonly since: Date; readonly signal: AbortSignal },
): Promise<Reading<readonly Place[]>> {
  const mark = canary();
  const [service] = profile.observability.logged;
  if (service === undefined) return unread("the profile names no service that logs", "Loki", new Date());
  const path = servicePath(service.namespace, service.service, `/healthz?request-id=${mark}`);
  const asked = await cluster.getJson(path, z.looseObject({}));
  if (!asked.ok) return asked;
  let found: Reading<readonly Place[]> = unread("Loki was not asked", "Loki", new Date());
  const look = async (): Promise<Look<true>> => {
    const lines = await readLogLines(cluster, profile.observability, { ...wanted, pattern });
    if (!lines.ok) {
      found = lines;
      return { state: "not yet", seen: lines.why };
    }
    if (!lines.value.some(({ text }) => text.includes(mark)))
      return { state: "not yet", seen: "the canary is not there" };
    const places = lines.value.map(({ namespace, pod, container, text }): Place => ({
      where: `log of ${namespace}/${pod}, container ${container}`,
      // Quotes inside a line of JSON are escaped; a value under a secret's name is one all the same.
      text: text.replaceAll("\\", ""),
      how: "configuration",
    }));
    found = { ...lines, value: places };
    return { state: "yes", value: true };
  };
  const seen = await poll(look, {
    what: `line ${mark} in Loki`,
    timeoutMs: foundMs,
    everyMs: 1_000,
    signal: wanted.signal,
  });
  return seen.ok || !found.ok ? found : unread(seen.why, "Loki", new Date());
}
