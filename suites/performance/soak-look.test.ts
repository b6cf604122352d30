import { describe, expect, test } from "vitest";
import type { Traffic } from "../../harness/soak/lines.ts";
import { fail, pass, unproven } from "../../harness/verdict.ts";
import { stateOf } from "./soak-look.ts";

const fact = { what: "answer", value: 200, source: "x", at: "2026-11-22T12:00:00.000Z" };
const seen: Traffic = { ok: true, pods: [], down: [] };
const unseen: Traffic = { ok: false, why: "asking the API server: no answer within 5 s" };

describe("the platform is", () => {
  test.each([
    [
      "answered where every route is",
      pass("8 requests were answered", [fact]),
      undefined,
      seen,
      "answered",
      "8 requests",
    ],
    [
      "unanswered where one is answered wrongly",
      fail("status 503", [fact]),
      undefined,
      unseen,
      "unanswered",
      "status 503",
    ],
    [
      "unanswered where it is silent and its API server is not",
      unproven("no answer"),
      "no answer within 5 s",
      seen,
      "unanswered",
      "within 5 s",
    ],
    [
      "unseen where all are silent",
      unproven("no answer within 5 s"),
      "no answer within 5 s",
      unseen,
      "unseen",
      "within 5 s",
    ],
    [
      "unseen where the control shows nothing",
      unproven("answers a host that does not exist"),
      undefined,
      seen,
      "unseen",
      "does not exist",
    ],
  ] as const)("%s", (_, verdict, silent, traffic, state, because) => {
    const asked = { verdict, ...(silent === undefined ? {} : { silent }) };
    expect(stateOf(asked, traffic)).toEqual({ state, because: expect.stringContaining(because) });
  });
});

test("what is told of a look is short", () => {
  expect(stateOf({ verdict: fail("x".repeat(5000), [fact]) }, seen).because).toHaveLength(500);
});
