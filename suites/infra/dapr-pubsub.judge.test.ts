import { expect, test } from "vitest";
import { read, unread, type Outcome } from "../../harness/verdict.ts";
import { judgePublications, type Publication } from "./dapr-pubsub.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const at = now.toISOString();
const refused = unread<never>("POST /x: 403, the harness has no right to read this", "the prober", now);
const topic = "task-updates";
const published = (status: number, body = "") =>
  read({ at, topic, published: { status, body, backend: "" } }, "the sidecar", now);
const health = (status: number) => read({ at, health: { status, body: "", backend: "" } }, "the sidecar", now);
const event = (nonce: string): string => JSON.stringify({ specversion: "1.0", data: { nonce } });
const found = (values: readonly string[], complete = true) =>
  read(
    { at, topic, complete, messages: values.map((value) => ({ partition: 0, offset: "1", value })) },
    "the broker",
    now,
  );
const outsider: Publication["outsider"] = {
  health: health(204),
  published: published(404, '{"errorCode":"ERR_PUBSUB_NOT_FOUND"}'),
  found: found([]),
};

function publication(changes: Partial<Publication> = {}): Publication {
  return { nonce: "n1", published: published(204), found: found([event("n1")]), outsider, ...changes };
}

const out = (changes: Partial<Publication["outsider"]>): Partial<Publication> => ({
  outsider: { ...outsider, ...changes },
});

test.each<readonly [string, Partial<Publication>, Outcome, RegExp]>([
  [
    "delivered, the outsider refused",
    {},
    "pass",
    /^all 2 events .* and 2 of an application out of scope were refused$/,
  ],
  ["refused by 403", out({ published: published(403) }), "pass", /all 2/],
  ["lost", { found: found([]) }, "fail", /^the event n1 was taken by Dapr and is not in the log of task-updates$/],
  ["altered", { found: found([event("n2")]) }, "fail", /stands altered/],
  ["no event any more", { found: found(["n1"]) }, "fail", /stands altered/],
  [
    "not taken",
    { published: published(500, '{"errorCode":"ERR_X"}') },
    "unproven",
    /did not take the event: 500 ERR_X/,
  ],
  ["not published", { published: refused }, "unproven", /403, the harness/],
  ["not looked for", { found: refused }, "unproven", /403, the harness/],
  ["half looked for", { found: found([], false) }, "unproven", /not read to its end/],
  ["the outsider accepted", out({ published: published(204) }), "fail", /out of scope took an event to task-updates$/],
  ["the outsider's in the log", out({ found: found([event("n1")]) }), "fail", /is in the log all the same/],
  ["the outsider failing", out({ published: published(500) }), "unproven", /it failed: 500/],
  ["the outsider unwell", out({ health: health(500) }), "unproven", /not healthy: 500/],
  ["the outsider's health unread", out({ health: refused }), "unproven", /403, the harness/],
  ["the outsider silent", out({ published: refused }), "unproven", /403, the harness/],
  ["the outsider's log half read", out({ found: found([], false) }), "unproven", /not read to its end/],
  ["the outsider's log unread", out({ found: refused }), "unproven", /403, the harness/],
])("a publication: %s", (_, changes, outcome, because) => {
  expect(judgePublications([publication(), publication(changes)], 2)).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("a refusal beside a control that was refused too proves nothing; too few publications are unproven", () => {
  const both = publication({ published: published(404), found: found([]) });
  expect(judgePublications([both, both], 2).because).toMatch(/the refusal proves nothing/);
  expect(judgePublications([publication()], 2).because).toMatch(/1 publications, fewer than 2/);
  expect(judgePublications([], 2).outcome).toBe("unproven");
});
