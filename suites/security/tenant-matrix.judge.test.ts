import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { Answered } from "../../probes/tenants/people.ts";
import { weighMatrix, type Attack, type Intrusion, type Trial } from "./tenant-matrix.judge.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const canary = "oke-proof-0123456789abcdef01234567";
const [id, missingId] = ["0189dbd1-1c1a-7d57-8f5c-0242ac120002", "0189dbd1-1c1a-7d57-8f5c-0242ac120003"];
const answer = (status: number, body = "", headers: Record<string, string> = {}): Answered =>
  read({ status, body, headers, bodyCut: false }, "https://health.test", at);
const silent: Answered = unread("no answer within 5000 ms", "https://health.test", at);
const state = (value: string | undefined) => read(value, "record", at);

const refused: Attack = {
  as: "alice-b",
  signedIn: true,
  how: "",
  foreign: { id, answer: answer(404, `no ${id}`) },
  missing: { id: missingId, answer: answer(404, `no ${missingId}`) },
};
const nobody: Attack = { as: "nobody", signedIn: false, how: "", foreign: { id, answer: answer(401) } };
const beside: Attack = {
  as: "alice-b",
  signedIn: true,
  how: " beside an own one",
  foreign: { id, answer: answer(200, `["${id}"]`) },
};
const trial: Trial = {
  operation: "PATCH /records/{id}",
  place: "id in the path",
  object: "bob-a's record",
  canaries: [canary],
  attacks: [refused, nobody],
  before: [state("1"), state("1")],
  attacked: [state("1"), state("1")],
  used: [state("2"), state("2")],
  byOwner: answer(200),
};
const intrusion: Intrusion = {
  operation: "POST /records",
  as: "alice-b",
  how: "",
  into: "bob-a",
  answer: answer(201),
  there: read(0, "", at),
  own: read(1, "", at),
};
const weigh = (change: Partial<Trial>) =>
  weighMatrix({ trials: [{ ...trial, ...change }], intrusions: [], unasked: [] });
const attacked = (change: Partial<Attack>) => weigh({ attacks: [{ ...refused, ...change }, nobody] });
const foreign = (one: Answered) => attacked({ foreign: { id, answer: one } });

test("an object that is refused to all others, and used by its owner, is neither fault nor gap", () => {
  expect(weigh({})).toEqual({ faults: [], gaps: [] });
  const made = [intrusion, { ...intrusion, how: " with the owner's tenant in the body", own: read(0, "", at) }];
  expect(weighMatrix({ trials: [trial], intrusions: made, unasked: [] })).toEqual({ faults: [], gaps: [] });
  // What differs from answer to answer anyway tells nothing.
  expect(foreign(answer(404, `no ${id}`, { date: "now", "x-request-id": "1" }))).toEqual({ faults: [], gaps: [] });
});

test.each<readonly [string, ReturnType<typeof weigh>, RegExp]>([
  [
    "a canary in the body",
    foreign(answer(200, `{"kind":"${canary}"}`)),
    /^PATCH \S+ \(id in the path\) as alice-b showed bob-a's record$/,
  ],
  ["a canary in a refusal", foreign(answer(404, canary)), /showed bob-a's record/],
  ["a canary in a header", foreign(answer(404, `no ${id}`, { "x-note": canary })), /showed bob-a's record/],
  [
    "an operation that was done",
    foreign(answer(200)),
    /was done to bob-a's record: it is answered with 200, a missing one with 404/,
  ],
  [
    "another status",
    foreign(answer(403, `no ${id}`)),
    /betrayed bob-a's record: it is answered with 403, a missing one with 404/,
  ],
  ["another body", foreign(answer(404, "not yours")), /its answer 404 differs from a missing one's in its body/],
  [
    "another header",
    foreign(answer(404, `no ${id}`, { etag: "1" })),
    /differs from a missing one's in the header etag/,
  ],
  [
    "nobody who is answered",
    weigh({ attacks: [refused, { ...nobody, foreign: { id, answer: answer(404) } }] }),
    /as nobody was answered with 404, not with 401/,
  ],
  ["an id among what was done", weigh({ attacks: [refused, beside] }), /named bob-a's record among what it did/],
  [
    "a change although refused",
    weigh({ attacked: [state("1"), state("2")] }),
    /bob-a's record was changed by others' PATCH \S+ \(id in the path\), answered with 401, 404/,
  ],
  [
    "a deletion although refused",
    weigh({ attacked: [state(undefined), state("1")] }),
    /bob-a's record was deleted by others'/,
  ],
])("%s is a fault", (_, { faults }, sentence) => {
  expect(faults).toEqual([expect.stringMatching(sentence)]);
});

test.each<readonly [string, ReturnType<typeof weigh>, RegExp]>([
  ["no answer", foreign(silent), /no answer within/],
  [
    "no answer about a missing one",
    attacked({ missing: { id: missingId, answer: silent } }),
    /of a missing object: no answer/,
  ],
  ["a service that fails", foreign(answer(503)), /was answered with 503/],
  [
    "a service that fails for a missing one",
    attacked({ missing: { id: missingId, answer: answer(500) } }),
    /missing object, was answered with 500/,
  ],
  ["nobody else who tried", weigh({ attacks: [nobody] }), /nobody else tried/],
  ["an owner who is refused", weigh({ byOwner: answer(403) }), /is refused with 403 even to the owner/],
  ["an owner without answer", weigh({ byOwner: silent }), /by the owner of bob-a's record: no answer/],
  ["an owner for whom nothing is done", weigh({ used: [state("1")] }), /shows and does nothing even for the owner/],
  [
    "an object that cannot be seen",
    weigh({ attacked: [unread("503", "", at)] }),
    /could not be seen by its owner: 503/,
  ],
  ["an object that was never there", weigh({ before: [state(undefined)] }), /was not there before/],
])("%s is a gap", (_, { faults, gaps }, sentence) => {
  expect({ faults, gaps }).toEqual({ faults: [], gaps: expect.arrayContaining([expect.stringMatching(sentence)]) });
});

test.each<readonly [string, Partial<Intrusion>, "faults" | "gaps", RegExp]>([
  ["one that came in", { there: read(1, "", at) }, "faults", /POST \S+ as alice-b came into bob-a's list/],
  ["a list that could not be read", { there: unread("503", "", at) }, "gaps", /bob-a's list: 503/],
  ["a service that fails", { answer: answer(500) }, "gaps", /answered with 500/],
  ["one that its maker does not see", { own: read(0, "", at) }, "gaps", /made nothing that its maker sees/],
])("of an object made elsewhere, %s counts", (_, change, field, sentence) => {
  const found = weighMatrix({ trials: [trial], intrusions: [{ ...intrusion, ...change }], unasked: [] });
  expect(found[field]).toEqual([expect.stringMatching(sentence)]);
});

test("an operation that could not be asked is a gap by its name", () => {
  const unasked = [{ operation: "PUT /things", why: "it takes text/csv and no JSON" }];
  expect(weighMatrix({ trials: [trial], intrusions: [], unasked }).gaps).toEqual([
    "PUT /things could not be asked: it takes text/csv and no JSON",
  ]);
});
