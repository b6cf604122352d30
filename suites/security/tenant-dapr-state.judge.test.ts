import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import type { ForeignState } from "../../probes/dapr-prober/sidecar.ts";
import { judgeTenantState, type Asker, type Kept, type Readings } from "./tenant-dapr-state.judge.ts";

const now = new Date("2026-11-22T09:00:00Z");
type Way = ForeignState["ways"][number];
const way = (of: Partial<Way>): Way => ({
  way: "its key",
  key: "todo-backend||tasks:clinic-a:alice-a",
  status: 204,
  texts: [],
  code: "",
  ...of,
});
const keptBy = (tenant: string, key = `todo-backend||tasks:${tenant}:alice`): Kept => ({
  tenant,
  text: `oke-proof ${tenant}`,
  keys: read([key], "store", now),
});
const kept = [keptBy("clinic-a"), keptBy("clinic-b")];
const own = [
  way({ key: "own", status: 200, texts: ["mine"] }),
  way({ way: "a list of keys", key: "own", status: 200, texts: ["mine"] }),
];
const secrets = [
  way({ way: "a secret", key: "oke-proof-probe", status: 200 }),
  way({ way: "a secret", key: "todo-settings", status: 403, code: "ERR_PERMISSION_DENIED" }),
];
const answer = (ways: readonly Way[], status = 204) =>
  read({ at: now.toISOString(), saved: { status, code: "" }, ways: [...ways] }, "sidecar", now);
const asker: Omit<Asker, "answer"> = {
  app: "prober",
  inScope: true,
  ownKey: "own",
  ownText: "mine",
  allowed: ["oke-proof-probe"],
};
const inScope: Asker = { ...asker, answer: answer([...own, way({}), ...secrets]) };
const outside: Asker = {
  ...asker,
  app: "outsider",
  inScope: false,
  allowed: [],
  answer: answer(
    [
      way({ key: "own", status: 400, code: "ERR_STATE_STORE_NOT_FOUND" }),
      way({ status: 400 }),
      way({ way: "a secret", key: "todo-settings", status: 403 }),
    ],
    400,
  ),
};
const good: Readings = {
  kept: read(kept, "todo", now),
  askers: [inScope, outside],
  configurations: read([{ name: "todo", deniesQuery: true }], "api", now),
};
const judge = (readings: Partial<Readings>) => judgeTenantState({ ...good, ...readings }, ["todo-backend"]);
const asking = (...ways: readonly Way[]): Partial<Readings> => ({
  askers: [{ ...asker, answer: answer([...own, way({}), ...secrets, ...ways]) }, outside],
});
const keeping = (...of: readonly Kept[]): Partial<Readings> => ({ kept: read(of, "todo", now) });

test("states that nobody else is given pass", () => {
  expect(judge({})).toMatchObject({ outcome: "pass" });
});

test.each<readonly [string, Partial<Readings>, RegExp]>([
  [
    "a state of both tenants",
    keeping(keptBy("clinic-a", "todo-backend||tasks"), keptBy("clinic-b", "todo-backend||tasks")),
    /holds data of clinic-a and of clinic-b/,
  ],
  [
    "a state that does not name its tenant",
    keeping(keptBy("clinic-a", "todo-backend||tasks:alice"), keptBy("clinic-b")),
    /does not name it/,
  ],
  [
    "a tenant's name as part of another",
    keeping(keptBy("clinic-a", "todo-backend||tasks:clinic-a2:x"), keptBy("clinic-b")),
    /does not name it/,
  ],
  [
    "a state without its application",
    keeping(keptBy("clinic-a", "tasks:clinic-a:alice"), keptBy("clinic-b")),
    /names no application/,
  ],
  [
    "a foreign state by its key",
    asking(way({ status: 200, texts: ["oke-proof clinic-a"] })),
    /prober was given another application's state by its key/,
  ],
  [
    "a foreign state by a query",
    asking(way({ way: "a query for everything", key: "", status: 200, texts: ["mine", "oke-proof clinic-a"] })),
    /by a query for everything$/,
  ],
  [
    "a foreign secret",
    asking(way({ way: "a secret", key: "todo-settings", status: 200 })),
    /prober was given the secret todo-settings/,
  ],
  [
    "a state saved without a store",
    { askers: [inScope, { ...outside, answer: answer([way({ key: "own", status: 200, texts: ["mine"] })]) }] },
    /outsider may save states/,
  ],
  [
    "an open query",
    { configurations: read([{ name: "todo", deniesQuery: false }], "api", now) },
    /the Configuration todo does not deny/,
  ],
])("%s fails", (_what, readings, why) => {
  expect(judge(readings)).toMatchObject({ outcome: "fail", because: expect.stringMatching(why) });
});

test.each<readonly [string, Partial<Readings>, RegExp]>([
  [
    "a state that is not in the store",
    keeping({ ...keptBy("clinic-a"), keys: read([], "store", now) }, keptBy("clinic-b")),
    /no state of clinic-a was found/,
  ],
  [
    "a store that does not tell",
    keeping({ ...keptBy("clinic-a"), keys: unread("502", "store", now) }, keptBy("clinic-b")),
    /502/,
  ],
  ["one tenant only", keeping(keptBy("clinic-a")), /no states of two tenants/],
  [
    "its own state not given",
    { askers: [{ ...asker, answer: answer([way({ key: "own" }), way({}), ...secrets]) }, outside] },
    /not given its own state/,
  ],
  [
    "its own state not saved",
    { askers: [{ ...asker, answer: answer([...own, way({}), ...secrets], 500) }, outside] },
    /could not save/,
  ],
  ["a sidecar that did not answer", asking(way({ status: 0, why: "timeout" })), /timeout/],
  [
    "a query that was neither answered nor denied",
    asking(way({ way: "a query for everything", key: "", status: 400, code: "ERR_MALFORMED_REQUEST" })),
    /neither answered nor denied: 400/,
  ],
  ["an error without a code", asking(way({ status: 500 })), /500/],
  [
    "its own secret not given",
    {
      askers: [
        {
          ...asker,
          answer: answer([...own, way({}), way({ way: "a secret", key: "oke-proof-probe", status: 500, code: "ERR" })]),
        },
        outside,
      ],
    },
    /not given its own secret/,
  ],
  [
    "nobody else's state asked for",
    { askers: [{ ...asker, answer: answer([...own]) }, outside] },
    /asked for nobody else's state/,
  ],
  ["nobody out of scope", { askers: [inScope] }, /no application without a state store asked/],
  ["no Configuration", { configurations: read([], "api", now) }, /no Configuration/],
  ["no tasks", { kept: unread("nobody could sign in", "todo", now) }, /nobody could sign in/],
])("%s is unproven", (_what, readings, why) => {
  expect(judge(readings)).toMatchObject({ outcome: "unproven", because: expect.stringMatching(why) });
});
