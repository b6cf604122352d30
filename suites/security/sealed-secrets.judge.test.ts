import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import type { SealedOutcome, SealedRound } from "../../probes/sealed-secrets/round.ts";
import { judgeSealedSecrets } from "./sealed-secrets.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const word = "the-word";
const refusal = "nonce: no key could decrypt secret";

type Changes = { readonly [of in "sound" | "altered" | "moved"]?: Omit<SealedOutcome, "name"> };

function round({ sound, altered, moved }: Changes): SealedRound {
  return {
    sound: { name: "sound", ...(sound ?? { synced: "True", content: word }) },
    altered: { name: "altered", ...(altered ?? { synced: "False", message: refusal }) },
    moved: { name: "moved", ...(moved ?? { synced: "False", message: refusal }) },
    waitedMs: 700,
  };
}

test.each<readonly [string, Changes, Outcome, RegExp]>([
  ["all is as it should be", {}, "pass", /unsealed within 0\.7 s; one with a bit turned/],
  ["the secret is there before the word of it", { sound: { content: word } }, "pass", /unsealed within/],
  [
    "the sound one is refused",
    { sound: { synced: "False", message: refusal } },
    "fail",
    /^sealed secret sound was not unsealed: nonce: no key could decrypt secret$/,
  ],
  ["the sound one is refused without a reason", { sound: { synced: "False" } }, "fail", /says no reason/],
  ["nothing happens to the sound one", { sound: {} }, "fail", /not unsealed: nothing happened in 0\.7 s/],
  ["the controller does not know", { sound: { synced: "Unknown" } }, "fail", /was not unsealed/],
  ["the controller claims a secret that is not there", { sound: { synced: "True" } }, "fail", /no such secret/],
  ["the content is another", { sound: { synced: "True", content: "other" } }, "fail", /another content/],
  ["the content is empty", { sound: { synced: "True", content: "" } }, "fail", /another content/],
  [
    "the altered one opens",
    { altered: { synced: "True", content: word } },
    "fail",
    /altered was unsealed, although one/,
  ],
  [
    "the altered one opens to something else",
    { altered: { synced: "False", content: "x" } },
    "fail",
    /altered was unse/,
  ],
  ["the altered one is said to open", { altered: { synced: "True" } }, "fail", /is said to be unsealed, although/],
  ["the moved one opens", { moved: { synced: "True", content: word } }, "fail", /moved was unsealed, although it had/],
  ["nothing is said of the altered one", { altered: {} }, "unproven", /altered the controller said nothing in 0\.7 s/],
  ["nothing is said of the moved one", { moved: { synced: "Unknown" } }, "unproven", /that is not a refusal/],
  ["nothing is said of any", { sound: {}, altered: {}, moved: {} }, "fail", /^sealed secret sound was not unsealed/],
])("%s", (_, changes, outcome, because) => {
  const verdict = judgeSealedSecrets(read(round(changes), "seal prober", now), word);
  expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("a round that could not be had is unproven; a pass shows what each became", () => {
  expect(judgeSealedSecrets(unread("403", "seal prober", now), word)).toMatchObject({ outcome: "unproven" });
  const { evidence } = judgeSealedSecrets(read(round({}), "seal prober", now), word);
  expect(evidence.map(({ what }) => what)).toEqual(expect.arrayContaining(["sound", "altered", "moved"]));
  expect(evidence[0]).toMatchObject({ value: 0, limit: "0 of 3" });
  expect(JSON.stringify(evidence)).not.toContain(word);
});
