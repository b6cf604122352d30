import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { AskedSecret } from "../../probes/dapr-prober/sidecar.ts";
import { judgeSecretsScoped, type Ask, type Asked, type Readings } from "./dapr-secrets-scoped.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const at = now.toISOString();
const madeUp = "oke-proof-made-up";
const denied = (secret: string): string =>
  `{"errorCode":"ERR_PERMISSION_DENIED","message":"access denied by policy to get \\"${secret}\\" from \\"secretstore\\""}`;
const missingStore = '{"errorCode":"ERR_SECRET_STORE_NOT_FOUND","message":"failed finding secret store"}';

function asking(ask: Partial<Ask>, answer: Partial<AskedSecret> = {}): Asked {
  const { secret = "todo-settings", store = "secretstore", as = "inScope" } = ask;
  const value = { at, store, secret, status: 403, refusal: denied(secret), given: 0, ...answer };
  return { secret, store, as, reading: read(value, "the sidecar", now) };
}

const outside = (secret: string): Asked => asking({ secret, as: "outOfScope" }, { status: 401, refusal: missingStore });
const sound: readonly Asked[] = [
  asking({}),
  asking({ secret: "postgres-todo" }),
  asking({ secret: madeUp }),
  outside("own"),
  outside(madeUp),
];
const given = (status: number, same: boolean | string = true) =>
  read({ at, secret: "own", status, refusal: "", keys: [{ key: "nonce", same }] }, "the sidecar", now);
const blind = unread<never>("POST /x: 403, the harness has no right to read this", "the prober", now);

function readings(changes: Partial<Readings> = {}): Readings {
  return {
    allowed: [given(200), given(200)],
    asked: sound,
    outsider: read({ at, health: { status: 204, body: "", backend: "" } }, "the sidecar", now),
    readers: read([{ app: "todo-backend", pod: "b-1", state: read("ok", "/readyz", now) }], "pods", now),
    scopes: read(
      { used: ["own", "postgres-todo"], sidecars: [{ app: "todo-backend", pod: "b-1", open: [] }] },
      "pods",
      now,
    ),
    ...changes,
  };
}

const instead = (...others: readonly Asked[]): Readings => readings({ asked: [...sound.slice(1), ...others] });
const scopes = (
  used: readonly string[],
  open: readonly string[],
): Reading<
  NonNullable<unknown> & { used: readonly string[]; sidecars: { app: string; pod: string; open: readonly string[] }[] }
> => read({ used, sidecars: [{ app: "todo-backend", pod: "b-1", open }] }, "pods", now);

test.each<readonly [string, Readings, Outcome, RegExp]>([
  ["all refused alike", readings(), "pass", /^5 asks for secrets off the list were refused/],
  [
    "one given out",
    instead(asking({}, { status: 200, refusal: "", given: 1 })),
    "fail",
    /^todo-settings of secretstore was given out to dapr-prober$/,
  ],
  [
    "one asked of the store",
    instead(asking({}, { status: 500, refusal: '{"errorCode":"ERR_SECRET_GET","message":"forbidden"}' })),
    "fail",
    /^the sidecar of dapr-prober did not refuse todo-settings of secretstore, it asked the store: 500 ERR_SECRET_GET/,
  ],
  [
    "another status",
    instead(asking({}, { status: 401 })),
    "fail",
    /^todo-settings of secretstore was refused to dapr-prober in other words/,
  ],
  [
    "other words",
    instead(asking({}, { refusal: denied("todo-settings").replace("by policy", "for now") })),
    "fail",
    /in other words than one that does not exist$/,
  ],
  [
    "failed in a way of its own",
    instead(asking({}, { status: 503, refusal: "" })),
    "unproven",
    /was not refused, it failed: 503/,
  ],
  [
    "the outsider given one",
    readings({
      asked: [...sound, asking({ secret: "own", as: "outOfScope" }, { status: 200, refusal: "", given: 1 })],
    }),
    "fail",
    /given out to dapr-outsider/,
  ],
  [
    "nothing made up was asked for",
    readings({ asked: sound.filter(({ secret }) => secret !== madeUp) }),
    "unproven",
    /was not asked for a secret of secretstore that does not exist/,
  ],
  [
    "not asked",
    readings({ asked: [...sound, { secret: "a", store: "secretstore", as: "inScope", reading: blind }] }),
    "unproven",
    /403, the harness/,
  ],
  [
    "a sidecar declared open",
    readings({ scopes: scopes(["a"], ["secretstore"]) }),
    "fail",
    /^the sidecar of todo-backend \(b-1\) is declared to give out all secrets of secretstore$/,
  ],
  ["no secret known to exist", readings({ scopes: scopes([], []) }), "unproven", /none is known to exist/],
  ["scopes not read", readings({ scopes: blind }), "unproven", /403, the harness/],
  [
    "the allowed one refused at the end",
    readings({ allowed: [given(200), given(403)] }),
    "unproven",
    /own was not given out \(403\)/,
  ],
  [
    "the allowed one another value",
    readings({ allowed: [given(200, false)] }),
    "unproven",
    /was not given out \(200\)/,
  ],
  ["no allowed one", readings({ allowed: [] }), "unproven", /names no allowed secret/],
  [
    "the outsider's sidecar unwell",
    readings({ outsider: read({ at, health: { status: 500, body: "", backend: "" } }, "x", now) }),
    "unproven",
    /is not well \(500\)/,
  ],
  [
    "nobody reads the guarded one",
    readings({ readers: read([{ app: "a", pod: "b", state: read("denied", "x", now) }], "pods", now) }),
    "unproven",
    /whether it exists is not known/,
  ],
  ["readers not read", readings({ readers: blind }), "unproven", /403, the harness/],
])("%s", (_, found, outcome, because) => {
  expect(judgeSecretsScoped(found, { madeUp, guarded: "todo-settings", left: [] })).toMatchObject({
    outcome,
    because: expect.stringMatching(because),
  });
});

test("a secret that was not asked for is a gap", () => {
  const verdict = judgeSecretsScoped(readings(), { madeUp, guarded: "todo-settings", left: ["late"] });
  expect(verdict).toMatchObject({ outcome: "unproven", because: "1 secrets were not asked for: late" });
});
