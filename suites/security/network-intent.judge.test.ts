import { expect, test } from "vitest";
import { read, unread } from "../../harness/verdict.ts";
import { judgeIntent, type Cell, type Outcome, type Round } from "./network-intent.judge.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const limits = { roundsMin: 2 };
const like = [read<readonly string[]>([], "the API server", now)];
const refusedReading = unread<never>("POST /x: 403, the harness has no right to read this", "the API server", now);

const cell = (place: string, target: string, declared: boolean, listens = true): Cell => ({
  place,
  target,
  declared,
  listens,
});
const cells = [
  cell("health-api", "minio", true),
  cell("etl-engine", "minio", true),
  cell("stranger", "minio", false),
  cell("stranger", "internet", false, false),
  cell("outsider", "internet", true, false),
];

const good = {
  "health-api": { minio: "open" },
  "etl-engine": { minio: "open" },
  stranger: { minio: "timeout", internet: "timeout" },
  outsider: { internet: "refused" },
} as const;

/** By place: what came of each target, or undefined where the prober could not be asked. */
type Seen = Readonly<Record<string, Readonly<Record<string, Outcome>> | undefined>>;

function round(changes: Seen = {}): Round {
  return Object.entries<Seen[string]>({ ...good, ...changes }).map(([place, seen]) => ({
    place,
    tried:
      seen === undefined
        ? refusedReading
        : read(
            Object.entries(seen).map(([name, outcome]) => ({ name, outcome, detail: "10.0.0.1:1" })),
            `prober of ${place}`,
            now,
          ),
  }));
}

test("what is declared is open, the rest is blocked, in every round", () => {
  const verdict = judgeIntent(cells, [round(), round()], like, limits);
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: "3 declared connections are open and 2 others are blocked, in each of 2 rounds",
  });
  expect(verdict.evidence).toHaveLength(4);
});

const stranger = (minio: Outcome, internet: Outcome = "timeout"): Seen => ({ stranger: { minio, internet } });

test.each<[string, Seen, string, RegExp]>([
  ["a refused connection is blocked too", stranger("refused"), "pass", /./],
  ["one with nobody behind is as well", stranger("unreachable"), "pass", /./],
  [
    "a connection that is not declared",
    stranger("open"),
    "fail",
    /^stranger reaches minio, which is not declared \(open/,
  ],
  [
    "a way out that is not declared, taken",
    stranger("timeout", "open"),
    "fail",
    /^stranger reaches internet, which is not/,
  ],
  ["a way out that is not declared, answered", stranger("timeout", "refused"), "fail", /^stranger reaches internet/],
  ["a way out, answered on the way", stranger("timeout", "unreachable"), "fail", /^stranger reaches internet/],
  [
    "a declared one without an answer, while another place has one",
    { "etl-engine": { minio: "timeout" } },
    "fail",
    /^etl-engine does not reach minio, which is declared \(timeout, 10\.0\.0\.1:1\); health-api does$/,
  ],
  [
    "a declared one refused, while another is taken",
    { "etl-engine": { minio: "refused" } },
    "fail",
    /^etl-engine does not/,
  ],
  [
    "a target that nobody reached",
    { "health-api": { minio: "timeout" }, "etl-engine": { minio: "timeout" } },
    "unproven",
    /^nobody reached minio/,
  ],
  [
    "a way out that the control did not find",
    { outsider: { internet: "timeout" } },
    "unproven",
    /^nobody reached internet/,
  ],
  ["a name that did not resolve", stranger("dns"), "unproven", /^stranger to minio: dns/],
  ["an error of the prober's own", stranger("error"), "unproven", /^stranger to minio: error/],
  [
    "a target that was not tried",
    { stranger: { internet: "timeout" } },
    "unproven",
    /^stranger tried no connection to minio/,
  ],
  ["a prober that could not be asked", { stranger: undefined }, "unproven", /403, the harness has no right/],
])("%s", (_, changes, outcome, because) => {
  for (const rounds of [
    [round(changes), round()],
    [round(), round(changes)],
  ]) {
    const verdict = judgeIntent(cells, rounds, like, limits);
    expect(verdict).toMatchObject({ outcome, because: expect.stringMatching(because) });
  }
});

test("one round too few proves nothing", () => {
  expect(judgeIntent(cells, [round()], like, limits)).toMatchObject({
    outcome: "unproven",
    because: "1 of 2 rounds were made",
  });
});

test.each([
  ["nothing is declared", cells.filter(({ declared }) => !declared)],
  ["everything is declared", cells.filter(({ declared }) => declared)],
  ["there are no cells", []],
])("where %s the comparison proves nothing", (_, some) => {
  expect(judgeIntent(some, [round(), round()], like, limits).outcome).toBe("unproven");
});

test.each([
  ["a prober stands for nobody", [read(["no pod carries health-api"], "x", now)]],
  ["it could not be looked at", [refusedReading]],
  ["it was not looked at", []],
])("where %s the probers prove nothing", (_, unlike) => {
  expect(judgeIntent(cells, [round(), round()], unlike, limits).outcome).toBe("unproven");
});

test("a fault weighs more than a gap", () => {
  const seen = round({ stranger: { minio: "open", internet: "dns" } });
  expect(judgeIntent(cells, [seen, round()], like, limits).outcome).toBe("fail");
});
