import { expect, test } from "vitest";
import { read, unread, type Outcome, type Reading } from "../../harness/verdict.ts";
import type { SecretRead } from "../../probes/dapr-prober/sidecar.ts";
import { judgeSecrets, type Readings } from "./dapr-secrets.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const refused = unread<never>("POST /x: 403, the harness has no right to read this", "the prober", now);
const secret = (changes: Partial<SecretRead> = {}): Reading<SecretRead> =>
  read(
    {
      at: now.toISOString(),
      secret: "own",
      status: 200,
      refusal: "",
      keys: [{ key: "nonce", same: true }],
      ...changes,
    },
    "the sidecar",
    now,
  );
const guarded = secret({ secret: "other", status: 403, keys: [] });
const reader = (state: Reading<string>): Readings["readers"] =>
  read([{ app: "todo-backend", pod: "todo-backend-1", state }], "pods", now);
const well = read("ok", "/readyz", now);

function readings(changes: Partial<Readings> & { readonly own?: Reading<SecretRead> } = {}): Readings {
  const { own = secret(), ...others } = changes;
  return { allowed: [{ secret: "own", reading: own }], guarded, readers: reader(well), ...others };
}

test.each<readonly [string, Readings, Outcome, RegExp]>([
  ["read", readings(), "pass", /^1 allowed secrets were read through Dapr, 1 applications read theirs/],
  [
    "denied",
    readings({ own: secret({ status: 403, refusal: '{"errorCode":"ERR_PERMISSION_DENIED"}', keys: [] }) }),
    "fail",
    /^the secret own was not read: 403 ERR_PERMISSION_DENIED$/,
  ],
  ["empty", readings({ own: secret({ keys: [] }) }), "fail", /read without a key/],
  ["altered", readings({ own: secret({ keys: [{ key: "nonce", same: false }] }) }), "fail", /another value of nonce/],
  ["not compared", readings({ own: secret({ keys: [{ key: "a", same: "ENOENT" }] }) }), "unproven", /own\/a: ENOENT/],
  ["not asked for", readings({ own: refused }), "unproven", /403, the harness/],
  [
    "the guarded one given",
    readings({ guarded: secret({ secret: "other" }) }),
    "fail",
    /guarded secret other was given/,
  ],
  [
    "the guarded one failing",
    readings({ guarded: secret({ status: 500 }) }),
    "unproven",
    /not refused, it failed: 500/,
  ],
  ["the guarded one not asked for", readings({ guarded: refused }), "unproven", /403, the harness/],
  [
    "an application without",
    readings({ readers: reader(read("denied", "x", now)) }),
    "fail",
    /todo-backend cannot read its secret: denied/,
  ],
  [
    "an application that is silent",
    readings({ readers: reader(refused) }),
    "unproven",
    /todo-backend \(todo-backend-1\)/,
  ],
  ["no application", readings({ readers: read([], "pods", now) }), "unproven", /no pod of todo-backend was found/],
  ["no list of pods", readings({ readers: refused }), "unproven", /403, the harness/],
])("secrets: %s", (_, given, outcome, because) => {
  expect(judgeSecrets(given, ["todo-backend"])).toMatchObject({ outcome, because: expect.stringMatching(because) });
});

test("no secret to read is unproven", () => {
  expect(judgeSecrets({ ...readings(), allowed: [] }, ["todo-backend"]).outcome).toBe("unproven");
});
